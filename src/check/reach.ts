/**
 * The shortest execution that reaches something: breadth-first over the machine's own moves.
 * Speculative fills are left out, for they change no program counter; so the answer is the shortest there is.
 */
import { MoveKind, moveKind, type Machine, type Move, type State } from "../machine/machine";
import { StateStore } from "./store";

export interface Reached {
  /** From the initial state. */
  moves: Move[];
  states: number;
}

export interface ReachOptions {
  /** Give up after this many states. */
  maxStates?: number;
}

/** Finds the shortest run to a state that `goal` accepts, or says how many states were searched in vain. */
export function reach(machine: Machine, goal: (s: State) => boolean, { maxStates = 200_000 }: ReachOptions = {}): Reached | { states: number; complete: boolean } {
  const start = machine.initial().state;
  if (goal(start)) return { moves: [], states: 1 };
  const store = new StateStore(start.length);
  store.add(start);
  const parent: number[] = [-1];
  const via: Move[] = [0];
  const work = new Int32Array(start.length);
  const next = new Int32Array(start.length);
  for (let at = 0; at < store.count; at++) {
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
