/**
 * Code lenses: *Simulate from here* on every function of the protocol, and *Restart* where the source changed under a
 * session.
 */
import * as vscode from "vscode";
import { protocolFunctions } from "../source/protocol-functions";
import type { Sessions } from "./sessions";
import { cSelector, isCDocument } from "../source/tree";

/** What the lens, the context menu and the palette give to tlbscope.simulate; the line counts from 1. */
export interface SimulateTarget {
  uri: string;
  line: number;
}

export class SessionLenses implements vscode.CodeLensProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly sessions: Sessions) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      vscode.languages.registerCodeLensProvider(cSelector, this),
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (e.affectsConfiguration("tlbscope.codeLens.enabled")) this.changed.fire();
      }),
      this.sessions.onDidChangeStale(() => this.changed.fire()),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isCDocument(document)) return [];
    if (!vscode.workspace.getConfiguration("tlbscope", document.uri).get("codeLens.enabled", true)) return [];
    const stale = this.sessions.staleFiles.has(document.uri.toString());
    return protocolFunctions(document).flatMap(({ item, firstLine, nameLine }) => {
      const range = new vscode.Range(firstLine - 1, 0, firstLine - 1, 0);
      const target: SimulateTarget = { uri: document.uri.toString(), line: nameLine };
      const lenses = [
        new vscode.CodeLens(range, {
          command: "tlbscope.simulate",
          title: vscode.l10n.t("$(debug-alt) Simulate from here"),
          tooltip: vscode.l10n.t(
            "Run the shortest execution that reaches {0}(), on a model of several CPUs, and stop here",
            item.name,
          ),
          arguments: [target],
        }),
      ];
      if (stale)
        lenses.push(
          new vscode.CodeLens(range, {
            command: "tlbscope.restart",
            title: vscode.l10n.t("$(debug-restart) Restart with the edited source"),
            tooltip: vscode.l10n.t("The session still runs the source as it was"),
          }),
        );
      return lenses;
    });
  }
}
