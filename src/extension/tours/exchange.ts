/** Tours as documents to read or pass on, and CodeTour files as tours. */
import * as vscode from "vscode";
import { codeTour } from "../../export/codetour";
import { importCodeTour } from "../../export/codetour-import";
import { tourHtml } from "../../export/html";
import { tourMarkdown } from "../../export/markdown";
import { pagesOf, type Pages } from "../../tour/play/pages";
import { stepId } from "../../tour/record/record";
import { Statements } from "../../tour/anchor/source-statements";
import { tourText } from "../../tour/format/write-tour";
import { showNew } from "../new-document";
import { readText } from "../text-files";
import type { FoundTour, TourLibrary } from "./library";
import type { TourSources } from "./playing";
import { command } from "../command";

const formats = {
  md: {
    label: "Markdown",
    ending: ".md",
    detail: vscode.l10n.t("One document, with the code, the states and the questions"),
    text: tourMarkdown,
  },
  html: {
    label: vscode.l10n.t("Web page"),
    ending: ".html",
    detail: vscode.l10n.t("One page that needs nothing else; prints well"),
    text: tourHtml,
  },
  codetour: {
    label: "CodeTour",
    ending: ".tour",
    detail: vscode.l10n.t(
      "For the CodeTour extension: files, lines and words, without the machine. It belongs in the tree's .tours " +
        "folder.",
    ),
    text: (p: Pages) => `${JSON.stringify(codeTour(p), null, 2)}\n`,
  },
};

type Format = keyof typeof formats;

export class Exchange {
  constructor(
    private readonly tours: TourLibrary,
    private readonly sources: TourSources,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      command("tlbscope.exportTour", (name?: unknown, format?: unknown, to?: unknown) => this.export(name, format, to)),
      command("tlbscope.importCodeTour", (from?: unknown, scenario?: unknown) => this.import(from, scenario)),
    );
  }

  private async export(name: unknown, given: unknown, to: unknown): Promise<void> {
    const found = typeof name === "string" ? await this.tours.find(name) : await this.choose();
    if (!found?.tour) return;
    const kinds = Object.entries(formats).map(([id, { label, detail }]) => ({ id: id as Format, label, detail }));
    const kind =
      typeof given === "string" && given in formats
        ? (given as Format)
        : (await vscode.window.showQuickPick(kinds, { title: vscode.l10n.t("Export “{0}” as", found.tour.title) }))?.id;
    if (!kind) return;
    const { ending, text, label } = formats[kind];
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const target =
      to instanceof vscode.Uri
        ? to
        : await vscode.window.showSaveDialog({
            title: vscode.l10n.t("Save the Tour"),
            saveLabel: vscode.l10n.t("Save"),
            filters: { [label]: [ending.slice(1)] },
            defaultUri:
              folder &&
              vscode.Uri.joinPath(folder, ...(kind === "codetour" ? [".tours"] : []), `${found.tour.id}${ending}`),
          });
    if (!target) return;
    const { player } = await this.sources.play(found.tour, await this.sources.root());
    if (player.elsewhere !== undefined) throw new Error(player.elsewhere);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text(pagesOf(player))));
    if (kind === "md") await vscode.commands.executeCommand("markdown.showPreview", target);
    else if (
      kind === "html" &&
      target.scheme === "file" &&
      vscode.env.uiKind === vscode.UIKind.Desktop &&
      !vscode.env.remoteName
    )
      await vscode.env.openExternal(target);
    else await vscode.window.showTextDocument(target);
  }

  private async choose(): Promise<FoundTour | undefined> {
    const items = (await this.tours.all()).flatMap((found) =>
      found.tour ? [{ found, label: found.tour.title, detail: found.tour.about }] : [],
    );
    return (
      await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Export Which Tour?"), matchOnDetail: true })
    )?.found;
  }

  private async import(from: unknown, given: unknown): Promise<void> {
    const uri =
      from instanceof vscode.Uri
        ? from
        : (
            await vscode.window.showOpenDialog({
              title: vscode.l10n.t("Import a CodeTour"),
              openLabel: vscode.l10n.t("Import"),
              filters: { CodeTour: ["tour"] },
            })
          )?.[0];
    if (!uri) return;
    const all = await this.sources.scenarios.all();
    const offered = all.flatMap(({ scenario }) =>
      scenario ? [{ label: scenario.id, detail: scenario.about, scenario }] : [],
    );
    const scenario =
      offered.find((s) => s.label === given)?.scenario ??
      (
        await vscode.window.showQuickPick(offered, {
          title: vscode.l10n.t("On Which Scenario Is It to Play?"),
          placeHolder: vscode.l10n.t(
            "CodeTour has no machine: this one stands at its start until you give the steps something to do.",
          ),
          matchOnDetail: true,
        })
      )?.scenario;
    if (!scenario) return;
    const program = await this.sources.programs.build(await this.sources.root(), scenario.platform, scenario.settings);
    const file = uri.path
      .split("/")
      .at(-1)!
      .replace(/\.tour$/, "");
    const { tour, problems } = importCodeTour({
      text: await readText(uri),
      id: stepId(file, 0, new Set()),
      scenario: scenario.id,
      statements: new Statements(await this.sources.parser.load(), program),
    });
    if (!tour) throw new Error(`${uri.path.split("/").at(-1)!}: ${problems.join(" ")}`);
    const head = [
      vscode.l10n.t(
        "From {0}. Save it as NAME.tour.yaml: TLBscope finds it by this ending.",
        uri.path.split("/").at(-1)!,
      ),
      ...problems,
    ];
    await showNew(`${tour.id}.tour.yaml`, `${head.map((line) => `# ${line}\n`).join("")}${tourText(tour)}`);
  }
}
