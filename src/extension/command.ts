/** Commands whose failure the reader is shown: what went wrong, and what to do about it. */
import * as vscode from "vscode";

/** Registers a command. What it resolves to is the answer of `executeCommand`; what it throws is shown. */
export function command(name: string, run: (...args: unknown[]) => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(name, (...args: unknown[]) => run(...args).catch(showFailure));
}

/** Shows why something that the reader asked for could not be done. */
export function showFailure(error: unknown): void {
  void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
}
