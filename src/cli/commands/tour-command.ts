/** `tlbscope tour …`: lists, checks and exports tours, and takes over those of CodeTour. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { codeTour } from "../../export/codetour";
import { importCodeTour } from "../../export/codetour-import";
import { tourHtml } from "../../export/html";
import { tourMarkdown } from "../../export/markdown";
import { premiseLines } from "../../check/verdict/verdict-text";
import { distinct } from "../../machine/rests-on";
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import type { Scenario } from "../../scenario/scenario";
import { withChanges } from "../../scenario/scenario-changes";
import { didYouMean } from "../../scenario/suggest";
import { checkTour, type StepReport } from "../../tour/play/check-tour";
import type { Tour } from "../../tour/format/tour";
import { pagesOf } from "../../tour/play/pages";
import { TourPlayer } from "../../tour/play/player";
import { readTour } from "../../tour/format/read-tour";
import { Statements } from "../../tour/anchor/source-statements";
import { tourText } from "../../tour/format/write-tour";
import { nodeParser, packageRoot } from "../node-host";
import { builtInScenarios, scenarioNamed, sourceOf, UsageError } from "../inputs";
import { Remarks, tellRemarks } from "../remarks";

const ENDING = ".tour.yaml";
const folder = () => path.join(packageRoot(), "walkthroughs", "tours");
const builtIn = (): string[] =>
  existsSync(folder())
    ? readdirSync(folder())
        .filter((f) => f.endsWith(ENDING))
        .map((f) => f.slice(0, -ENDING.length))
        .sort()
    : [];

/** `tlbscope tour list`. */
export function listTours(): number {
  for (const t of builtInTours()) console.log(`${t.id.padEnd(18)} ${t.title}: ${t.about}`);
  return 0;
}

/** The tours that ship. */
export const builtInTours = (): Tour[] => builtIn().map(tourNamed);

/** A tour by its id, or from a file; its mistakes are said with their lines. */
function tourNamed(name: string): Tour {
  const file = builtIn().includes(name) ? path.join(folder(), name + ENDING) : name;
  if (!existsSync(file))
    throw new UsageError(
      `There is no tour "${name}": neither a built-in one nor a file of that name. ${didYouMean(name, builtIn(), "")}`,
    );
  const text = readFileSync(file, "utf8");
  const { tour, problems } = readTour(text);
  if (tour) return tour;
  const source: SourceFile = { uri: file, path: file, text, origin: "open" };
  throw new UsageError(
    problems.map((p) => `${file}:${positionAt(source, p.range.start).line}: ${p.message}`).join("\n"),
  );
}

/** Scenarios by id, each read once: a player tells machines apart by their scenario's object. */
function scenarioLoader(): (id: string) => Scenario | undefined {
  const known = new Map(builtInScenarios().map((s) => [s.id, s]));
  return (id) => known.get(id);
}

/** The scenarios that a tour plays, as it changes them. */
function scenariosOf(tour: Tour): Scenario[] {
  const ids = new Set([tour.scenario, ...tour.steps.flatMap((s) => s.scenario ?? [])]);
  return builtInScenarios().flatMap((s) => (ids.has(s.id) ? withChanges(s, tour) : []));
}

/** A player of the tour on a tree, or on the built-in edition. */
export const playerOf = async (tour: Tour, tree: string | undefined): Promise<TourPlayer> =>
  playerOn(tour, (await sourceOf(tree, builtInScenarios())).files);

const playerOn = async (tour: Tour, files: SourceFile[]): Promise<TourPlayer> =>
  new TourPlayer({ parser: await nodeParser(), files, scenario: scenarioLoader(), tour });

/**
 * `tlbscope tour check`: plays the named tours, or all that ship, on the built-in edition and on each tree. Exit
 * status 1 where a step doesn't fit, else 2 where one rests on what isn't known.
 */
export async function checkTours(trees: string[], names: string[]): Promise<number> {
  const tours = (names.length ? names : builtIn()).map(tourNamed);
  let wrong = 0,
    unknown = 0;
  for (const tree of [undefined, ...trees]) {
    const source = await sourceOf(tree, builtInScenarios());
    const remarks = new Remarks(source);
    for (const tour of tours) {
      const player = await playerOn(tour, source.files);
      if (player.elsewhere !== undefined) {
        console.log(`${tour.id} on ${tree ?? "the built-in edition"}: not for this source\n  ${player.elsewhere}`);
        continue;
      }
      for (const scenario of scenariosOf(tour)) await remarks.program(scenario);
      const reports = checkTour(player);
      const bad = reports.filter((r) => r.problems.length > 0).length;
      wrong += reports.filter((r) => r.problems.length > 0 && r.restsOn.length === 0).length;
      console.log(
        `${tour.id} on ${tree ?? "the built-in edition"}: ` +
          `${bad === 0 ? `all ${reports.length} steps play` : `${bad} of ${reports.length} steps don't fit`}`,
      );
      if (player.onEdition) console.log(`  ${player.onEdition}`);
      for (const line of table(reports)) console.log(`  ${line}`);
      const premises = distinct(reports.flatMap((r) => r.restsOn));
      unknown += premises.length;
      for (const line of premises.length ? premiseLines(premises) : []) console.log(`  ${line}`);
    }
  }
  return wrong > 0 ? 1 : unknown > 0 ? 2 : 0;
}

function table(reports: StepReport[]): string[] {
  const rows = [
    ["step", "place", "anchor", "moves", "claims", "answer"],
    ...reports.map((r) => [r.id, r.place, r.anchor, String(r.moves), String(r.claims), r.answer ?? ""]),
  ];
  const widths = rows[0].map((_, i) => Math.min(48, Math.max(...rows.map((r) => r[i].length))));
  const line = (r: string[]): string =>
    r
      .map((cell, i) => (cell.length > 48 ? `${cell.slice(0, 47)}…` : cell).padEnd(widths[i]))
      .join("  ")
      .trimEnd();
  return [line(rows[0]), ...reports.flatMap((r, i) => [line(rows[i + 1]), ...r.problems.map((p) => `    ! ${p}`)])];
}

/** `tlbscope tour export`. */
export async function exportTour(name: string, tree: string | undefined, format: string): Promise<number> {
  const formats = {
    md: tourMarkdown,
    html: tourHtml,
    codetour: (p: ReturnType<typeof pagesOf>) => JSON.stringify(codeTour(p), null, 2) + "\n",
  };
  if (!Object.hasOwn(formats, format))
    throw new UsageError(`There is no format "${format}". ${didYouMean(format, Object.keys(formats), "")}`);
  const tour = tourNamed(name);
  const source = await sourceOf(tree, builtInScenarios());
  const player = await playerOn(tour, source.files);
  if (player.elsewhere !== undefined)
    throw new UsageError(`${player.elsewhere} Name its folder: tlbscope tour export ${name} --format ${format} TREE.`);
  await tellRemarks(source, scenariosOf(tour));
  process.stdout.write(formats[format as keyof typeof formats](pagesOf(player)));
  return 0;
}

/** `tlbscope tour import`. Exit status 2 where the file is no CodeTour. */
export async function importTour(file: string, tree: string | undefined, scenarioName: string): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const scenario = scenarioNamed(scenarioName);
  const parser = await nodeParser();
  const program = await new Remarks(await sourceOf(tree, [scenario])).program(scenario);
  const id =
    path
      .basename(file)
      .replace(/\.tour$/, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") || "imported";
  const { tour, problems } = importCodeTour({
    text: readFileSync(file, "utf8"),
    id,
    scenario: scenario.id,
    statements: new Statements(parser, program),
  });
  for (const p of problems) console.error(p);
  if (!tour) return 2;
  process.stdout.write(tourText(tour));
  return 0;
}
