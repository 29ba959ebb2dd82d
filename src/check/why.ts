/**
 * Why is this line here? The program is checked without it (and with it exchanged with its neighbour) across the
 * scenarios; what breaks then, and didn't before, is the answer.
 */
import { LayoutError } from "../machine/layout";
import { Machine, type Move } from "../machine/machine";
import type { CParser } from "../kernel/parse";
import { buildProgram } from "../kernel/program";
import type { SourceFile } from "../kernel/source";
import { exchanged, statementsOf, without, type Statement } from "../kernel/statements";
import type { FunctionItem } from "../kernel/items";
import type { Scenario } from "../scenario/model";
import { Search, type Finding } from "./search";

export interface WhyInput {
  parser: CParser;
  files: SourceFile[];
  /** Scenarios to check, each in its own memory order. */
  scenarios: Scenario[];
  maxStates?: number;
}

/** What goes wrong with a change: the shortest of all that it breaks. */
export interface Consequence {
  scenario: Scenario;
  property: string;
  why: string;
  moves: Move[];
  /** The machine of the changed program, to step through. */
  machine: Machine;
}

export interface WhyAnswer {
  statement: Statement;
  removed?: Consequence;
  /** Exchanged with the statement after it. */
  exchanged?: Consequence;
  /** The change can't be run: why not. */
  refused?: string;
}

/** What each scenario breaks as the source stands. */
type Baseline = Map<string, Set<string>>;

const keyOf = (s: Scenario): string => `${s.id}/${s.order}`;

/** The scenarios in groups that run on one program: those of one platform with the same settings. */
function configured(scenarios: readonly Scenario[]): Scenario[][] {
  const groups = new Map<string, Scenario[]>();
  for (const s of scenarios) {
    const key = JSON.stringify([s.platform, s.settings ?? {}]);
    groups.set(key, [...(groups.get(key) ?? []), s]);
  }
  return [...groups.values()];
}

/** Checks a set of files on every scenario; gives what is broken beyond the baseline, shortest first. */
function* broken({ parser, files, scenarios, maxStates = 2_000_000 }: WhyInput, baseline: Baseline | undefined): Generator<void, Consequence[]> {
  const found: Consequence[] = [];
  for (const own of configured(scenarios)) {
    const { platform, settings } = own[0];
    const program = buildProgram({ parser, files, platform, settings });
    for (const scenario of own) {
      yield;
      const machine = new Machine(program, scenario);
      const known = baseline?.get(keyOf(scenario)) ?? new Set<string>();
      const findings = yield* findingsOf(machine, known, maxStates);
      for (const f of findings) found.push({ scenario, machine, property: f.property, why: f.why, moves: f.moves });
    }
  }
  return found.sort((a, b) => a.moves.length - b.moves.length);
}

/** New findings of one machine: a reduced search tells whether there are any, a plain one gives the shortest. */
function* findingsOf(machine: Machine, known: Set<string>, maxStates: number): Generator<void, Finding[]> {
  const fresh = (s: Search): Finding[] => [...s.findings.values()].filter((f) => !known.has(f.property));
  const reduced = new Search(machine, { reduce: true, symmetry: true, maxStates });
  while (reduced.run(20_000)) yield;
  if (fresh(reduced).length === 0) return [];
  const plain = new Search(machine, { symmetry: true, maxStates, stopAt: (p) => !known.has(p) });
  while (plain.run(20_000)) yield;
  return fresh(plain).length ? fresh(plain) : fresh(reduced);
}

/** What the scenarios break as the source stands: to be known before any line is taken out. */
export function* baselineOf(input: WhyInput): Generator<void, Baseline> {
  const map: Baseline = new Map(input.scenarios.map((s) => [keyOf(s), new Set<string>()]));
  for (const own of configured(input.scenarios)) {
    const { platform, settings } = own[0];
    const program = buildProgram({ parser: input.parser, files: input.files, platform, settings });
    for (const scenario of own) {
      yield;
      const search = new Search(new Machine(program, scenario), { reduce: true, symmetry: true, maxStates: input.maxStates });
      while (search.run(20_000)) yield;
      map.set(keyOf(scenario), new Set(search.findings.keys()));
    }
  }
  return map;
}

/** The answer for one statement of a function. */
export function* why(input: WhyInput, item: FunctionItem, statement: Statement, list: readonly Statement[], baseline: Baseline): Generator<void, WhyAnswer> {
  const changed = (file: SourceFile): WhyInput => ({ ...input, files: input.files.map((f) => (f === item.file ? file : f)) });
  const answer: WhyAnswer = { statement };
  try {
    answer.removed = (yield* broken(changed(without(item.file, statement)), baseline))[0];
    const next = statement.next === undefined ? undefined : list[statement.next];
    if (next) answer.exchanged = (yield* broken(changed(exchanged(item.file, statement, next)), baseline))[0];
  } catch (e) {
    if (!(e instanceof LayoutError)) throw e;
    answer.refused = e.message;
  }
  return answer;
}

/** The answers for every statement of a function, in the order of the text. */
export function* explainFunction(input: WhyInput, item: FunctionItem): Generator<void, WhyAnswer[]> {
  const list = statementsOf(input.parser, item);
  const baseline = yield* baselineOf(input);
  const answers: WhyAnswer[] = [];
  for (const s of list) answers.push(yield* why(input, item, s, list, baseline));
  return answers;
}

/** An answer in a sentence or two. */
export function answerText(a: WhyAnswer): string {
  if (a.refused) return `Without it the program can't be run: ${a.refused}`;
  const told = (c: Consequence) => `${c.scenario.id} (${c.scenario.order.toUpperCase()}) fails in ${c.moves.length} steps, ${c.property}: ${c.why}`;
  const parts = [a.removed ? `Without it, ${told(a.removed)}` : "Nothing in these scenarios needs it."];
  if (a.exchanged) parts.push(`Exchanged with the next statement, ${told(a.exchanged)}`);
  return parts.join(" ");
}
