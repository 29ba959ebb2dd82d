/** The running simulation as the editor sees it: its last state, the CPU that the reader selected, and whether its source has changed since. */
import * as vscode from "vscode";
import type { CustomRequests } from "../debug/custom";
import { cpuOf } from "../debug/stack";
import type { SourceFile } from "../kernel/source";
import type { PanelState } from "../panel/messages";
import { noteDiffers } from "./stale";

export const debugType = "tlbscope";

export class Sessions {
  private session: vscode.DebugSession | undefined;
  private latest: PanelState | undefined;
  /** A CPU that the reader chose in the call stack, and the adapter has yet to be told of. */
  private chosen: number | undefined;
  /** Text of every file that the session runs, by URI. */
  private ran = new Map<string, string>();
  private stale = new Set<string>();
  private readonly stateChanged = new vscode.EventEmitter<PanelState | undefined>();
  private readonly started = new vscode.EventEmitter<void>();
  private readonly staleChanged = new vscode.EventEmitter<void>();

  /** A new state to show, or undefined when no session runs any more. */
  readonly onDidChangeState = this.stateChanged.event;
  /** A session began, not one that the reader only went back to. */
  readonly onDidStart = this.started.event;
  readonly onDidChangeStale = this.staleChanged.event;

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.started,
      this.stateChanged,
      this.staleChanged,
      vscode.debug.onDidStartDebugSession((session) => {
        if (session.type !== debugType) return;
        this.adopt(session);
        this.started.fire();
      }),
      vscode.debug.onDidChangeActiveDebugSession((session) => {
        if (session?.type === debugType) this.adopt(session);
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (session === this.session) this.adopt(undefined);
      }),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.type !== debugType || event !== "tlbscope.state") return;
        this.session = session;
        this.show(body as PanelState);
      }),
      vscode.debug.onDidChangeActiveStackItem((item) => {
        if (item?.session.type === debugType && item.threadId !== undefined) this.selected(cpuOf(item.threadId));
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.compare(document)),
      vscode.commands.registerCommand("tlbscope.restart", () => vscode.commands.executeCommand("workbench.action.debug.restart")),
    );
  }

  get current(): vscode.DebugSession | undefined {
    return this.session;
  }

  /** The last state that the adapter sent. */
  get state(): PanelState | undefined {
    return this.latest;
  }

  /** URIs of files whose text is no longer the one that the session runs. */
  get staleFiles(): ReadonlySet<string> {
    return this.stale;
  }

  /** Remembers what a session that starts or restarts runs. */
  runs(files: readonly SourceFile[]): void {
    this.ran = new Map(files.map((file) => [file.uri, file.text]));
    this.stale = new Set();
    this.staleChanged.fire();
  }

  /** Asks the adapter. Its errors say what to do, and are shown where the caller can. */
  async request<K extends keyof CustomRequests>(name: K, args?: CustomRequests[K]["args"]): Promise<CustomRequests[K]["answer"]> {
    const { session, chosen } = this;
    if (!session) throw new Error(vscode.l10n.t("No simulation runs. Start one with “Simulate from here”."));
    this.chosen = undefined;
    if (chosen !== undefined) await session.customRequest("tlbscope.selectCpu", { cpu: chosen, focus: false });
    return (await session.customRequest(name, args)) as CustomRequests[K]["answer"];
  }

  private adopt(session: vscode.DebugSession | undefined): void {
    if (session === this.session && session) return;
    this.session = session;
    void vscode.commands.executeCommand("setContext", "tlbscope.running", session !== undefined);
    if (session) return; // its first state comes by itself
    this.runs([]);
    this.show(undefined);
  }

  private show(state: PanelState | undefined): void {
    this.latest = state;
    this.chosen = undefined;
    this.stateChanged.fire(state);
  }

  /**
   * The reader looks at another CPU's thread. The panel follows at once; the adapter learns it with the next step, which
   * names its thread, or with the next request: what it answers makes the editor take up the stop anew, and the focus with it.
   */
  private selected(cpu: number): void {
    if (!this.latest || this.latest.selectedCpu === cpu || cpu >= this.latest.view.cpus.length) return;
    this.chosen = cpu;
    this.latest = { ...this.latest, selectedCpu: cpu };
    this.stateChanged.fire(this.latest);
  }

  private compare(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    const text = this.ran.get(uri);
    if (text === undefined) return;
    if (noteDiffers(this.stale, uri, document.getText() !== text)) this.staleChanged.fire();
  }
}
