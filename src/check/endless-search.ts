/**
 * Loops that never end, exactly: is there a state from which no execution comes to its end? What was searched is looked at
 * once more, backwards from where all is done. Steps that are taken together, and CPUs that are exchanged, change nothing
 * of it: from a state that was passed by, the end can be reached if it can from the one after it.
 */
import type { Search } from "./search";

/** More states are not looked at once more. */
export const MOST_STATES = 200_000;
/** States between two pauses. */
const PAUSE = 1_000;

/** The first state, in the order in which they were found, from which no execution comes to its end; undefined when each has one. The search must be complete, with nothing found broken. */
export function* lostState(search: Search): Generator<void, number | undefined> {
  const { states } = search.progress;
  // For each state those that lead to it, as lists in one array: a state's list begins at `first`, and `next` goes on in it.
  const first = new Int32Array(states).fill(-1), next: number[] = [], from: number[] = [];
  const canEnd = new Uint8Array(states), todo: number[] = [];
  const follow = search.successors();
  for (let at = 0; at < states; at++) {
    if (at % PAUSE === 0) yield;
    const goesOn = follow(at, (to) => {
      next.push(first[to]);
      first[to] = from.push(at) - 1;
    });
    if (goesOn) continue;
    canEnd[at] = 1;
    todo.push(at);
  }
  for (let s = todo.pop(); s !== undefined; s = todo.pop()) {
    for (let e = first[s]; e >= 0; e = next[e]) {
      if (canEnd[from[e]]) continue;
      canEnd[from[e]] = 1;
      todo.push(from[e]);
    }
  }
  const lost = canEnd.indexOf(0);
  return lost < 0 ? undefined : lost;
}
