/** What the scenarios violate as the source stands: has to be known before anything of it is changed. */
import { whyNotApplicable } from "../../machine/requirements/applies";
import { Machine } from "../../machine/machine";
import type { Program } from "../../kernel/ir";
import type { CParser } from "../../kernel/syntax/tree/parse";
import { buildProgram } from "../../kernel/program";
import type { SourceFile } from "../../kernel/syntax/source";
import type { Scenario } from "../../scenario/scenario";
import { premisesOf, type Premise } from "../../machine/rests-on";
import type { Coverage } from "../search/coverage";
import { Search } from "../search/search";

export interface WhyInput {
  parser: CParser;
  files: SourceFile[];
  /** Scenarios to check, each in its own memory order. */
  scenarios: Scenario[];
  /** States that one search may visit. */
  maxStates?: number;
}

/** What one scenario does. */
export interface ScenarioBaseline {
  scenario: Scenario;
  program: Program;
  /** Properties that it breaks. */
  broken: ReadonlySet<string>;
  coverage: Coverage;
  states: number;
  /** Was the search complete? */
  complete: boolean;
  /** What it rests on that isn't known. */
  restsOn: Premise[];
}

/** In the order in which a change is tried: the smallest scenario first, of two memory orders TSO. */
export type Baseline = readonly ScenarioBaseline[];

/** States that one search may visit, unless said otherwise. */
export const MAX_STATES = 4_000_000;
/** States between two occasions to stop. */
const SLICE = 500;

/** Runs a search to its end; gives how many states it has visited so far, now and then. */
export function* runToEnd(search: Search): Generator<number, Search> {
  while (search.run(SLICE)) yield search.progress.states;
  return search;
}

/** Programs of one text: scenarios of the same platform with the same settings have one. */
export class ProgramCache {
  private readonly programs = new Map<string, Program>();

  constructor(private readonly input: WhyInput) {}

  of({ platform, settings }: Scenario): Program {
    const { parser, files } = this.input;
    const key = JSON.stringify([platform, settings ?? {}]);
    let program = this.programs.get(key);
    if (!program) this.programs.set(key, (program = buildProgram({ parser, files, platform, settings })));
    return program;
  }
}

/** Searches each scenario as the source stands. */
export function* baselineOf(input: WhyInput): Generator<number, Baseline> {
  const programs = new ProgramCache(input);
  const known: ScenarioBaseline[] = [];
  for (const scenario of [...input.scenarios].sort((a, b) => b.order.localeCompare(a.order))) {
    yield 0;
    if (whyNotApplicable(programs.of(scenario), scenario) !== undefined) continue;
    // Each execution under SC is one under TSO, in which every store is drained at once: where none of these breaks
    // anything, none of those does.
    const wider =
      scenario.order === "sc"
        ? known.find((k) => k.scenario.id === scenario.id && k.complete && k.broken.size === 0)
        : undefined;
    if (wider) {
      known.push({ ...wider, scenario });
      continue;
    }
    const program = programs.of(scenario);
    const search = yield* runToEnd(
      new Search(new Machine(program, scenario), {
        reduce: true,
        symmetry: true,
        maxStates: input.maxStates ?? MAX_STATES,
      }),
    );
    known.push({
      scenario,
      program,
      broken: new Set(search.properties),
      coverage: search.coverage(),
      states: search.progress.states,
      complete: search.end === "complete",
      restsOn: premisesOf(program, search.unknowns),
    });
  }
  const size = (k: ScenarioBaseline): number =>
    Math.max(...known.filter((o) => o.scenario.id === k.scenario.id).map((o) => (o.complete ? o.states : Infinity)));
  return known.sort(
    (a, b) =>
      compare(size(a), size(b)) ||
      (a.scenario.id === b.scenario.id ? b.scenario.order.localeCompare(a.scenario.order) : 0),
  );
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
