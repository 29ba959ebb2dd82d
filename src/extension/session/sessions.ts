/**
 * The running simulation as the editor sees it: its last state, the CPU that the reader selected, and whether its
 * source has changed since.
 */
import * as vscode from "vscode";
import type { CustomRequests } from "../../debug/custom-requests";
import { cpuOf } from "../../debug/stack/threads";
import type { SourceFile } from "../../kernel/syntax/source";
import type { PanelState } from "../../panel/messages";
import { StaleTexts } from "../source/stale";

export const debugType = "tlbscope";

export class Sessions {
  private session: vscode.DebugSession | undefined;
  private latest: PanelState | undefined;
  /** A CPU that the reader chose in the call stack, and that the adapter doesn't know of yet. */
  private chosen: number | undefined;
  /** Of the files that the session runs. */
  private readonly stale = new StaleTexts();
  private readonly stateChanged = new vscode.EventEmitter<PanelState | undefined>();
  private readonly started = new vscode.EventEmitter<void>();

  /** A new state to show, or undefined when no session runs any more. */
  readonly onDidChangeState = this.stateChanged.event;
  /** A session began, not one that the reader only went back to. */
  readonly onDidStart = this.started.event;
  readonly onDidChangeStale = this.stale.onDidChange;

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.started,
      this.stateChanged,
      this.stale.start(),
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
      vscode.commands.registerCommand("tlbscope.restart", () =>
        vscode.commands.executeCommand("workbench.action.debug.restart"),
      ),
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
    return this.stale.uris;
  }

  /** Remembers what a session that starts or restarts runs. */
  runs(files: readonly SourceFile[]): void {
    this.stale.watch(files);
  }

  /** Asks the adapter. Its errors say what to do, and are shown where the caller can. */
  async request<K extends keyof CustomRequests>(
    name: K,
    args?: CustomRequests[K]["args"],
  ): Promise<CustomRequests[K]["answer"]> {
    const { session, chosen } = this;
    if (!session) throw new Error(vscode.l10n.t("No simulation runs. Start one with “Simulate from here”."));
    this.chosen = undefined;
    if (chosen !== undefined) await session.customRequest("tlbscope.selectCpu", { cpu: chosen, focus: false });
    return (await session.customRequest(name, args)) as CustomRequests[K]["answer"];
  }

  private adopt(session: vscode.DebugSession | undefined): void {
    if (session === this.session && session) return;
    this.session = session;
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
   * The reader looks at another CPU's thread. The panel follows at once; the adapter learns it with the next step,
   * which names its thread, or with the next request. It isn't asked at once: its answer would make the editor take up
   * the stop again, and move the focus.
   */
  private selected(cpu: number): void {
    if (!this.latest || this.latest.selectedCpu === cpu || cpu >= this.latest.view.cpus.length) return;
    this.chosen = cpu;
    this.latest = { ...this.latest, selectedCpu: cpu };
    this.stateChanged.fire(this.latest);
  }
}
