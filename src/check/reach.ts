/**
 * The shortest execution that reaches something: breadth-first over the machine's own moves.
 * Speculative fills are left out, for they change no program counter; so the answer is the shortest there is.
 */
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
}

/** What a search in vain has to say: how many states it saw, and whether these were all. */
export interface NotReached {
  states: number;
  complete: boolean;
}

/** Finds the shortest run to a state that `goal` accepts, or says how many states were searched in vain. */
export function reach(machine: Machine, goal: (s: State) => boolean, options?: ReachOptions): Reached | NotReached {
  const work = search(machine, machine.initial().state, goal, options);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** States between two pauses of a search. */
const PAUSE = 64;

/** The same from any state, pausing now and then (with the number of states seen) so that others can have their turn. */
export function* search(machine: Machine, start: State, goal: (s: State) => boolean, { maxStates = 200_000 }: ReachOptions = {}): Generator<number, Reached | NotReached> {
  if (goal(start)) return { moves: [], states: 1 };
  const store = new StateStore(start.length);
  store.add(start);
  const parent: number[] = [-1];
  const via: Move[] = [0];
  const work = new Int32Array(start.length);
  const next = new Int32Array(start.length);
  for (let at = 0; at < store.count; at++) {
    if (at % PAUSE === PAUSE - 1) yield store.count;
    store.read(at, work);
    for (const m of machine.moves(work)) {
      if (moveKind(m) === MoveKind.fill) continue;
      next.set(work);
      machine.applyTo(next, m, { violation: () => undefined });
      if (!store.add(next)) continue;
      parent.push(at);
      via.push(m);
      if (goal(next)) {
        const moves: Move[] = [];
        for (let i = store.count - 1; i > 0; i = parent[i]) moves.push(via[i]);
        return { moves: moves.reverse(), states: store.count };
      }
      if (store.count >= maxStates) return { states: store.count, complete: false };
    }
  }
  return { states: store.count, complete: true };
}
