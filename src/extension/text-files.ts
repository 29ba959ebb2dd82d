/** Files of whatever file system the workspace is on. */
import * as vscode from "vscode";
import { decodeText, MOST_BYTES } from "../kernel/syntax/decode-text";

/** Reads a file as text. Throws when there is none, and when what stands there is no file or no text. */
export async function readText(uri: vscode.Uri): Promise<string> {
  const { type, size } = await vscode.workspace.fs.stat(uri);
  // Reading a device or a pipe may never end.
  if ((type & vscode.FileType.File) === 0) throw new Error(`${uri.path} is no file.`);
  if (size > MOST_BYTES) throw new Error(`${uri.path} is too large to be read: it has ${size} bytes.`);
  return decodeText(await vscode.workspace.fs.readFile(uri), uri.path);
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
