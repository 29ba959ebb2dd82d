/** Starts simulations, one at a time: a new one takes the place of the one that runs. */
import * as vscode from "vscode";
import type { LaunchConfig } from "../../debug/host";
import { debugType, type Sessions } from "./sessions";

export class Launcher {
  constructor(private readonly sessions: Sessions) {}

  async launch(config: LaunchConfig): Promise<boolean> {
    if (this.sessions.current) await vscode.debug.stopDebugging(this.sessions.current);
    const folder =
      config.tree === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(config.tree, true));
    const name = config.scenario
      .split("/")
      .at(-1)!
      .replace(/\.tlbscope\.ya?ml$/, "");
    // What runs is the text in the editors, so nothing needs saving first.
    return vscode.debug.startDebugging(
      folder,
      { type: debugType, request: "launch", name, ...config },
      { suppressSaveBeforeStart: true },
    );
  }
}
