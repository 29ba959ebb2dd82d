/**
 * All that ships, in one file: the extension on the desktop and in the browser, its searching worker, and the command
 * line share most of their code. Each is loaded when it is asked for, and what isn't asked for isn't run: in a browser
 * there is no Node, and on the command line no VS Code.
 */
import type * as vscode from "vscode";

const inNode = Boolean(globalThis.process?.versions?.node);

/** VS Code starts the extension here. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const { activate } = await (inNode ? import("./desktop") : import("./browser"));
  activate(context);
}

/** The searching worker begins to listen: a thread of Node's, or a Web Worker. */
export async function startWorker(): Promise<void> {
  await (inNode ? import("./worker-desktop") : import("./worker-browser"));
}

/** Runs the command line of this process, and gives it its exit status. */
export async function commandLine(): Promise<void> {
  await import("../cli/main");
}
