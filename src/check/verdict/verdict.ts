/**
 * The verdict on a scenario: the standing of each property, the bounds, and the shortest executions of each failure.
 */
import { whyNotApplicable } from "../../machine/requirements/applies";
import { properties, propertyIds, sentenceOf, type PropertyId } from "../../machine/effects";
import type { Machine, Move } from "../../machine/machine";
import { answersTo, isFailure, unanswered, type AskedVerdict } from "./answers";
import { Asked, type AskedProperty } from "../search/asked";
import { describeAnswers, describeBounds } from "./bounds";
import type { Coverage } from "../search/coverage";
import { counterexamplesOf, decide, type Counterexample, type DecideOptions } from "./decide";
import { livelockFrom, livelockIn } from "./livelock";
import { livelockedState, MOST_STATES } from "../search/livelock-search";
import type { Finding } from "../explore/finding";
import { Search, type Progress, type SearchEnd } from "../search/search";
import { randomWalks, samplesOf } from "../explore/walk";
import { premisesOf, type Premise } from "../../machine/rests-on";
import { hasChoices, workloadChosen } from "../../machine/view/workload";
import { settingsBehind, type DecidingSetting, type FailingPart, type ProgramUnder } from "./hangs-on";
import type { Standing } from "./standing";

export type { AskedVerdict } from "./answers";
export { isFailure } from "./answers";
export type { Counterexample } from "./decide";

export interface PropertyVerdict {
  id: PropertyId;
  label: string;
  sentence: string;
  standing: Standing;
  /**
   * Distinct ones, the shortest first; of equally short ones that with the fewest switches between CPUs. Those that
   * rest on something unknown come last; where all do, it stands as "unknown".
   */
  counterexamples: Counterexample[];
}

export interface Verdict {
  scenario: string;
  order: "sc" | "tso";
  /**
   * "doesn't apply" where the kernel lacks what the scenario is about, as `bounds` says: nothing was run. "fails" as
   * soon as one property is broken, or what should occur never does; "holds" only when every interleaving was looked
   * at.
   */
  outcome: "holds" | "fails" | "unknown" | "doesn't apply";
  properties: PropertyVerdict[];
  /** The reader's own, in the order in which they were given. */
  asked: AskedVerdict[];
  /** Within which bounds, and what is exact: one sentence or two. */
  bounds: string;
  progress: Progress;
  end: SearchEnd;
  /**
   * When all holds: a few executions from the start to the end, no two with the same interrupts taken at the same
   * places.
   */
  samples: Move[][];
  coverage: Coverage;
  /**
   * What the answer rests on and nobody knows. Not empty only where the outcome is "unknown": a failure that is shown
   * by an execution without any unknown stands.
   */
  restsOn: Premise[];
  /** No CPU is asked to do anything, so that nothing could be broken. */
  idle: boolean;
  /** Settings of the kernel that a failure hangs on: it isn't there with one of them the other way. */
  hangsOn: DecidingSetting[];
}

export interface VerdictOptions extends DecideOptions {
  /** Random walks to make when the space is larger than the bounds. */
  walks?: number;
  /** The same files under other settings; with it, a failure says which settings it hangs on. */
  programUnder?: ProgramUnder;
}

/** Sample executions that a verdict shows. */
const SAMPLES = 3;
const WALKS = 200;
/** As many states as one workload is taken to have. */
const WORKLOAD_STATES = 50_000;
/** Walks are random, but the same ones each time. */
const SEED = 1;

/** Looks at every interleaving of the machine's scenario. Gives control back between slices. */
export function* check(
  machine: Machine,
  { asked = [], ...options }: VerdictOptions = {},
): Generator<Progress, Verdict> {
  const no = whyNotApplicable(machine.program, machine.scenario);
  if (no !== undefined) return notApplicable(machine, no, asked);
  for (const property of asked) new Asked(machine, property); // one that can't be read is refused before the search
  const own = yield* checkOwn(machine, options);
  if (asked.length === 0) return own;
  const { answers, end, premises } =
    own.end === "stopped"
      ? { answers: unanswered(asked), end: own.end, premises: own.restsOn }
      : yield* answersTo(machine, asked, options);
  const bounds =
    own.end === "complete" && end !== "complete" ? [own.bounds, describeAnswers(end, options)].join(" ") : own.bounds;
  const failed = answers.some(isFailure);
  return {
    ...own,
    asked: answers,
    bounds,
    outcome: failed ? "fails" : own.outcome === "holds" && premises.length > 0 ? "unknown" : own.outcome,
    restsOn: failed || own.outcome === "fails" ? [] : premises,
    samples: failed ? [] : own.samples,
  };
}

function notApplicable(machine: Machine, why: string, asked: readonly AskedProperty[]): Verdict {
  const search = new Search(machine, { maxStates: 0 });
  const always = premisesOf(machine.program, []);
  return {
    scenario: machine.scenario.id,
    order: machine.scenario.order,
    outcome: always.length ? "unknown" : "doesn't apply",
    properties: [],
    asked: unanswered(asked).map((a) => ({ ...a, refused: why })),
    bounds: why,
    progress: search.progress,
    end: "complete",
    samples: [],
    coverage: search.coverage(),
    restsOn: always,
    idle: false,
    hangsOn: [],
  };
}

/** The same for the properties of every scenario. */
function* checkOwn(machine: Machine, options: VerdictOptions): Generator<Progress, Verdict> {
  const { search, end, failuresOf, isShortest } = yield* decide(machine, options);
  const walks = end === "complete" || end === "stopped" || end === "broken" ? 0 : (options.walks ?? WALKS);
  const walked = yield* walking(machine, walks, search, options);
  const coverage = search.coverage();
  const sound = end === "complete" && search.properties.length === 0;
  const samples = sound ? samplesOf(machine, SAMPLES) : undefined;
  const { livelock, proved } = sound
    ? yield* livelockOf(machine, search, samples?.unfinished, options)
    : { livelock: undefined, proved: undefined };
  const never = new Set(search.neverReached);
  const premises = premisesOf(machine.program, search.unknowns);
  const standing = (id: PropertyId, failures: readonly Counterexample[]): Standing => {
    if (failures.some(isCertain)) return "fails";
    if (failures.length > 0 || end !== "complete" || premises.length > 0) return "unknown";
    return never.has(id) ? "never reached" : "holds";
  };
  const isCertain = (c: Counterexample): boolean => premisesOf(machine.program, c.unknowns).length === 0;
  const verdicts = propertyIds.map((id): PropertyVerdict => {
    const failures = [...failuresOf(id), ...(walked.get(id) ?? []), ...(livelock?.property === id ? [livelock] : [])];
    const counterexamples = counterexamplesOf(machine, failures);
    return {
      id,
      label: properties[id].label,
      sentence: sentenceOf(id, machine.program.promise),
      standing: standing(id, counterexamples),
      counterexamples: [...counterexamples.filter(isCertain), ...counterexamples.filter((c) => !isCertain(c))],
    };
  });
  const failed = verdicts.some((p) => p.standing === "fails");
  const hangsOn =
    failed && options.programUnder && end !== "stopped"
      ? yield* settingsBehind(failingPart(machine, verdicts, search), options.programUnder, options)
      : [];
  const outcome = failed ? "fails" : verdicts.some((p) => p.standing === "unknown") ? "unknown" : "holds";
  return {
    scenario: machine.scenario.id,
    order: machine.scenario.order,
    outcome,
    properties: verdicts,
    asked: [],
    bounds: describeBounds(machine, end, search, {
      ...options,
      walks,
      shortest: search.properties.every(isShortest),
      livelockFree: livelock ? undefined : proved,
    }),
    progress: search.progress,
    end,
    samples: outcome === "holds" ? (samples?.ended ?? []) : [],
    coverage,
    restsOn: outcome === "unknown" ? premises : [],
    hangsOn,
    idle: sound && machine.scenario.cpus.every((_, c) => !machine.hasStep(machine.initial().state, c)),
  };
}

/** What fails, to be tried under other settings: where CPUs choose, the first failure's workload alone. */
function failingPart(machine: Machine, verdicts: readonly PropertyVerdict[], search: Search): FailingPart {
  const failing = verdicts.filter((p) => p.standing === "fails");
  const all = { machine, broken: failing.map((p) => p.id), states: search.progress.states };
  if (!hasChoices(machine.scenario)) return all;
  const [{ id, counterexamples }] = failing;
  const choices = workloadChosen(machine.scenario, counterexamples[0].moves);
  return { machine, broken: [id], states: WORKLOAD_STATES, choices };
}

/** A livelock, if there is one. `proved`: all states were searched for it; otherwise only a walk that was cut off. */
function* livelockOf(
  machine: Machine,
  search: Search,
  walk: Move[] | undefined,
  options: VerdictOptions,
): Generator<Progress, { livelock?: Finding; proved: boolean }> {
  if (search.progress.states > MOST_STATES) return { livelock: walk && livelockIn(machine, walk), proved: false };
  const work = livelockedState(search);
  for (;;) {
    const { done, value } = work.next();
    if (done)
      return { livelock: value === undefined ? undefined : livelockFrom(machine, search.movesTo(value)), proved: true };
    if (options.cancelled?.(search.progress)) return { proved: false };
    yield search.progress;
  }
}

/** Random walks beyond the bounds; each property's shortest violation, as a list of one. */
function* walking(
  machine: Machine,
  walks: number,
  { progress }: Search,
  options: VerdictOptions,
): Generator<Progress, Map<string, Finding[]>> {
  const work = randomWalks(machine, SEED, (n) => n >= walks || (options.cancelled?.(progress) ?? false));
  for (;;) {
    const { done, value } = work.next();
    if (done) return new Map([...value].map(([id, f]) => [id, [f]]));
    yield progress;
  }
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
  const all = v.properties.flatMap((property) =>
    property.counterexamples.slice(0, 1).map((counterexample) => ({ property, counterexample })),
  );
  return all.sort((a, b) => a.counterexample.moves.length - b.counterexample.moves.length)[0];
}
