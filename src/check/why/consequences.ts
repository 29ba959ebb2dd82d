/** What a change of the source does across the scenarios: what breaks then and didn't before, and what is mended. */
import { Machine, type Move } from "../../machine/machine";
import type { Program } from "../../kernel/ir";
import type { Scenario } from "../../scenario/scenario";
import { ProgramCache, MAX_STATES, runToEnd, type Baseline, type ScenarioBaseline, type WhyInput } from "./baseline";
import type { Finding } from "../explore/finding";
import { Search } from "../search/search";
import { distinct, premisesOf, unknownsIn, type Premise } from "../../machine/rests-on";

/** What goes wrong with a change: the shortest of all that it breaks. */
export interface Consequence {
  scenario: Scenario;
  property: string;
  why: string;
  moves: Move[];
  /** The machine of the changed program, to step through. */
  machine: Machine;
  /** What isn't known, and the execution or the source's own verdict rests on: then it goes wrong perhaps. */
  restsOn: Premise[];
}

/** A property that the source violates as it stands, and no longer does with a change. */
export interface Mended {
  scenario: Scenario;
  property: string;
}

export interface Effect {
  /** Beyond what is broken as the source stands; what is certain first, then the shortest. */
  broken: Consequence[];
  mended: Mended[];
  /** Scenarios that it was not tried on, or not to the end, without anything breaking. */
  untried: Scenario[];
  /** What isn't known, and the searches that found nothing rest on. */
  restsOn: Premise[];
}

/** A scenario of more states is left out when a smaller one has shown what goes wrong. */
const LARGE = 200_000;

export interface Change {
  /** The files with the change. */
  input: WhyInput;
  /** The function that it is made in. */
  fn: string;
  /** Can it make a difference where a scenario does this? */
  matters(k: ScenarioBaseline): boolean;
}

/** Tries a change on every scenario that it can matter to. */
export function* effectOf({ input, fn, matters }: Change, baseline: Baseline): Generator<number, Effect> {
  const effect: Effect = { broken: [], mended: [], untried: [], restsOn: [] };
  const { maxStates = MAX_STATES } = input;
  const programs = new ProgramCache(input);
  // What each scenario violates under TSO, where that was searched to the end.
  const underTso = new Map<string, string[]>();
  for (const known of baseline) {
    const { scenario } = known;
    if (!matters(known)) continue;
    yield 0;
    const program = programs.of(scenario);
    if (sameCode(known.program, program, fn)) continue;
    if (!known.complete || (known.states > LARGE && effect.broken.length > 0)) {
      effect.untried.push(scenario);
      continue;
    }
    // As in baselineOf(): what holds under TSO holds under SC.
    if (scenario.order === "sc" && known.broken.size === 0 && underTso.get(scenario.id)?.length === 0) continue;
    const machine = new Machine(program, scenario);
    const { fresh, broken, complete, unknowns } = yield* compareWith(known.broken, machine, maxStates);
    if (scenario.order === "tso" && complete) underTso.set(scenario.id, broken);
    if (complete)
      for (const property of known.broken) if (!broken.includes(property)) effect.mended.push({ scenario, property });
    if (fresh) {
      const { property, why, moves } = fresh;
      const restsOn = distinct([...known.restsOn, ...premisesOf(program, unknownsIn(machine, moves))]);
      effect.broken.push({ scenario, machine, property, why, moves, restsOn });
    } else {
      if (!complete) effect.untried.push(scenario);
      effect.restsOn = distinct([...effect.restsOn, ...known.restsOn, ...premisesOf(program, unknowns)]);
    }
  }
  const rank = (c: { scenario: Scenario }): number => input.scenarios.indexOf(c.scenario);
  const certain = (c: Consequence): number => Math.min(1, c.restsOn.length);
  effect.broken.sort((a, b) => certain(a) - certain(b) || a.moves.length - b.moves.length || rank(a) - rank(b));
  effect.mended.sort((a, b) => rank(a) - rank(b));
  return effect;
}

interface Compared {
  /** The shortest failure that isn't known. */
  fresh: Finding | undefined;
  /** Of the properties that were looked for, those that are broken. */
  broken: string[];
  /** Is nothing else broken? */
  complete: boolean;
  /** What the search that found out rests on: indices into `Program.unknowns`. */
  unknowns: Set<number>;
}

/**
 * What one machine violates: a reduced search finds out whether there is anything new, one without reduction gives the
 * shortest execution.
 */
function* compareWith(known: ReadonlySet<string>, machine: Machine, maxStates: number): Generator<number, Compared> {
  const isFresh = (property: string): boolean => !known.has(property);
  // What the source violates may be mended: then all has to be searched.
  const reduced = yield* runToEnd(
    new Search(machine, { reduce: true, symmetry: true, maxStates, stopAt: known.size > 0 ? undefined : isFresh }),
  );
  const broken = reduced.properties,
    complete = reduced.end === "complete";
  const { unknowns } = reduced;
  if (!broken.some(isFresh)) return { fresh: undefined, broken, complete, unknowns };
  const plain = yield* runToEnd(new Search(machine, { symmetry: true, maxStates, stopAt: isFresh }));
  const found = (s: Search): Finding | undefined =>
    [...s.findings.values()].filter((f) => isFresh(f.property)).sort((a, b) => a.moves.length - b.moves.length)[0];
  return { fresh: found(plain) ?? found(reduced), broken, complete, unknowns };
}

/** Is the function lowered to the same code? Then the two programs, which differ in its text alone, do the same. */
function sameCode(a: Program, b: Program, fn: string): boolean {
  const told = (p: Program): string =>
    JSON.stringify(
      [p.fns.get(fn)?.code, p.promise, p.initcalls, p.pcids, p.isolated, p.vectorBase],
      (key, value: unknown) => (key === "src" ? undefined : value),
    );
  return told(a) === told(b);
}
