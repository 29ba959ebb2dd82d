/** How often a search has seen a CPU at each instruction, summed up from the transitions: what coverage is made of. */
import { MoveAt, type Transitions } from "./transitions";

/**
 * For each instruction, in how many of the expanded states a CPU was about to run it, or passed it in a chain of local
 * steps. `chains` has the instructions of each chain; `pcOf` gives the instruction of an own part.
 */
export function visitsOf(
  transitions: Transitions,
  chains: readonly Int32Array[],
  pcOf: (part: number) => number,
): Map<number, number> {
  const byPart = new Map<number, number>(),
    byPc = new Map<number, number>();
  const add = (to: Map<number, number>, k: number, n: number) => to.set(k, (to.get(k) ?? 0) + n);
  transitions.forEach((row) => {
    const visits = transitions.visits(row);
    if (visits === 0) return;
    add(byPart, transitions.rowOwn(row), visits);
    for (let at = transitions.firstMove(row), end = transitions.endOfMoves(row); at < end; at += MoveAt.size) {
      const chain = transitions.chain(at);
      if (chain >= 0) for (const pc of chains[chain]) add(byPc, pc, visits);
    }
  });
  for (const [part, n] of byPart) add(byPc, pcOf(part), n);
  return byPc;
}
