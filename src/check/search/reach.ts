/**
 * The shortest execution that reaches something: breadth-first over the machine's own moves. Speculative fills are left
 * out unless asked for: they change no program counter, so that the shortest path to a line needs none.
 */
import type { Violation } from "../../machine/effects";
import { MoveKind, moveKind, type Machine, type Move, type State } from "../../machine/machine";
import { Explorer } from "../explore/explorer";
import { StateStore } from "../store/state-store";

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

/** Is this the state that is looked for? `broken` has the violations of the last move. */
export type Goal = (s: State, broken: readonly Violation[]) => boolean;

/** What a search that found nothing has to say: how many states it saw, and whether these were all. */
export interface NotReached {
  states: number;
  complete: boolean;
}

/** States between two pauses of a search. */
const PAUSE = 64;

/**
 * Finds the shortest execution from a state to one that `goal` accepts, or says how many states were searched in vain.
 * Pauses after each few states, yielding their number, so that others have their turn.
 */
export function* search(
  machine: Machine,
  start: State,
  goal: Goal,
  { maxStates = 200_000, fills = false }: ReachOptions = {},
): Generator<number, Reached | NotReached> {
  if (goal(start, [])) return { moves: [], states: 1 };
  const explorer = new Explorer(machine);
  const seen = new StateStore(explorer.words, 1024);
  seen.add(explorer.keyOf(start));
  const parent: number[] = [-1];
  const via: Move[] = [0];
  const from = new Int32Array(explorer.words);
  const state = new Int32Array(start.length);
  let found: Move[] | undefined;
  for (let at = 0; at < seen.count; at++) {
    if (at % PAUSE === PAUSE - 1) yield seen.count;
    seen.read(at, from);
    explorer.expand(from, (key, move, broken) => {
      if (found || (!fills && moveKind(move) === MoveKind.fill)) return;
      const isNew = seen.add(key);
      if (isNew) {
        parent.push(at);
        via.push(move);
      } else if (broken.length === 0) return;
      // A violation belongs to a move, which may end in a known state.
      explorer.stateOf(key, state);
      if (!goal(state, broken)) return;
      found = [move];
      for (let i = at; i > 0; i = parent[i]) found.push(via[i]);
      found.reverse();
    });
    if (found) return { moves: found, states: seen.count };
    if (seen.count >= maxStates) return { states: seen.count, complete: false };
  }
  return { states: seen.count, complete: true };
}
