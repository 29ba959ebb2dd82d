/**
 * Code lenses over the protocol's functions: *Check every interleaving*, and the last verdict of the scenarios that
 * reach them.
 */
import * as vscode from "vscode";
import { protocolFunctions, type FoundFunction } from "../source/protocol-functions";
import { cSelector, isCDocument, treeOf } from "../source/tree";
import type { Row } from "./check-rows";
import type { Checks } from "./checks";
import { lensSetting, showsLenses } from "./check-settings";
import { standingCodicon, summary } from "./verdict-words";
import { verdictsId } from "./verdict-view";

export class CheckLenses implements vscode.CodeLensProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  /** Rows that had ended when the lenses were last drawn: they don't flicker with every state that is found. */
  private drawn = "";

  constructor(private readonly checks: Checks) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      vscode.languages.registerCodeLensProvider(cSelector, this),
      vscode.workspace.onDidChangeConfiguration((e) => e.affectsConfiguration(lensSetting) && this.changed.fire()),
      this.checks.onDidChangeStale(() => this.changed.fire()),
      this.checks.onDidChange(() => {
        const now = `${this.checks.running} ${this.checks.current?.rows.filter((r) => r.verdict ?? r.error).length}`;
        if (now !== this.drawn) this.changed.fire();
        this.drawn = now;
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isCDocument(document) || !showsLenses(document.uri)) return [];
    const uri = document.uri.toString();
    return protocolFunctions(document).flatMap((fn) => {
      const range = new vscode.Range(fn.firstLine - 1, 0, fn.firstLine - 1, 0);
      const check = new vscode.CodeLens(range, {
        command: "tlbscope.check",
        title: vscode.l10n.t("$(run-all) Check every interleaving"),
        tooltip: vscode.l10n.t("Look at every order in which the CPUs of each scenario can act, for a broken promise"),
        arguments: [{ uri }],
      });
      const ask = new vscode.CodeLens(range, {
        command: "tlbscope.ask",
        title: vscode.l10n.t("Ask…"),
        tooltip: vscode.l10n.t("Ask a question of your own about what can be while a CPU runs this function"),
        arguments: [{ uri, fn: fn.item.name }],
      });
      const verdict = this.verdict(document, fn);
      const shown =
        verdict &&
        new vscode.CodeLens(range, {
          command: `${verdictsId}.focus`,
          title: verdict,
          tooltip: vscode.l10n.t("Show the verdicts"),
        });
      return shown ? [check, shown, ask] : [check, ask];
    });
  }

  private verdict(document: vscode.TextDocument, fn: FoundFunction): string | undefined {
    const { current, running, outOfDate } = this.checks;
    if (!current || current.root?.toString() !== treeOf(document.uri)?.toString()) return undefined;
    const ended = current.rows.filter((r) => r.verdict ?? r.error).length;
    if (running) return vscode.l10n.t("$(sync~spin) checking, {0} of {1} done", ended, current.rows.length);
    const reaching = current.rows.filter((row) => reaches(row, document.uri.toString(), fn));
    if (ended > 0 && reaching.length === 0) return vscode.l10n.t("$(circle-slash) no scenario comes here");
    const found = summary(reaching);
    if (!found) return undefined;
    return outOfDate
      ? vscode.l10n.t("$(history) out of date: {0}", found.words)
      : `${standingCodicon(found.standing)} ${found.words}`;
  }
}

/** Whether some CPU of a row reached this function; true where there is no coverage to say. */
function reaches({ verdict }: Row, uri: string, { firstLine, lastLine }: FoundFunction): boolean {
  if (!verdict || verdict.coverage.lines.size === 0) return true;
  return [...(verdict.coverage.lines.get(uri) ?? [])].some(
    ([line, states]) => states > 0 && line >= firstLine && line <= lastLine,
  );
}
