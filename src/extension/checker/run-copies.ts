/**
 * Sources that run but are not the text of any file: a function with a statement less, or a text that was edited
 * since. They are shown as they run, read-only.
 */
import * as vscode from "vscode";
import type { SourceFile } from "../../kernel/syntax/source";
import { changedLineMark, changedLines } from "../changed-lines";
import { runCopyScheme } from "../source/tree";

interface Copy {
  text: string;
  original: SourceFile;
  /** How it differs from the file, in a few words. */
  how: string;
}

/** Copies that are kept; documents of older ones that are still open keep their text. */
const most = 50;

export class RunCopies implements vscode.TextDocumentContentProvider, vscode.FileDecorationProvider {
  private readonly copies = new Map<string, Copy>();
  private next = 1;
  private readonly mark = changedLineMark();

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.mark,
      vscode.workspace.registerTextDocumentContentProvider(runCopyScheme, this),
      vscode.window.registerFileDecorationProvider(this),
      vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => this.draw(editor))),
    );
  }

  /** The file under a URI that shows this text; the same one for the same text. */
  keep(original: SourceFile, text: string, how: string): SourceFile {
    for (const [uri, copy] of this.copies)
      if (copy.text === text && copy.original.uri === original.uri) return { ...original, uri, text };
    const uri = vscode.Uri.from({
      scheme: runCopyScheme,
      path: `/${original.path}`,
      query: String(this.next++),
    }).toString();
    this.copies.set(uri, { text, original, how });
    if (this.copies.size > most) this.copies.delete(this.copies.keys().next().value!);
    return { ...original, uri, text };
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.copies.get(uri.toString())?.text ?? "";
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const copy = uri.scheme === runCopyScheme ? this.copies.get(uri.toString()) : undefined;
    return copy && { badge: "≠", tooltip: copy.how };
  }

  /** What differs stands behind each line. */
  private draw(editor: vscode.TextEditor): void {
    const copy = this.copies.get(editor.document.uri.toString());
    if (copy) editor.setDecorations(this.mark, changedLines(copy.original.text, copy.text));
  }
}
