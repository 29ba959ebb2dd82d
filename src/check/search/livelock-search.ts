/**
 * Livelocks, exactly: is there a state from which no execution comes to its end? All transitions are computed once
 * more, and followed backwards from the states in which all is done. The reductions change nothing of that: from a
 * state that a chain of local steps skipped, and from one that is represented by a permutation of it, the end can be
 * reached if and only if it can from the state that was kept.
 */
import type { Search } from "./search";

/** In larger state spaces it is not looked for. */
export const MOST_STATES = 200_000;

/**
 * The first state, in the order of the search, from which no execution comes to its end; undefined when each has one.
 * The search must be complete, and have found no violation.
 */
export function* livelockedState(search: Search): Generator<void, number | undefined> {
  const { states, edges } = search.progress;
  // The predecessors of each state, as linked lists: the list of a state begins at `first`, and `next` goes on in it.
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
