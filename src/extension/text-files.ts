/** Files of whatever file system the workspace is on. */
import * as vscode from "vscode";

const decoder = new TextDecoder();

/** Reads a file as text. Throws when there is none. */
export async function readText(uri: vscode.Uri): Promise<string> {
  return decoder.decode(await vscode.workspace.fs.readFile(uri));
}

/** Whether there is such a file or folder. */
export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
