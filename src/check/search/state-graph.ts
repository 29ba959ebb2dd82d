/**
 * The transitions between states that a search has found: it keeps the states alone, and so they are computed again.
 */
import type { Explorer } from "../explore/explorer";
import { StateStore } from "../store/state-store";
import { Successors } from "../store/system";
import type { BreadthFirst } from "./breadth-first";

/** States that are expanded at a time. */
const BATCH = 1024;

/**
 * Calls `show` for every transition, with the numbers of the states that it leads from and to, and `terminal` for every
 * state in which nothing but fills can happen. Yields between batches.
 */
export function* transitionsOf(
  explorer: Explorer,
  search: BreadthFirst,
  show: (from: number, to: number) => void,
  terminal: (at: number) => void,
): Generator<void> {
  const { words } = explorer;
  const known = new StateStore(words, 4096);
  const batches: Int32Array[] = [];
  for (let first = 0, end = 0; first < search.states; first = end) {
    end = search.limit(first, Math.min(first + BATCH, search.states));
    const keys = search.keys(first, end).slice();
    for (let at = 0; at < keys.length; at += words) known.internAt(keys, at);
    batches.push(keys);
  }
  const out = new Successors(words);
  let first = 0;
  for (const keys of batches) {
    yield;
    const end = first + keys.length / words;
    out.count = 0;
    explorer.expandAll(keys, first, end, out, { terminal: (_key, at) => terminal(at) });
    for (let i = 0; i < out.count; i++) show(out.from[i], known.findAt(out.keys, i * words));
    first = end;
  }
}
