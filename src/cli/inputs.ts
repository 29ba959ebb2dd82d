/** Reads what the commands are given, kernel trees and scenarios; a UsageError says what is wrong with them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { positionAt, type SourceFile } from "../kernel/syntax/source";
import { mustKnowSettings } from "../machine/requirements/settings-check";
import { withChanges } from "../scenario/scenario-changes";
import { FIRST_WORLD } from "../scenario/order";
import type { Scenario } from "../scenario/scenario";
import { readScenario } from "../scenario/read-scenario";
import { packageRoot, treeFiles } from "./node-host";
import { readTextIfThere } from "./read-text";
import { SourceTree } from "./source-tree";
import { UsageError } from "./usage-error";

export { UsageError };

/** The scenarios that ship, in the order of their files. */
export const builtInScenarios = (): Scenario[] => shippedIn("scenarios");

/** Worlds that ship: scenarios whose CPUs choose what they do. */
const worlds = (): Scenario[] => shippedIn("worlds");

/** Ids of the worlds, those that are looked at fastest first. */
export const worldNames = (): string[] => [
  FIRST_WORLD,
  ...worlds()
    .map((w) => w.id)
    .filter((id) => id !== FIRST_WORLD),
];

function shippedIn(kind: "scenarios" | "worlds"): Scenario[] {
  const folder = path.join(packageRoot(), "walkthroughs", kind);
  return readdirSync(folder)
    .filter((f) => f.endsWith(".yaml"))
    .flatMap((f) => readScenario(readFileSync(path.join(folder, f), "utf8")).scenario ?? []);
}

/** What the command line changes of a scenario. */
export interface Changes {
  order?: string;
  /** Settings, as NAME or NAME=NUMBER. */
  set?: string[];
}

/** A built-in scenario by its id, or one from a file, with these changes. */
export function scenarioNamed(name: string, changes: Changes = {}): Scenario {
  const shipped = [...builtInScenarios(), ...worlds()];
  return changed(shipped.find((s) => s.id === name) ?? scenarioFromFile(name), changes);
}

/**
 * Scenarios by their names, or all built-in ones, with these changes; each in both memory orders unless one is given.
 */
export function inOrders(names: readonly string[], { order, set }: Changes): Scenario[] {
  const named = names.length ? names.map((n) => scenarioNamed(n)) : builtInScenarios();
  return named.flatMap((s) =>
    (order === undefined ? ["sc", "tso"] : [order]).map((o) => changed(s, { order: o, set })),
  );
}

function changed(scenario: Scenario, { order = scenario.order, set = [] }: Changes): Scenario {
  if (order !== "sc" && order !== "tso") throw new UsageError(`There is no memory order "${order}": say sc or tso.`);
  return withChanges(scenario, { order, settings: Object.fromEntries(set.map(settingOf)) });
}

function settingOf(text: string): [string, number] {
  const m = /^([A-Za-z_]\w*)(?:=(-?\d+))?$/.exec(text);
  if (!m)
    throw new UsageError(
      `--set takes a setting's name, or its name and a number, as in X86_FEATURE_PCID=0; not "${text}".`,
    );
  return [m[1], Number(m[2] ?? 1)];
}

function scenarioFromFile(name: string): Scenario {
  const text = readTextIfThere(name);
  if (text === undefined)
    throw new UsageError(
      `There is no scenario "${name}": neither a built-in one (see tlbscope scenarios) nor a file of that name.`,
    );
  const { scenario, problems } = readScenario(text);
  if (scenario) return scenario;
  const file = { uri: name, path: name, text, origin: "open" as const };
  throw new UsageError(problems.map((p) => `${name}:${positionAt(file, p.range.start).line}: ${p.message}`).join("\n"));
}

/** The value of an option that takes a whole number, from `least` on; undefined where the option isn't given. */
export function wholeNumber(option: string, given: string | undefined, least = 1): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!/^\d+$/.test(given) || !Number.isSafeInteger(value) || value < least)
    throw new UsageError(`${option} takes a whole number, from ${least} on, not "${given}".`);
  return value;
}

/** The files of a tree, or none when no tree is given: then the built-in edition is run. */
export function filesOf(tree: string | undefined): SourceFile[] {
  if (tree === undefined) return [];
  if (!existsSync(tree) || !statSync(tree).isDirectory())
    throw new UsageError(`${tree} is no folder. Give the root of a kernel tree, the one that holds kernel/ and arch/.`);
  const files = treeFiles(tree);
  if (files.length === 0)
    throw new UsageError(
      `${tree} holds none of the protocol's files (kernel/sched.c, arch/x86/include/asm/mmu_context.h, …). Give ` +
        "the root of a kernel tree.",
    );
  return files;
}

/**
 * A tree with the headers that programs of these scenarios need, or the built-in edition. Throws a UsageError where
 * there is no tree, and an UnknownSetting where a scenario sets what nothing asks for.
 */
export async function sourceOf(tree: string | undefined, scenarios: readonly Scenario[]): Promise<SourceTree> {
  const source = await new SourceTree(tree, filesOf(tree)).follow(scenarios);
  for (const scenario of scenarios) if (scenario.settings) mustKnowSettings(await source.program(scenario), scenario);
  return source;
}
