/** What a search has to say about a scenario: each property's standing, the bounds, and the shortest executions of each failure. */
import { properties, propertyIds, type PropertyId } from "../machine/effects";
import type { Machine, Move } from "../machine/machine";
import { describeBounds } from "./bounds";
import type { Coverage } from "./coverage";
import type { Finding } from "./findings";
import { Search, type Progress, type SearchEnd, type SearchOptions } from "./search";
import { switchesIn, withFewestSwitches } from "./switches";
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

export interface Verdict {
  scenario: string;
  order: "sc" | "tso";
  /** "fails" as soon as one property is broken; "holds" only when every interleaving was looked at. */
  outcome: "holds" | "fails" | "unknown";
  properties: PropertyVerdict[];
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

/** States between two questions whether to go on. */
const SLICE = 20_000;
/** Sample executions that a verdict shows. */
const SAMPLES = 3;
const WALKS = 200;
/** Walks are drawn by lot, but the same ones each time. */
const SEED = 1;

/**
 * Looks at every interleaving of the machine's scenario. A reduced search decides; when it finds a failure, a plain one
 * follows for the shortest execution of it. Gives control back between slices.
 */
export function* check(machine: Machine, options: VerdictOptions = {}): Generator<Progress, Verdict> {
  const reduce = options.reduce ?? true;
  let last = yield* through(new Search(machine, { ...options, reduce }), options);
  if (last.search.findings.size > 0 && reduce && last.end === "complete") {
    const second = yield* through(new Search(machine, { ...options, reduce: false }), options);
    if (second.end === "complete") last = second;
  }
  const { search, end } = last;
  const walks = end === "complete" || end === "stopped" ? 0 : options.walks ?? WALKS;
  const walked = yield* walking(machine, walks, search, options);
  const never = new Set(search.neverReached);
  const standing = (id: PropertyId, failures: number): Standing => (failures > 0 ? "fails" : end !== "complete" ? "unknown" : never.has(id) ? "never reached" : "holds");
  const verdicts = propertyIds.map((id): PropertyVerdict => {
    const failures = [...search.failuresOf(id), ...(walked.get(id) ?? [])];
    return { id, ...properties[id], standing: standing(id, failures.length), counterexamples: counterexamplesOf(machine, failures) };
  });
  const outcome = verdicts.some((p) => p.standing === "fails") ? "fails" : end === "complete" ? "holds" : "unknown";
  return {
    scenario: machine.scenario.id, order: machine.scenario.order, outcome, properties: verdicts,
    bounds: describeBounds(machine, end, { ...options, walks }), progress: search.progress, end,
    samples: outcome === "holds" ? samplesOf(machine, SAMPLES) : [], coverage: search.coverage(),
  };
}

/** Random walks beyond the bounds; each property's shortest failure, as a list of one. */
function* walking(machine: Machine, walks: number, { progress }: Search, options: VerdictOptions): Generator<Progress, Map<PropertyId, Finding[]>> {
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
      const wanted = `${f.property} ${f.why}`;
      const moves = f.property === "deadlock" ? f.moves : withFewestSwitches(machine, f.moves, (_before, _move, _after, why) => why.includes(wanted));
      return { why: f.why, moves, switches: switchesIn(moves) };
    })
    .sort((a, b) => a.moves.length - b.moves.length || a.switches - b.switches);
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
