/** All that the fuzzer takes from the product, in one place: what moves there is followed here. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { nodeParser, packageRoot, shippedFiles, treeFiles } from "../../src/cli/node-host";
import type { Program } from "../../src/kernel/ir";
import { configOf } from "../../src/kernel/configuration";
import { buildProgram } from "../../src/kernel/program";
import type { Settings } from "../../src/kernel/settings";
import { statementsOf, withoutStatement } from "../../src/kernel/statements";
import type { FunctionItem } from "../../src/kernel/syntax/items";
import type { CParser } from "../../src/kernel/syntax/tree/parse";
import { readFile } from "../../src/kernel/syntax/read-file";
import type { SourceFile } from "../../src/kernel/syntax/source";
import type { Scenario } from "../../src/scenario/scenario";
import { readScenario } from "../../src/scenario/read-scenario";

export { Search } from "../../src/check/search/search";
export { replay } from "../../src/check/search/switches";
export { hasChoices } from "../../src/machine/view/workload";
export { checkNow } from "../../src/check/verdict/verdict";
export type { Fn, Program } from "../../src/kernel/ir";
export { positionAt, type Diagnostic, type SourceFile } from "../../src/kernel/syntax/source";
export { whyNotApplicable } from "../../src/machine/requirements/applies";
export { LayoutError } from "../../src/machine/layout";
export { Machine, MoveKind, moveKind } from "../../src/machine/machine";
export type { Scenario } from "../../src/scenario/scenario";
export { readScenario } from "../../src/scenario/read-scenario";
export { readTour } from "../../src/tour/format/read-tour";
export { TourPlayer } from "../../src/tour/play/player";
export { Stepper } from "../../src/trace/stepping";
export { Trace } from "../../src/trace/trace";
export { nodeParser, packageRoot, statementsOf, withoutStatement };
export type { CParser, FunctionItem };

/** The environment and the built-in edition; with a tree, its files before them. */
export const filesWith = (tree?: string): SourceFile[] => [
  ...(tree === undefined ? [] : treeFiles(tree)),
  ...shippedFiles(),
];

export type Platform = Scenario["platform"];

export const programOf = (
  parser: CParser,
  files: SourceFile[],
  platform: Platform = "native",
  settings: Settings = {},
): Program => buildProgram({ parser, files, platform, settings });

/** A file's functions, and its text without comments and without what isn't compiled. */
export function functionsOf(file: SourceFile, platform: Platform = "native"): { text: string; items: FunctionItem[] } {
  const { text, items } = readFile(file, configOf(platform));
  return { text, items: items.filter((i): i is FunctionItem => i.kind === "function") };
}

/** The options that files are read under, as lines of C. */
export const optionLines = (platform: Platform, settings: Settings = {}): string =>
  [...configOf(platform, settings)].map(([name, value]) => `#define ${name} ${value}\n`).join("");

const textsIn = (folder: string, ending: string): [name: string, text: string][] => {
  const dir = path.join(packageRoot(), "walkthroughs", folder);
  return readdirSync(dir)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => [name, readFileSync(path.join(dir, name), "utf8")]);
};

/** The texts of the scenarios and of the tours that ship, by file name. */
export const scenarioTexts = (): [string, string][] => textsIn("scenarios", ".yaml");
export const tourTexts = (): [string, string][] => textsIn("tours", ".tour.yaml");

/** The scenarios that ship. */
export const shippedScenarios = (): Scenario[] =>
  scenarioTexts().map(([name, text]) => {
    const { scenario } = readScenario(text);
    if (!scenario) throw new Error(`The scenario ${name} that ships can't be read.`);
    return scenario;
  });
