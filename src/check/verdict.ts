/** What a search has to say about a scenario: each property's standing, the bounds, and the shortest executions of each failure. */
import { properties, propertyIds, sentenceOf, type PropertyId } from "../machine/effects";
import type { Machine, Move, State } from "../machine/machine";
import { askedName, type AskedProperty } from "./asked";
import { describeBounds } from "./bounds";
import type { Coverage } from "./coverage";
import { endlessIn } from "./endless";
import type { Finding } from "./findings";
import { Search, type Progress, type SearchEnd, type SearchOptions } from "./search";
import { replay, switchesIn, withFewestSwitches } from "./switches";
import { randomWalks, samplesOf } from "./walk";

/**
 * How a property stands. "holds" only when every interleaving was looked at; "never reached" when it holds because
 * nothing that it speaks of ever happened; "unknown" when the search ended early and found nothing against it.
 */
export type Standing = "holds" | "fails" | "never reached" | "unknown";

/** An execution that breaks a promise by its last move (or, for a deadlock, in its last state). */
export interface Counterexample {
  why: string;
  /** From the scenario's start. */
  moves: Move[];
  /** Changes from one CPU to another. */
  switches: number;
}

export interface PropertyVerdict {
  id: PropertyId;
  label: string;
  sentence: string;
  standing: Standing;
  /** Distinct ones, the shortest first; of equally short ones that with the fewest changes of CPU. Empty unless it fails. */
  counterexamples: Counterexample[];
}

/** The answer to what the reader asked for. */
export interface AskedVerdict {
  property: AskedProperty;
  /** As for other properties; what "can" be or "occurs" is "happens" or "never happens". "never reached": it could be worked out in no state. */
  standing: Standing | "happens" | "never happens";
  /** Distinct executions that break an "always", or that show what was asked for, the shortest first. */
  executions: Counterexample[];
  /** In how many states it could be worked out. */
  tried: number;
  /** Why it can't be asked of this scenario's program, which then decides by the rest. */
  refused?: string;
}

/** Is this answer a failure: a broken "always", or something that should occur and doesn't? */
export const isFailure = (a: AskedVerdict): boolean => a.standing === "fails" || (a.property.kind === "occurs" && (a.standing === "never happens" || a.standing === "never reached"));

export interface Verdict {
  scenario: string;
  order: "sc" | "tso";
  /** "fails" as soon as one property is broken, or what should occur never does; "holds" only when every interleaving was looked at. */
  outcome: "holds" | "fails" | "unknown";
  properties: PropertyVerdict[];
  /** The reader's own, in the order in which they were given. */
  asked: AskedVerdict[];
  /** Within which bounds, and what is exact: one sentence or two. */
  bounds: string;
  progress: Progress;
  end: SearchEnd;
  /** When all holds: a few executions from the start to the end, no two with the same interrupts taken at the same places. */
  samples: Move[][];
  coverage: Coverage;
}

export interface VerdictOptions extends SearchOptions {
  /** Called now and then; true ends the search with what is known so far. */
  cancelled?: (progress: Progress) => boolean;
  /** Random walks to make when the space is larger than the bounds. */
  walks?: number;
}

/** States between two questions whether to go on: few, for on a slow machine they are only ten thousand a second. */
const SLICE = 500;
/** Sample executions that a verdict shows. */
const SAMPLES = 3;
const WALKS = 200;
/** Walks are drawn by lot, but the same ones each time. */
const SEED = 1;

/**
 * Looks at every interleaving of the machine's scenario. A reduced search decides; what it finds broken, a plain one
 * looks for again, for the shortest executions. Gives control back between slices.
 */
export function* check(machine: Machine, options: VerdictOptions = {}): Generator<Progress, Verdict> {
  const reduce = options.reduce ?? true;
  const { search, end } = yield* through(new Search(machine, { ...options, reduce, symmetry: options.symmetry ?? true }), options);
  const shortest = end === "stopped" || !search.reduce ? search : yield* shortestOf(machine, search, options);
  const walks = end === "complete" || end === "stopped" ? 0 : options.walks ?? WALKS;
  const walked = yield* walking(machine, walks, search, options);
  const samples = end === "complete" && search.properties.length === 0 ? samplesOf(machine, SAMPLES) : undefined;
  const endless = samples?.endless && endlessIn(machine, samples.endless);
  const never = new Set(search.neverReached);
  const standing = (id: PropertyId, failures: number): Standing => (failures > 0 ? "fails" : end !== "complete" ? "unknown" : never.has(id) ? "never reached" : "holds");
  const verdicts = propertyIds.map((id): PropertyVerdict => {
    const failures = [...(shortest.has(id) ? shortest : search).failuresOf(id), ...(walked.get(id) ?? []), ...(endless?.property === id ? [endless] : [])];
    return { id, label: properties[id].label, sentence: sentenceOf(id, machine.program.promise), standing: standing(id, failures.length), counterexamples: counterexamplesOf(machine, failures) };
  });
  const asked = askedVerdicts(machine, search, end, options.asked ?? []);
  const failed = verdicts.some((p) => p.standing === "fails") || asked.some(isFailure);
  const outcome = failed ? "fails" : end === "complete" ? "holds" : "unknown";
  return {
    scenario: machine.scenario.id, order: machine.scenario.order, outcome, properties: verdicts, asked,
    bounds: describeBounds(machine, end, search, { ...options, walks, shortest: search.properties.every((p) => shortest.has(p)) }), progress: search.progress, end,
    samples: outcome === "holds" ? samples?.ended ?? [] : [], coverage: search.coverage(),
  };
}

/** A search that takes each step by itself, until it has found all that the reduced one has: its executions are the shortest. */
function* shortestOf(machine: Machine, reduced: Search, options: VerdictOptions): Generator<Progress, Search> {
  const wanted = reduced.properties;
  const plain = new Search(machine, { ...options, broken: undefined, reduce: false, symmetry: options.symmetry ?? true });
  while (!wanted.every((p) => plain.has(p)) && plain.run(SLICE)) {
    yield plain.progress;
    if (options.cancelled?.(plain.progress)) break;
  }
  return plain;
}

function askedVerdicts(machine: Machine, search: Search, end: SearchEnd, asked: readonly AskedProperty[]): AskedVerdict[] {
  return asked.map((property, i): AskedVerdict => {
    const executions = counterexamplesOf(machine, search.failuresOf(askedName(property)));
    const tried = search.tried[i];
    const known = (standing: AskedVerdict["standing"]) => (end !== "complete" ? "unknown" : tried === 0 ? "never reached" : standing);
    if (property.kind === "always") return { property, standing: executions.length ? "fails" : known("holds"), executions, tried };
    return { property, standing: executions.length ? "happens" : known("never happens"), executions, tried };
  });
}

/** Random walks beyond the bounds; each property's shortest failure, as a list of one. */
function* walking(machine: Machine, walks: number, { progress }: Search, options: VerdictOptions): Generator<Progress, Map<string, Finding[]>> {
  const work = randomWalks(machine, SEED, (n) => n >= walks || (options.cancelled?.(progress) ?? false));
  for (;;) {
    const { done, value } = work.next();
    if (done) return new Map([...value].map(([id, f]) => [id, [f]]));
    yield progress;
  }
}

function counterexamplesOf(machine: Machine, failures: readonly Finding[]): Counterexample[] {
  return failures
    .map((f): Counterexample => {
      const ends = endOf(machine, f);
      const moves = withFewestSwitches(machine, f.moves, ends);
      return { why: f.why, moves, switches: switchesIn(moves) };
    })
    .sort((a, b) => a.moves.length - b.moves.length || a.switches - b.switches);
}

/** Does an execution end as this one does: by the same broken promise, or where none was broken by the last move, in the same state? */
function endOf(machine: Machine, f: Finding): (after: State, whys: readonly string[]) => boolean {
  const last = replay(machine, f.moves);
  const wanted = `${f.property} ${f.why}`;
  return last.whys.includes(wanted) ? (_after, whys) => whys.includes(wanted) : (after) => after.every((w, i) => w === last.state[i]);
}

function* through(search: Search, options: VerdictOptions): Generator<Progress, { search: Search; end: SearchEnd }> {
  while (search.run(SLICE)) {
    yield search.progress;
    if (options.cancelled?.(search.progress)) return { search, end: "stopped" };
  }
  return { search, end: search.end! };
}

/** The same, in one go. */
export function checkNow(machine: Machine, options: VerdictOptions = {}): Verdict {
  const run = check(machine, options);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

/** The first counterexample that a reader should see: the shortest of all. */
export function shortest(v: Verdict): { property: PropertyVerdict; counterexample: Counterexample } | undefined {
  const all = v.properties.flatMap((property) => property.counterexamples.slice(0, 1).map((counterexample) => ({ property, counterexample })));
  return all.sort((a, b) => a.counterexample.moves.length - b.counterexample.moves.length)[0];
}
