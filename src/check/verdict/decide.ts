/**
 * A reduced search decides; the violations that it finds are searched for again without reduction, for shortest
 * executions.
 */
import type { Machine, Move, State } from "../../machine/machine";
import { chosenActions, hasChoices, workloadText } from "../../machine/view/workload";
import type { Finding } from "../explore/finding";
import { unknownsIn } from "../../machine/rests-on";
import { Search, type Progress, type SearchEnd, type SearchOptions } from "../search/search";
import { shortestOf, type Shortest } from "./shortest";
import { replay, switchesIn, withFewestSwitches } from "../search/switches";

/** An execution that violates a property by its last move (or, for a deadlock, in its last state). */
export interface Counterexample {
  why: string;
  /** From the scenario's start. */
  moves: Move[];
  /** Switches from one CPU to another. */
  switches: number;
  /** What the CPUs chose to do, where they do; see workloadOf(). */
  workload?: string;
  /** What it rests on that isn't known: indices into `Program.unknowns`. Empty where the execution is certain. */
  unknowns: number[];
}

export interface DecideOptions extends SearchOptions {
  /** End the search when the first promise is broken: what else may fail is of no interest. */
  untilBroken?: boolean;
  /** Called now and then; true ends the search with what is known so far. */
  cancelled?: (progress: Progress) => boolean;
}

export interface Decided {
  /** The search that decided, and how it ended. */
  search: Search;
  end: SearchEnd;
  /** Violations of a property (or executions that a question looks for), the shortest first where `isShortest`. */
  failuresOf(property: string): Finding[];
  isShortest(property: string): boolean;
}

/** States between two checks whether to go on: few, since a slow machine expands only ten thousand a second. */
const SLICE = 500;

/** Searches every interleaving. Yields between slices. */
export function* decide(machine: Machine, options: DecideOptions): Generator<Progress, Decided> {
  const reduced = {
    ...options,
    reduce: options.reduce ?? true,
    symmetry: options.symmetry ?? true,
    ...(options.untilBroken && { stopAt: () => true }),
  };
  const search = new Search(machine, reduced);
  const end = yield* toTheEnd(search, options);
  const shortest: Shortest =
    end === "stopped" || !search.reduce
      ? search
      : yield* shortestOf(machine, search, {
          ...reduced,
          // The search that decided is still there.
          maxBytes: options.maxBytes === undefined ? undefined : options.maxBytes - search.progress.bytes,
        });
  return {
    search,
    end,
    failuresOf: (property) => (shortest.has(property) ? shortest : search).failuresOf(property),
    isShortest: (property) => shortest.has(property),
  };
}

function* toTheEnd(search: Search, options: DecideOptions): Generator<Progress, SearchEnd> {
  while (search.run(SLICE)) {
    yield search.progress;
    if (options.cancelled?.(search.progress)) return "stopped";
  }
  return search.end!;
}

/** The executions of these violations, with as few switches between CPUs as possible; the shortest first. */
export function counterexamplesOf(machine: Machine, failures: readonly Finding[]): Counterexample[] {
  return failures
    .map((f): Counterexample => {
      const ends = endOf(machine, f);
      const moves = withFewestSwitches(machine, f.moves, ends);
      const { scenario } = machine;
      return {
        why: f.why,
        moves,
        switches: switchesIn(moves),
        ...(hasChoices(scenario) && { workload: workloadText(chosenActions(scenario, moves)) }),
        unknowns: [...unknownsIn(machine, moves)],
      };
    })
    .sort((a, b) => a.moves.length - b.moves.length || a.switches - b.switches);
}

/**
 * The same for a reader, who follows one CPU most easily: those with the fewest switches first, of these the shortest.
 */
export const fewestSwitchesFirst = (list: readonly Counterexample[]): Counterexample[] =>
  [...list].sort((a, b) => a.switches - b.switches || a.moves.length - b.moves.length);

/**
 * Does an execution end as this one does: by the same violation, or where its last move violates nothing, in the same
 * state?
 */
function endOf(machine: Machine, f: Finding): (after: State, whys: readonly string[]) => boolean {
  const last = replay(machine, f.moves);
  const wanted = `${f.property} ${f.why}`;
  return last.whys.includes(wanted)
    ? (_after, whys) => whys.includes(wanted)
    : (after) => after.every((w, i) => w === last.state[i]);
}
