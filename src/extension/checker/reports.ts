/** What the checker has found as texts to read, search and copy from: read-only, so that closing one asks nothing. */
import * as vscode from "vscode";
import { reportScheme } from "../tree";

export class Reports implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  start(): vscode.Disposable {
    return vscode.Disposable.from(this.changed, vscode.workspace.registerTextDocumentContentProvider(reportScheme, this));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  /** Opens a text under a name that ends as its language's files do, at a line (counted from 1). A newer one of the same name takes its place. */
  async show(name: string, text: string, line = 1): Promise<void> {
    const uri = vscode.Uri.from({ scheme: reportScheme, path: `/${name}` });
    this.texts.set(uri.path, text);
    const open = vscode.workspace.textDocuments.some((d) => d.uri.toString() === uri.toString());
    const document = await vscode.workspace.openTextDocument(uri);
    if (open && document.getText() !== text) await this.updated(uri, text);
    const at = new vscode.Position(line - 1, 0);
    const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.AtTop);
  }

  /** Has an open document take up its new text. */
  private updated(uri: vscode.Uri, text: string): Promise<void> {
    return new Promise((resolve) => {
      const done = vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() !== uri.toString() || document.getText() !== text) return;
        done.dispose();
        resolve();
      });
      this.changed.fire(uri);
    });
  }
}
