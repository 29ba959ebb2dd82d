/** Mistakes in tour files, at their place. */
import * as vscode from "vscode";
import { readTour } from "../../tour/format/read-tour";
import { tourFileSelector } from "./library";

const severities = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning };
/** A pause in typing. */
const pause = 400;

export class TourDiagnostics {
  private readonly collection = vscode.languages.createDiagnosticCollection("tlbscope tours");
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  start(): vscode.Disposable {
    for (const document of vscode.workspace.textDocuments) this.soon(document, 0);
    return vscode.Disposable.from(
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.soon(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.soon(document, pause)),
      vscode.workspace.onDidCloseTextDocument((document) => this.collection.delete(document.uri)),
      { dispose: () => this.timers.forEach((timer) => clearTimeout(timer)) },
    );
  }

  private soon(document: vscode.TextDocument, delay: number): void {
    if (vscode.languages.match(tourFileSelector, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        if (!document.isClosed) this.check(document);
      }, delay),
    );
  }

  private check(document: vscode.TextDocument): void {
    this.collection.set(
      document.uri,
      readTour(document.getText()).problems.map(({ message, severity, range }) => {
        const mark = new vscode.Diagnostic(
          new vscode.Range(document.positionAt(range.start), document.positionAt(range.end)),
          message,
          severities[severity],
        );
        mark.source = "TLBscope";
        return mark;
      }),
    );
  }
}
