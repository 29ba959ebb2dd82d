/**
 * The shortest execution that reaches something: breadth-first over the machine's own moves.
 * Speculative fills are left out unless asked for: they change no program counter, so the way to a line is the shortest
 * without them.
 */
import type { Violation } from "../machine/effects";
import { MoveKind, moveKind, type Machine, type Move, type State } from "../machine/machine";
import { StateStore } from "./store";

export interface Reached {
  /** From the state at which the search began. */
  moves: Move[];
  states: number;
}

export interface ReachOptions {
  /** Give up after this many states. */
  maxStates?: number;
  /** Speculative TLB fills are moves too: needed where the goal depends on what a TLB holds. */
  fills?: boolean;
}

/** Is this what is looked for? `broken` has the promises that the last move broke. */
export type Goal = (s: State, broken: readonly Violation[]) => boolean;

/** What a search in vain has to say: how many states it saw, and whether these were all. */
export interface NotReached {
  states: number;
  complete: boolean;
}

/** Finds the shortest run to a state that `goal` accepts, or says how many states were searched in vain. */
export function reach(machine: Machine, goal: Goal, options?: ReachOptions): Reached | NotReached {
  const work = search(machine, machine.initial().state, goal, options);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** States between two pauses of a search. */
const PAUSE = 64;

/** The same from any state, pausing now and then (with the number of states seen) so that others can have their turn. */
export function* search(machine: Machine, start: State, goal: Goal, { maxStates = 200_000, fills = false }: ReachOptions = {}): Generator<number, Reached | NotReached> {
  if (goal(start, [])) return { moves: [], states: 1 };
  const store = new StateStore(start.length);
  store.add(start);
  const parent: number[] = [-1];
  const via: Move[] = [0];
  const work = new Int32Array(start.length);
  const next = new Int32Array(start.length);
  const broken: Violation[] = [];
  const observer = { violation: (v: Violation) => void broken.push(v) };
  for (let at = 0; at < store.count; at++) {
    if (at % PAUSE === PAUSE - 1) yield store.count;
    store.read(at, work);
    for (const m of machine.moves(work)) {
      if (!fills && moveKind(m) === MoveKind.fill) continue;
      next.set(work);
      broken.length = 0;
      machine.applyTo(next, m, observer);
      const isNew = store.add(next);
      // A promise is broken by a move, which may end in a state that is known.
      if ((isNew || broken.length > 0) && goal(next, broken)) {
        const moves: Move[] = [m];
        for (let i = at; i > 0; i = parent[i]) moves.push(via[i]);
        return { moves: moves.reverse(), states: store.count };
      }
      if (!isNew) continue;
      parent.push(at);
      via.push(m);
      if (store.count >= maxStates) return { states: store.count, complete: false };
    }
  }
  return { states: store.count, complete: true };
}
