/** The one item in the status bar: which scenario runs, at which step, and whether its source has changed. */
import * as vscode from "vscode";
import type { Sessions } from "./sessions";

export class StatusBar {
  constructor(private readonly sessions: Sessions) {}

  start(): vscode.Disposable {
    const item = vscode.window.createStatusBarItem("tlbscope.status", vscode.StatusBarAlignment.Left, 20);
    item.name = vscode.l10n.t("TLBscope simulation");
    const show = () => {
      const { state } = this.sessions;
      if (!state) return item.hide();
      const stale = this.sessions.staleFiles.size > 0;
      const where = vscode.l10n.t("{0}: step {1} of {2}", state.scenario, state.step, state.last);
      item.text = stale
        ? vscode.l10n.t("$(debug-restart) The source has changed: Restart to run it")
        : `$(debug-alt) ${where}`;
      item.tooltip = stale
        ? vscode.l10n.t("{0}. It runs the source as it was when it started.", where)
        : vscode.l10n.t("{0} Click to go to another step.", state.sentence);
      item.command = stale ? "tlbscope.restart" : "tlbscope.gotoStep";
      item.backgroundColor = stale ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
      item.show();
    };
    return vscode.Disposable.from(item, this.sessions.onDidChangeState(show), this.sessions.onDidChangeStale(show));
  }
}
