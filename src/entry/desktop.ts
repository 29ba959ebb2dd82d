/** The extension on the desktop, where Node is. */
import { availableParallelism } from "node:os";
import path from "node:path";
import type * as vscode from "vscode";
import { Launcher } from "../cli/launcher";
import { startThread } from "../cli/search-thread";
import { activateWith } from "../extension/extension";

/** Two searches at a time use what most machines have to spare; each may take much memory. */
const most = Math.min(2, availableParallelism());

export function activate(context: vscode.ExtensionContext): void {
  activateWith(context, {
    most,
    launcher: new Launcher(path.join(__dirname, "cli.js")),
    start: async (listener, megabytes) => startThread(path.join(__dirname, "worker.js"), listener, megabytes),
  });
}
