/**
 * Paths to states that a search has found. The search keeps the parent of each state, but not the move that led to it:
 * that is found by executing the path again.
 */
import type { Explorer } from "../explore/explorer";
import type { Finding } from "../explore/finding";
import { moveKind, type Machine, type Move } from "../../machine/machine";
import type { BreadthFirst } from "./breadth-first";
import { deadlockIn } from "./deadlock";
import type { Discovery } from "./discoveries";
import { replay } from "./switches";

/** The moves of a shortest path from the start to state number `index`. */
export function movesTo(machine: Machine, explorer: Explorer, search: BreadthFirst, index: number): Move[] {
  const path: number[] = [];
  for (let i = index; i > 0; i = search.parent(i)) path.push(i);
  const { state } = machine.initial();
  const target = new Int32Array(explorer.words);
  return path.reverse().flatMap((i) => {
    search.read(i, target);
    const moves = explorer.path(state, target);
    if (!moves) throw new Error("a state was lost on the way to a violation");
    return moves;
  });
}

/**
 * With symmetry, the state of a discovery is the representative of its class, and `moves`, the path to it, may end in
 * another state of the class. This gives the violation that corresponds there: by a move of the same kind.
 */
export function findingAfter(machine: Machine, { property, why, move }: Discovery, moves: Move[]): Finding {
  const { state } = replay(machine, moves);
  if (move === undefined)
    return { property, why: property === "deadlock" ? (deadlockIn(machine, state) ?? why) : why, moves };
  for (const m of machine.moves(state)) {
    const broken =
      moveKind(m) === moveKind(move)
        ? machine.apply(state, m).violations.find((v) => v.property === property)
        : undefined;
    if (broken) return { property, why: broken.why, moves: [...moves, m] };
  }
  throw new Error("a state breaks a promise that one like it keeps");
}
