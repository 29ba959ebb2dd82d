/** Keys that the when-clauses of commands ask. */
import * as vscode from "vscode";

export class ContextKeys {
  private readonly last = new Map<string, boolean>();

  /** VS Code is told only of what has changed. */
  set(key: string, value: boolean): void {
    if (this.last.get(key) === value) return;
    this.last.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }
}
