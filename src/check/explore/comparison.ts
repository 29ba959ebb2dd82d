/**
 * Proves symmetry on the way: what a CPU can do is compared, move by move, with what its partners can do in the
 * exchanged
 * states. Where they differ, symmetry is refuted, and the reason told.
 */
import type { Violation } from "../../machine/effects";
import { moveCpu, type Machine, type Move } from "../../machine/machine";
import { exchanged } from "./interchange";
import type { Symmetry } from "./symmetry";
import { Flag, MoveAt, RunAt, type Transitions } from "./transitions";

/** What a move that was made on the whole state led to. */
export interface Made {
  key: Int32Array;
  violations: readonly Violation[];
}

/** What is asked of the explorer whose moves are compared. */
interface Asked {
  /** Works out the moves of CPU `c` in a state; gives where they stand in its log. */
  work(from: Int32Array, c: number): number;
  /** Makes a move on the whole state; undefined when it isn't possible in this one. */
  remake(from: Int32Array, m: Move): Made | undefined;
  /** The instruction that CPU `c` runs next when its own part has this number. */
  pcOf(part: number, c: number): number;
}

export class Comparison {
  private readonly words: number;

  constructor(
    private readonly machine: Machine,
    private readonly symmetry: Symmetry,
    private readonly known: readonly Transitions[],
    private readonly explorer: Asked,
  ) {
    this.words = known.length + 1;
  }

  /** Compares the moves of CPU `c` with those that exchanged states have, and learns which parts are partners. */
  runs(from: Int32Array, c: number, at: number): void {
    const { symmetry } = this;
    const { exchanges, size } = symmetry;
    const { log } = this.known[c];
    log[at + RunAt.compared] = 1;
    const image = new Int32Array(this.words);
    const count = log[at + RunAt.count];
    const own: number[][] = [],
      shared: number[][] = [];
    for (let i = 0; i < count; i++) {
      const m = at + RunAt.size + i * MoveAt.size;
      own.push([log[m + MoveAt.own]]);
      shared.push([log[m + MoveAt.shared]]);
    }
    for (let g = 1; g < size; g++) {
      if (!symmetry.exchange(from, g, image)) return this.refute(from, c);
      const other = exchanges[g].cpu[c];
      let there = this.known[other].find(image[other], image[this.words - 1]);
      if (there < 0) there = this.explorer.work(image, other);
      const here = this.known[c].log,
        theirs = this.known[other].log;
      if (theirs[there + RunAt.count] !== count) return this.refute(from, c);
      for (let i = 0; i < count; i++) {
        const m = at + RunAt.size + i * MoveAt.size;
        const wanted = exchanged(here[m + MoveAt.move], exchanges[g]);
        let t = there + RunAt.size;
        while (t < there + RunAt.size + count * MoveAt.size && theirs[t + MoveAt.move] !== wanted) t += MoveAt.size;
        if (
          theirs[t + MoveAt.move] !== wanted ||
          t >= there + RunAt.size + count * MoveAt.size ||
          theirs[t + MoveAt.flags] !== here[m + MoveAt.flags]
        )
          return this.refute(from, c);
        own[i].push(theirs[t + MoveAt.own]);
        shared[i].push(theirs[t + MoveAt.shared]);
      }
    }
    const here = this.known[c].log;
    for (let i = 0; i < count; i++) {
      if (here[at + RunAt.size + i * MoveAt.size + MoveAt.flags] & Flag.anew) continue;
      symmetry.relate(c, own[i]);
      symmetry.relate(this.words - 1, shared[i]);
      if (symmetry.refuted) return this.refute(from, c);
    }
  }

  /** The same for a move that was made anew, and for all parts of the state that it led to. */
  made(from: Int32Array, m: Move, made: Made | undefined): void {
    const { symmetry } = this;
    const images: Int32Array[] = made ? [made.key] : [];
    const image = new Int32Array(this.words);
    for (let g = 1; g < symmetry.size; g++) {
      const known = symmetry.exchange(from, g, image);
      const other = known ? this.explorer.remake(image, exchanged(m, symmetry.exchanges[g])) : undefined;
      const alike =
        known &&
        (made === undefined) === (other === undefined) &&
        made?.violations
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
    if (!made) return;
    for (let c = 0; c < this.words; c++)
      symmetry.relate(
        c,
        images.map((key, g) => key[symmetry.exchanges[g].cpu[c] ?? c]),
      );
    if (symmetry.refuted) this.refute(from, moveCpu(m));
  }

  /** These CPUs are not alike: says where that came out. */
  private refute(from: Int32Array, c: number): void {
    const fn = this.machine.code.fnOf[this.explorer.pcOf(from[c], c)];
    this.symmetry.refuted = `what CPU${c} does${fn ? ` in ${fn.name}()` : ""} depends on its number`;
  }
}
