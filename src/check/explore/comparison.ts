/**
 * Proves symmetry during the search: the moves of a CPU are compared, one by one, with those of the CPUs that take its
 * place in the permuted states. Where they differ, symmetry is refuted, with a reason.
 */
import type { Violation } from "../../machine/effects";
import { moveCpu, type Machine, type Move } from "../../machine/machine";
import { permuted } from "./permutations";
import type { Symmetry } from "./symmetry";
import { Flag, type Transitions } from "./transitions";

/** Where a move that was executed on the whole state leads. */
export interface Successor {
  key: Int32Array;
  violations: readonly Violation[];
}

/** What the comparison needs of the explorer. */
export interface MoveSource {
  /** Computes the moves of CPU `c` in a state; gives their row in its log. */
  computeMoves(from: Int32Array, c: number): number;
  /** Executes a move on the whole state; undefined when it isn't enabled there. */
  applyToWhole(from: Int32Array, m: Move): Successor | undefined;
  /** The instruction that CPU `c` runs next when its own part has this number. */
  pcOf(part: number, c: number): number;
}

export class Comparison {
  private readonly words: number;

  constructor(
    private readonly machine: Machine,
    private readonly symmetry: Symmetry,
    private readonly transitions: readonly Transitions[],
    private readonly explorer: MoveSource,
  ) {
    this.words = transitions.length + 1;
  }

  /** Compares the moves of CPU `c` in a row with those of the permuted states, and relates the parts after them. */
  compareMoves(from: Int32Array, c: number, row: number): void {
    const { symmetry } = this;
    const { permutations, size } = symmetry;
    const here = this.transitions[c];
    here.setCompared(row);
    const image = new Int32Array(this.words);
    const count = here.moveCount(row);
    // For each move, the parts after it and after its images.
    const own: number[][] = [],
      shared: number[][] = [];
    for (let i = 0; i < count; i++) {
      own.push([here.ownAfter(here.moveAt(row, i))]);
      shared.push([here.sharedAfter(here.moveAt(row, i))]);
    }
    for (let g = 1; g < size; g++) {
      if (!symmetry.permute(from, g, image)) return this.refute(from, c);
      const other = permutations[g].cpu[c];
      const there = this.transitions[other];
      let otherRow = there.find(image[other], image[this.words - 1]);
      if (otherRow < 0) otherRow = this.explorer.computeMoves(image, other);
      if (there.moveCount(otherRow) !== count) return this.refute(from, c);
      for (let i = 0; i < count; i++) {
        const at = here.moveAt(row, i);
        const wanted = permuted(here.move(at), permutations[g]);
        const otherAt = there.findMove(otherRow, wanted);
        if (otherAt < 0 || there.flags(otherAt) !== here.flags(at)) return this.refute(from, c);
        own[i].push(there.ownAfter(otherAt));
        shared[i].push(there.sharedAfter(otherAt));
      }
    }
    for (let i = 0; i < count; i++) {
      if (here.flags(here.moveAt(row, i)) & Flag.uncached) continue;
      symmetry.relate(c, own[i]);
      symmetry.relate(this.words - 1, shared[i]);
      if (symmetry.refuted) return this.refute(from, c);
    }
  }

  /** The same for an uncached move, and for all parts of the state that it leads to. */
  compareSuccessor(from: Int32Array, m: Move, successor: Successor | undefined): void {
    const { symmetry } = this;
    const images: Int32Array[] = successor ? [successor.key] : [];
    const image = new Int32Array(this.words);
    for (let g = 1; g < symmetry.size; g++) {
      const known = symmetry.permute(from, g, image);
      const other = known ? this.explorer.applyToWhole(image, permuted(m, symmetry.permutations[g])) : undefined;
      const alike =
        known &&
        (successor === undefined) === (other === undefined) &&
        successor?.violations
          .map((v) => v.property)
          .sort()
          .join() ===
          other?.violations
            .map((v) => v.property)
            .sort()
            .join();
      if (!alike) return this.refute(from, moveCpu(m));
      if (other) images.push(other.key);
    }
    if (!successor) return;
    for (let c = 0; c < this.words; c++)
      symmetry.relate(
        c,
        images.map((key, g) => key[symmetry.permutations[g].cpu[c] ?? c]),
      );
    if (symmetry.refuted) this.refute(from, moveCpu(m));
  }

  /** Symmetry is refuted: says by which CPU, and in which function. */
  private refute(from: Int32Array, c: number): void {
    const fn = this.machine.code.fnOf[this.explorer.pcOf(from[c], c)];
    this.symmetry.refuted = `what CPU${c} does${fn ? ` in ${fn.name}()` : ""} depends on its number`;
  }
}
