/**
 * Why is this line here? The program is checked without it (and with it exchanged with its neighbour) across the
 * scenarios; what breaks then, and didn't before, is the answer.
 */
import { t } from "@vscode/l10n";
import { LayoutError } from "../machine/layout";
import { Machine, type Move } from "../machine/machine";
import type { CParser } from "../kernel/parse";
import { buildProgram } from "../kernel/program";
import { positionAt, type SourceFile } from "../kernel/source";
import { exchanged, without, type Statement } from "../kernel/statements";
import type { FunctionItem } from "../kernel/items";
import type { Scenario } from "../scenario/model";
import { joinCoverage, type Coverage } from "./coverage";
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

/** A promise that the source breaks as it stands, and keeps with a change. */
export interface Mended {
  scenario: Scenario;
  property: string;
}

export interface WhyAnswer {
  statement: Statement;
  /** Does any scenario come to it? */
  reached: boolean;
  removed?: Consequence;
  /** What is kept without it, and broken as the source stands. */
  removedMends: Mended[];
  /** Exchanged with the statement after it. */
  exchanged?: Consequence;
  exchangedMends: Mended[];
  /** The change can't be run: why not. */
  refused?: string;
}

/** What the scenarios do as the source stands. */
export interface Baseline {
  /** What each breaks, by `keyOf`. */
  broken: Map<string, Set<string>>;
  coverage: Coverage;
  /** Has every state of every scenario been looked at? */
  complete: boolean;
}

/** States that one search may visit, unless said otherwise. */
const MAX_STATES = 2_000_000;
/** States between two occasions to stop. */
const SLICE = 500;

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

/** What a change of the source does: what it breaks beyond the baseline, shortest first, and what it mends. */
interface Effect {
  broken: Consequence[];
  mended: Mended[];
}

const noEffect: Effect = { broken: [], mended: [] };

/** Checks a changed set of files on every scenario. */
function* effectOf({ parser, files, scenarios, maxStates = MAX_STATES }: WhyInput, baseline: Baseline): Generator<void, Effect> {
  const effect: Effect = { broken: [], mended: [] };
  for (const own of configured(scenarios)) {
    const { platform, settings } = own[0];
    const program = buildProgram({ parser, files, platform, settings });
    for (const scenario of own) {
      yield;
      const machine = new Machine(program, scenario);
      const known = baseline.broken.get(keyOf(scenario)) ?? new Set<string>();
      const { fresh, gone } = yield* comparedTo(known, machine, maxStates);
      for (const f of fresh) effect.broken.push({ scenario, machine, property: f.property, why: f.why, moves: f.moves });
      for (const property of gone) effect.mended.push({ scenario, property });
    }
  }
  effect.broken.sort((a, b) => a.moves.length - b.moves.length);
  return effect;
}

/** What one machine breaks that isn't known, and keeps of what is: a reduced search tells whether there is anything, a plain one gives the shortest. */
function* comparedTo(known: Set<string>, machine: Machine, maxStates: number): Generator<void, { fresh: Finding[]; gone: string[] }> {
  const freshOf = (s: Search): Finding[] => [...s.findings.values()].filter((f) => !known.has(f.property));
  const reduced = new Search(machine, { reduce: true, symmetry: true, maxStates });
  while (reduced.run(SLICE)) yield;
  const gone = reduced.end === "complete" ? [...known].filter((p) => !reduced.has(p)) : [];
  if (freshOf(reduced).length === 0) return { fresh: [], gone };
  const plain = new Search(machine, { symmetry: true, maxStates, stopAt: (p) => !known.has(p) });
  while (plain.run(SLICE)) yield;
  const fresh = freshOf(plain);
  return { fresh: fresh.length ? fresh : freshOf(reduced), gone };
}

/** What the scenarios do as the source stands: to be known before any line is taken out. */
export function* baselineOf({ parser, files, scenarios, maxStates = MAX_STATES }: WhyInput): Generator<void, Baseline> {
  const broken: Baseline["broken"] = new Map();
  const coverages: Coverage[] = [];
  let complete = true;
  for (const own of configured(scenarios)) {
    const { platform, settings } = own[0];
    const program = buildProgram({ parser, files, platform, settings });
    for (const scenario of own) {
      yield;
      const search = new Search(new Machine(program, scenario), { reduce: true, symmetry: true, maxStates });
      while (search.run(SLICE)) yield;
      broken.set(keyOf(scenario), new Set(search.properties));
      coverages.push(search.coverage());
      complete &&= search.end === "complete";
    }
  }
  return { broken, coverage: joinCoverage(coverages), complete };
}

/** Whether a scenario comes to a statement: only complete searches can say that none does. */
function isReached(baseline: Baseline, item: FunctionItem, statement: Statement): boolean {
  const states = baseline.coverage.lines.get(item.file.uri)?.get(positionAt(item.file, statement.start).line);
  return states !== 0 || !baseline.complete;
}

/** The answer for one statement of a function. */
export function* why(input: WhyInput, item: FunctionItem, statement: Statement, list: readonly Statement[], baseline: Baseline): Generator<void, WhyAnswer> {
  const changed = (file: SourceFile): WhyInput => ({ ...input, files: input.files.map((f) => (f === item.file ? file : f)) });
  const reached = isReached(baseline, item, statement);
  const next = statement.next === undefined ? undefined : list[statement.next];
  const answer: WhyAnswer = { statement, reached, removedMends: [], exchangedMends: [] };
  try {
    // What no scenario comes to can be missed by none.
    const removal = reached ? yield* effectOf(changed(without(item.file, statement)), baseline) : noEffect;
    answer.removed = removal.broken[0];
    answer.removedMends = removal.mended;
    const exchange = next && (reached || isReached(baseline, item, next)) ? yield* effectOf(changed(exchanged(item.file, statement, next)), baseline) : noEffect;
    answer.exchanged = exchange.broken[0];
    answer.exchangedMends = exchange.mended;
  } catch (e) {
    if (!(e instanceof LayoutError)) throw e;
    answer.refused = e.message;
  }
  return answer;
}

/** The answers for every statement of a function, in the order of the text. */
export function* explainFunction(input: WhyInput, item: FunctionItem, list: readonly Statement[]): Generator<void, WhyAnswer[]> {
  const baseline = yield* baselineOf(input);
  const answers: WhyAnswer[] = [];
  for (const s of list) answers.push(yield* why(input, item, s, list, baseline));
  return answers;
}

/** An answer in a few sentences. */
export function answerText(a: WhyAnswer): string {
  if (a.refused) return t("Without it the program can't be run: {0}", a.refused);
  if (!a.reached) return "No scenario comes here, so that none can tell.";
  const told = (c: Consequence) => t("{0} fails in {1} steps, {2}: {3}", nameOf(c.scenario), c.moves.length, c.property, c.why);
  const parts = [a.removed ? t("Without it, {0}", told(a.removed)) : t("Nothing in these scenarios needs it.")];
  if (a.removedMends.length) parts.push(t("Without it, {0}", mendsText(a.removedMends)));
  if (a.exchanged) parts.push(t("Exchanged with the next statement, {0}", told(a.exchanged)));
  if (a.exchangedMends.length) parts.push(t("Exchanged with the next statement, {0}", mendsText(a.exchangedMends)));
  return parts.join(" ");
}

const nameOf = (s: Scenario): string => `${s.id} (${s.order.toUpperCase()})`;

/** `switch-away (SC) keeps stale-translation, which it breaks as the source stands.` */
const mendsText = (mended: readonly Mended[]): string => t("{0}, which it breaks as the source stands.", mended.map((m) => t("{0} keeps {1}", nameOf(m.scenario), m.property)).join(", "));
