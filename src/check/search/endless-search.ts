/**
 * Loops that never end, exactly: is there a state from which no execution comes to its end? What was searched is
 * looked at
 * once more, backwards from where all is done. Steps that are taken together, and CPUs that are exchanged, change
 * nothing
 * of it: from a state that was passed by, the end can be reached if it can from the one after it.
 */
import type { Search } from "./search";

/** More states are not looked at once more. */
export const MOST_STATES = 200_000;

/**
 * The first state, in the order in which they were found, from which no execution comes to its end; undefined when
 * each has one. The search must be complete, with nothing found broken.
 */
export function* lostState(search: Search): Generator<void, number | undefined> {
  const { states, edges } = search.progress;
  // For each state those that lead to it, as lists: a state's list begins at `first`, and `next` goes on in it.
  const first = new Int32Array(states).fill(-1),
    next = new Int32Array(edges),
    from = new Int32Array(edges);
  const canEnd = new Uint8Array(states),
    todo: number[] = [];
  let count = 0;
  const show = (at: number, to: number) => {
    next[count] = first[to];
    from[count] = at;
    first[to] = count++;
  };
  yield* search.transitions(show, (at) => {
    canEnd[at] = 1;
    todo.push(at);
  });
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
