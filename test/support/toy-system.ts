/** Small transition systems for the search, given as lists of successors. */
import type { Successors, System } from "../../src/check/store/system";

/**
 * States are 0, 1, 2, …; `next[s]` lists the successors of `s`. `key` spreads their numbers over the words of a key.
 */
export class ToySystem implements System {
  readonly words: number;
  private readonly states = new Map<string, number>();

  constructor(
    private readonly next: number[][],
    private readonly key: (state: number) => number[],
    readonly bits?: number[],
  ) {
    this.words = key(0).length;
    for (let s = 0; s < next.length; s++) this.states.set(key(s).join(), s);
  }

  get start(): Int32Array {
    return Int32Array.from(this.key(0));
  }

  /** The state of a key. */
  stateOf(key: Int32Array): number {
    return this.states.get(key.join())!;
  }

  expand(keys: Int32Array, first: number, end: number, out: Successors): number {
    let n = 0;
    for (let i = first; i < end; i++) {
      for (const to of this.next[this.stateOf(keys.subarray((i - first) * this.words, (i - first + 1) * this.words))]) {
        out.add(Int32Array.from(this.key(to)), i);
        n++;
      }
    }
    return n;
  }

  /** Distances from the start, by the shortest code that finds them. */
  distances(): Map<number, number> {
    const found = new Map([[0, 0]]);
    for (const [s, d] of found) for (const to of this.next[s]) if (!found.has(to)) found.set(to, d + 1);
    return found;
  }

  /** Transitions from states that can be reached. */
  get edges(): number {
    return [...this.distances().keys()].reduce((n, s) => n + this.next[s].length, 0);
  }
}

/** Keys of one, two and three words, small and large, for up to 1000 states. */
export const spreads: { key: (s: number) => number[]; bits?: number[] }[] = [
  { key: (s) => [s], bits: [10] },
  { key: (s) => [Math.imul(s, 0x9e3779b1)], bits: [32] },
  { key: (s) => [s & 7, s >> 3], bits: [3, 7] },
  { key: (s) => [Math.imul(s, 0x9e3779b1), s], bits: [32, 28] },
  { key: (s) => [s & 3, Math.imul(s, 0x9e3779b1)] },
  { key: (s) => [s & 3, 7, s] },
];
