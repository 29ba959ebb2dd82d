/**
 * States as keys of numbered parts, and the transitions between them: what a search expands. With symmetry, the
 * representatives of classes of states.
 */
import type { Violation } from "../../machine/effects";
import type { Machine, Move, State } from "../../machine/machine";
import { Successors } from "../store/system";
import { Comparison } from "./comparison";
import { ComputedMoves, type ComputedMovesOptions } from "./computed-moves";
import type { Permutation } from "./permutations";
import { Symmetry } from "./symmetry";
import { Flag, MoveAt } from "./transitions";
import type { Vacuity } from "./vacuity";
import { visitsOf } from "./visits";

/** Called for each successor. */
export type OnSuccessor = (key: Int32Array, move: Move, violations: readonly Violation[]) => void;

export interface ExplorerOptions extends ComputedMovesOptions {
  /** Symmetry reduction: permutations of CPUs whose states count as one. None by default. */
  permutations?: readonly Permutation[];
}

/** Told of what is found while states are expanded. */
export interface ExpansionVisitor {
  /** Each transition and what it violates, in the order of the successors. Given this, no visits are counted. */
  transition?(m: Move, violations: readonly Violation[]): void;
  /** A move of the state with this key and number violates properties. */
  violations?(violations: readonly Violation[], from: Int32Array, index: number, m: Move): void;
  /** This state is terminal: nothing but speculative fills can happen in it. */
  terminal?(key: Int32Array, index: number): void;
}

const none: readonly Violation[] = [];

export class Explorer {
  readonly symmetry: Symmetry | undefined;
  private readonly moves: ComputedMoves;
  private readonly comparison: Comparison | undefined;

  constructor(
    readonly machine: Machine,
    { permutations = [], ...options }: ExplorerOptions = {},
  ) {
    this.moves = new ComputedMoves(machine, options);
    this.symmetry = permutations.length > 1 ? new Symmetry(permutations, this.words - 1) : undefined;
    this.comparison = this.symmetry && new Comparison(machine, this.symmetry, this.moves.transitions, this.moves);
  }

  /** Numbers in a key: one for each CPU, one for the shared part. */
  get words(): number {
    return this.moves.words;
  }

  /** Which properties have been exercised. */
  get vacuity(): Vacuity {
    return this.moves.vacuity;
  }

  /** What the moves that were computed came to rest on, and those that were tried and found waiting. */
  get unknowns(): Set<number> {
    return this.moves.unknowns;
  }

  /** Bytes that the parts and what is known of them take. */
  get bytes(): number {
    return this.moves.bytes;
  }

  /** The key of a state. */
  keyOf(s: State): Int32Array {
    return this.moves.keyOf(s);
  }

  /** Writes the state of a key into `into`. */
  stateOf(key: Int32Array, into: State): void {
    this.moves.stateOf(key, into);
  }

  /** The key of the initial state, which every permutation maps to itself. */
  startKey(s: State): Int32Array {
    const key = this.keyOf(s);
    if (this.symmetry)
      for (let c = 0; c < this.words; c++)
        this.symmetry.relate(
          c,
          this.symmetry.permutations.map((e) => key[e.cpu[c] ?? c]),
        );
    return key;
  }

  /**
   * Appends the successors of the states numbered `first` to `end - 1`, whose keys stand one after the other in `keys`;
   * with symmetry, the representative of each. Gives the number of transitions.
   */
  expandAll(keys: Int32Array, first: number, end: number, out: Successors, visitor: ExpansionVisitor): number {
    const { words, symmetry, comparison, moves: computed } = this;
    const last = words - 1;
    const before = out.count;
    for (let index = first, base = 0; index < end; index++, base += words) {
      let moves = 0;
      for (let c = 0; c < last; c++) {
        const known = computed.transitions[c];
        let row = known.find(keys[base + c], keys[base + last]);
        if (row < 0) row = computed.computeMoves(keys.subarray(base, base + words), c);
        if (comparison && !known.isCompared(row)) comparison.compareMoves(keys.slice(base, base + words), c, row);
        if (!visitor.transition) known.countVisit(row);
        out.reserve(known.moveCount(row));
        const { log } = known;
        for (let at = known.firstMove(row), endOfMoves = known.endOfMoves(row); at < endOfMoves; at += MoveAt.size) {
          const flags = log[at + MoveAt.flags],
            to = out.count * words;
          const used = log[at + MoveAt.used];
          if (used !== 0) computed.compareHistories(keys, base, c, used);
          if (flags & Flag.uncached) {
            if (!this.addUncached(keys.slice(base, base + words), index, log[at + MoveAt.move], out, visitor)) continue;
          } else {
            const into = out.keys;
            for (let k = 0; k < words; k++) into[to + k] = keys[base + k];
            into[to + c] = log[at + MoveAt.own];
            into[to + last] = log[at + MoveAt.shared];
            out.from[out.count++] = index;
            visitor.transition?.(log[at + MoveAt.move], none);
          }
          if ((flags & Flag.fill) === 0) moves++;
          symmetry?.canonical(out.keys, to);
        }
      }
      if (moves === 0) visitor.terminal?.(keys.slice(base, base + words), index);
    }
    return out.count - before;
  }

  /** Appends the successor by a move that is executed on the whole state. False where it isn't enabled there. */
  private addUncached(from: Int32Array, index: number, m: Move, out: Successors, visitor: ExpansionVisitor): boolean {
    const successor = this.moves.applyToWhole(from, m);
    this.comparison?.compareSuccessor(from, m, successor);
    if (!successor) return false;
    out.add(successor.key, index);
    visitor.transition?.(m, successor.violations);
    if (successor.violations.length) visitor.violations?.(successor.violations, from, index, m);
    return true;
  }

  /** Calls `on` for every successor (with symmetry, for its representative). Gives the number of transitions. */
  expand(from: Int32Array, on: OnSuccessor): number {
    const { words } = this;
    const out = new Successors(words, 64);
    const moves: Move[] = [],
      broken: (readonly Violation[])[] = [];
    this.expandAll(from, 0, 1, out, {
      transition: (m, violations) => {
        moves.push(m);
        broken.push(violations);
      },
    });
    moves.forEach((m, i) => on(out.keys.subarray(i * words, (i + 1) * words), m, broken[i]));
    return out.count;
  }

  /**
   * The moves from a state to its successor with this key: one of those that `expand` lists, and the chain of local
   * steps taken with it. Undefined when no successor has this key. `s` becomes the successor.
   */
  path(s: State, target: Int32Array): Move[] | undefined {
    const from = this.keyOf(s);
    let found: Move | undefined;
    this.expand(from, (k, m) => {
      if (found === undefined && k.every((w, i) => w === target[i])) found = m;
    });
    if (found === undefined) return undefined;
    this.machine.applyTo(s, found, { violation: () => undefined });
    return [found, ...this.moves.localMovesAfter(s, found)];
  }

  /** For each instruction, in how many of the expanded states CPU `c` was about to run it (see visits.ts). */
  visitsOf(c: number): Map<number, number> {
    const { transitions, chainPcs } = this.moves;
    return visitsOf(transitions[c], chainPcs, (part) => this.moves.pcOf(part, c));
  }
}
