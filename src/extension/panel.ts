/**
 * The view beside the debugger's own: a page that draws what the adapter sends, and sends back what the reader asks.
 */
import * as vscode from "vscode";
import { panelHtml } from "../panel/webview-page";
import type { FromPanel, ToPanel } from "../panel/messages";
import { panelLanguage } from "./display-language";
import { showPlace } from "./reveal";
import type { Sessions } from "./session/sessions";

const panelId = "tlbscope.panel";

export class Panel implements vscode.WebviewViewProvider {
  private view: vscode.WebviewView | undefined;
  /** The page listens. */
  private ready = false;
  /** What a screen reader is to say as soon as it does. */
  private unsaid: string | undefined;
  /** Sees each click first, while something is asked that a click can answer; true when it was the answer. */
  answers: ((click: FromPanel) => boolean) | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly sessions: Sessions,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(panelId, this),
      this.sessions.onDidChangeState(() => this.send()),
      this.sessions.onDidStart(() => this.reveal()),
      // Below the source the CPUs stand side by side; among the debugger's own views they need a side bar with room.
      vscode.commands.registerCommand("tlbscope.widePanel", async () => {
        await vscode.commands.executeCommand(`${panelId}.resetViewLocation`);
        await vscode.commands.executeCommand(`${panelId}.focus`);
      }),
      vscode.commands.registerCommand("tlbscope.sidePanel", async () => {
        // Else another view, a terminal perhaps, takes the place below.
        await vscode.commands.executeCommand("workbench.action.closePanel");
        await vscode.commands.executeCommand("vscode.moveViews", {
          viewIds: [panelId],
          destinationId: "workbench.view.debug",
        });
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const folder = (name: string) => vscode.Uri.joinPath(this.extensionUri, name);
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [folder("dist"), folder("media")] };
    const load = (name: string) => webview.asWebviewUri(folder(name)).toString();
    this.ready = false;
    const listening = webview.onDidReceiveMessage((message: FromPanel) => this.receive(message));
    view.onDidDispose(() => {
      listening.dispose();
      this.view = undefined;
    });
    view.onDidChangeVisibility(() => {
      // A page that is hidden goes away, and is loaded again.
      if (!view.visible) this.ready = false;
      this.send();
    });
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: randomWord(),
      script: load("dist/panel.js"),
      style: load("media/panel.css"),
      codicons: load("dist/codicon.css"),
      ...panelLanguage(),
    });
  }

  /** A session is no use without it, nor without the call stack to choose a CPU in; the keyboard stays where it is. */
  private reveal(): void {
    // VS Code opens its debug views by itself only where a breakpoint stopped the session.
    if (vscode.workspace.getConfiguration("debug").get("openDebug") !== "neverOpen")
      void vscode.commands.executeCommand("workbench.debug.action.focusCallStackView", { preserveFocus: true });
    if (this.view) this.view.show(true);
    else void vscode.commands.executeCommand(`${panelId}.focus`, { preserveFocus: true });
  }

  /** A page that is not visible takes no messages; it is sent the state when it comes back. */
  private send(notice?: string): void {
    if (!this.view?.visible) return;
    const { state } = this.sessions;
    const message: ToPanel = state
      ? { type: "state", state: notice === undefined ? state : { ...state, notice } }
      : { type: "idle" };
    void this.view.webview.postMessage(message);
  }

  /** Has a screen reader say something, and shows it nowhere. False when no panel is in sight that could. */
  say(text: string): boolean {
    if (!this.view?.visible) return false;
    if (this.ready) void this.view.webview.postMessage({ type: "say", text } satisfies ToPanel);
    else this.unsaid = text;
    return true;
  }

  private begin(): void {
    this.ready = true;
    this.send();
    if (this.unsaid !== undefined) this.say(this.unsaid);
    this.unsaid = undefined;
  }

  private async receive(message: FromPanel): Promise<void> {
    try {
      await this.answer(message);
    } catch (error) {
      this.send(error instanceof Error ? error.message : String(error));
    }
  }

  private async answer(message: FromPanel): Promise<void> {
    const { sessions } = this;
    if (this.answers?.(message)) return;
    switch (message.type) {
      case "ready":
        return this.begin();
      case "selectCpu":
        await sessions.request("tlbscope.selectCpu", { cpu: message.cpu });
        return;
      case "move":
        await sessions.request("tlbscope.move", { move: message.move });
        return;
      case "goto":
        await sessions.request("tlbscope.goto", { step: message.step });
        return;
      case "stepBack":
        await sessions.request("tlbscope.stepBack");
        return;
      case "stepForward":
        await sessions.request("tlbscope.stepForward");
        return;
      case "branch":
        await sessions.request("tlbscope.branch", { id: message.id });
        return;
      case "lastWrite": {
        const written = await sessions.request("tlbscope.lastWrite", { cell: message.cell, bit: message.bit });
        if (written.place) await showPlace(written.place);
        else this.send(written.sentence);
        return;
      }
      case "openPlace":
        return showPlace(message.place);
      case "command":
        await vscode.commands.executeCommand(message.command);
        return;
    }
  }
}

function randomWord(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
