/** Shows a text that we have made, as a document that isn't saved yet. */
import * as vscode from "vscode";
import { exists } from "./text-files";

/**
 * In the first folder of the workspace it has its name already, so that saving asks nothing; elsewhere VS Code asks
 * where.
 */
export async function showNew(name: string, text: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = folder && vscode.Uri.joinPath(folder, name);
  if (!uri || (await exists(uri))) {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "yaml", content: text }));
    return;
  }
  const editor = await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument(uri.with({ scheme: "untitled" })),
  );
  await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, editor.document.lineCount, 0), text));
  editor.selection = new vscode.Selection(0, 0, 0, 0);
}
