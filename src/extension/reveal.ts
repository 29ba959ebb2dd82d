/** Shows a place of the source in the editor where its file already is, or else in front. */
import * as vscode from "vscode";
import type { SourcePlace } from "../machine/view/view";

export const rangeOf = (place: SourcePlace): vscode.Range =>
  new vscode.Range(place.line - 1, place.column - 1, place.endLine - 1, place.endColumn - 1);

export async function showPlace(place: SourcePlace): Promise<void> {
  const uri = vscode.Uri.parse(place.file, true);
  const column = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === uri.toString(),
  )?.viewColumn;
  const selection = rangeOf(place);
  await vscode.window.showTextDocument(uri, {
    viewColumn: column,
    selection: new vscode.Range(selection.start, selection.start),
    preserveFocus: false,
  });
}
