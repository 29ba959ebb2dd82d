/** Code lenses on the functions that a tour stands at: they begin it there. */
import * as vscode from "vscode";
import { canonical } from "../../tour/anchor/canonical";
import type { Anchor } from "../../tour/format/tour";
import { functionsOf } from "../source/protocol-functions";
import { isCDocument } from "../source/tree";
import type { FoundTour, TourLibrary } from "./library";

const setting = "tours.codeLens.enabled";

export class TourLenses implements vscode.CodeLensProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly tours: TourLibrary) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      vscode.languages.registerCodeLensProvider(
        [{ language: "c" }, { language: "cpp" }, { pattern: "**/*.[ch]" }],
        this,
      ),
      vscode.workspace.onDidChangeConfiguration(
        (e) => e.affectsConfiguration(`tlbscope.${setting}`) && this.changed.fire(),
      ),
      this.tours.onDidChange(() => this.changed.fire()),
      vscode.commands.registerCommand("tlbscope.tour.ofFunction", (name: string, keys: string[]) =>
        this.choose(name, keys),
      ),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!isCDocument(document) || !vscode.workspace.getConfiguration("tlbscope", document.uri).get(setting, true))
      return [];
    const functions = functionsOf(document);
    if (functions.length === 0) return [];
    const tours = await this.tours.all();
    return functions.flatMap(({ item, firstLine }) => {
      const about = at(tours, item.name).filter(
        ({ tour }) =>
          tour!.elsewhere === undefined ||
          tour!.steps.some(
            (s) => s.at !== undefined && standsIn(document.getText().slice(item.start, item.end), s.at, item.name),
          ),
      );
      if (about.length === 0) return [];
      const range = new vscode.Range(firstLine - 1, 0, firstLine - 1, 0);
      const title =
        about.length === 1
          ? vscode.l10n.t("$(mortar-board) Tour: {0}", about[0].tour!.title)
          : vscode.l10n.t("$(mortar-board) {0} tours", about.length);
      const tooltip = about.map(({ tour }) => tour!.title).join(", ");
      return [
        new vscode.CodeLens(range, {
          command: "tlbscope.tour.ofFunction",
          title,
          tooltip: vscode.l10n.t("Be shown {0}(), step by step: {1}", item.name, tooltip),
          arguments: [item.name, about.map(({ key }) => key)],
        }),
      ];
    });
  }

  private async choose(name: string, keys: string[]): Promise<void> {
    const items = (await this.tours.all())
      .filter(({ key, tour }) => tour && keys.includes(key))
      .map((found) => ({ label: found.tour!.title, detail: found.tour!.about, found }));
    const chosen =
      items.length === 1
        ? items[0]
        : await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Tours of {0}()", name) });
    // From its start: what comes before is what makes the function worth standing at.
    if (chosen) await vscode.commands.executeCommand("tlbscope.takeTour", chosen.found.key);
  }
}

/**
 * Does the function have one of the statements that the place names? A tour of other kernels isn't offered where its
 * code isn't.
 */
function standsIn(text: string, { fn, stmt }: Anchor, name: string): boolean {
  const whole = canonical(text).join(" ");
  return fn.includes(name) && stmt.some((s) => whole.includes(canonical(s).join(" ")));
}

/** The tours that stand at a function in one of their steps. */
const at = (tours: FoundTour[], name: string): FoundTour[] =>
  tours.filter(({ tour }) => tour?.steps.some((s) => s.at?.fn.includes(name)));
