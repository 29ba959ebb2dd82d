/** What the checker has found as texts to read, search and copy from: read-only, so that closing one asks nothing. */
import * as vscode from "vscode";
import { reportScheme } from "../source/tree";

/** Texts that are kept; documents of older ones that are still open keep theirs. */
const most = 20;

export class Reports implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private next = 1;

  start(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(reportScheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /**
   * Opens a text under a name that ends as its language's files do, at a line (counted from 1). A newer text is
   * another document: the two can be compared.
   */
  async show(name: string, text: string, line = 1): Promise<void> {
    const at = new vscode.Position(line - 1, 0);
    const editor = await vscode.window.showTextDocument(this.keep(name, text), {
      selection: new vscode.Range(at, at),
    });
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.AtTop);
  }

  /** The URI under which a text can be opened. */
  keep(name: string, text: string): vscode.Uri {
    for (const [uri, known] of this.texts) if (known === text) return vscode.Uri.parse(uri, true);
    const uri = vscode.Uri.from({ scheme: reportScheme, path: `/${name}`, query: String(this.next++) });
    this.texts.set(uri.toString(), text);
    if (this.texts.size > most) this.texts.delete(this.texts.keys().next().value!);
    return uri;
  }
}
