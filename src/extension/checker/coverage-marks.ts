/**
 * Coverage over all interleavings: in how many states each line is reached; lines that none reaches are dimmed, with
 * the reason.
 */
import * as vscode from "vscode";
import { joinCoverage } from "../../check/search/coverage";
import { command } from "../command";
import type { Checks } from "./checks";
import { number } from "./verdict-words";

export class CoverageMarks {
  private shown = false;
  private readonly reached = vscode.window.createTextEditorDecorationType({
    after: { margin: "0 0 0 3em", fontStyle: "italic", color: new vscode.ThemeColor("editorCodeLens.foreground") },
  });
  private readonly unreached = vscode.window.createTextEditorDecorationType({
    opacity: "0.5",
    after: { margin: "0 0 0 3em", fontStyle: "italic", color: new vscode.ThemeColor("editorCodeLens.foreground") },
  });
  /** Editors that have marks: others need none taken away. */
  private marked = new Set<vscode.TextEditor>();

  constructor(private readonly checks: Checks) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.reached,
      this.unreached,
      command("tlbscope.coverage.show", () => this.toggle(true)),
      command("tlbscope.coverage.hide", () => this.toggle(false)),
      this.checks.onDidChange(() => this.shown && !this.checks.running && this.draw()),
      this.checks.onDidChangeStale(() => this.shown && this.draw()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.shown && this.draw()),
    );
  }

  /**
   * Gives how many lines of the visible files no interleaving reaches, for those who run this as a command of their
   * own.
   */
  private async toggle(shown: boolean): Promise<number> {
    this.shown = shown;
    void vscode.commands.executeCommand("setContext", "tlbscope.coverage", shown);
    if (shown && (!this.checks.current || this.checks.outOfDate))
      await vscode.commands.executeCommand("tlbscope.check");
    return this.draw();
  }

  private draw(): number {
    const lines = this.shown ? this.lines() : undefined;
    let never = 0;
    for (const editor of vscode.window.visibleTextEditors) {
      const own = lines?.get(editor.document.uri.toString());
      if (!own && !this.marked.has(editor)) continue;
      const all = [...(own ?? [])]
        .filter(([line]) => line <= editor.document.lineCount)
        .map(([line, states]) => this.mark(editor.document, line, states));
      const zero = all.filter((m) => m.states === 0);
      never += zero.length;
      editor.setDecorations(
        this.reached,
        all.filter((m) => m.states > 0).map((m) => m.options),
      );
      editor.setDecorations(
        this.unreached,
        zero.map((m) => m.options),
      );
      if (own) this.marked.add(editor);
      else this.marked.delete(editor);
    }
    return never;
  }

  /** What the verdicts say together; nothing once the source has changed, for lines are elsewhere then. */
  private lines(): Map<string, Map<number, number>> | undefined {
    const { current, outOfDate } = this.checks;
    if (!current || outOfDate) return undefined;
    return joinCoverage(current.rows.flatMap((r) => (r.verdict ? [r.verdict.coverage] : []))).lines;
  }

  private mark(
    document: vscode.TextDocument,
    line: number,
    states: number,
  ): { states: number; options: vscode.DecorationOptions } {
    const rows = this.checks.current!.rows;
    const scenarios = [...new Set(rows.map((r) => r.scenario.id))].join(", ");
    const whole = rows.every((r) => r.verdict?.end === "complete");
    const never = whole
      ? vscode.l10n.t("no interleaving of these scenarios gets here")
      : vscode.l10n.t("not reached by what was searched");
    const contentText = states > 0 ? vscode.l10n.t("{0} states", number(states)) : never;
    const hoverMessage = new vscode.MarkdownString().appendText(
      states > 0
        ? vscode.l10n.t(
            "Some CPU stands here in {0} of the states that were looked at: {1}.",
            number(states),
            scenarios,
          )
        : `${never}: ${scenarios}`,
    );
    return {
      states,
      options: { range: document.lineAt(line - 1).range, hoverMessage, renderOptions: { after: { contentText } } },
    };
  }
}
