// What the tests inside the editor share: the files of the edition's copy that the window has open, and waiting.
import * as vscode from "vscode";
import type { PanelState } from "../../src/panel/messages";

export const schedC = "kernel/sched.c";
export const mmuContext = "arch/x86/include/asm/mmu_context.h";

/** A file of the folder that is open: a copy of the built-in edition. */
export function file(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error("The window has no folder.");
  return vscode.Uri.joinPath(folder.uri, path);
}

export async function show(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(file(path));
}

/** Looks again and again until something is there. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Thenable<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`Waited 20 s for this and did not see it: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** The lines, counted from 1, that have a lens with this text. */
export async function lensLines(uri: vscode.Uri, text: string): Promise<number[]> {
  await vscode.workspace.openTextDocument(uri);
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
  return lenses.filter((lens) => lens.command?.title.includes(text)).map((lens) => lens.range.start.line + 1);
}

/** The line, counted from 1, that the session's selected CPU stands on. */
export async function stoppedLine(): Promise<number | undefined> {
  const state = await panelState();
  return state?.view.cpus[state.selectedCpu].at?.line;
}

export async function panelState(): Promise<PanelState | undefined> {
  const session = vscode.debug.activeDebugSession;
  return session?.type === "tlbscope"
    ? ((await session.customRequest("tlbscope.panelState").then(undefined, () => undefined)) as PanelState | undefined)
    : undefined;
}

/** Simulates from a line, and waits until the session stands. */
export async function simulate(path: string, line: number): Promise<PanelState> {
  await vscode.commands.executeCommand("tlbscope.simulate", { uri: file(path).toString(), line });
  await eventually(
    "the editor at a frame of the session",
    () => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame,
  );
  return eventually("a session that stands", panelState);
}

/** Ends the session that runs, if one does. */
export async function endSession(): Promise<void> {
  if (vscode.debug.activeDebugSession) await vscode.debug.stopDebugging();
  await eventually("no session", () => vscode.debug.activeDebugSession === undefined);
}

/** Replaces a whole line, counted from 1, in the open document, unsaved. */
export async function replaceLine(document: vscode.TextDocument, line: number, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, document.lineAt(line - 1).range, text);
  await vscode.workspace.applyEdit(edit);
}

/** Brings an open document back to what is on the disk. */
export async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("workbench.action.files.revert");
}
