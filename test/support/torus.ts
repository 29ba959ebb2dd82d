import type { Successors, System } from "../../src/check/breadth-first";

/** A ring of `n` in each of three dimensions, walked forwards: n³ states, three steps from each, the farthest 3 (n - 1) steps away. */
export class Torus implements System {
  readonly words = 2;

  /** `bits` of the two words of a key, 14 and 7 at least: two coordinates are the first one's lowest, the third the second one's highest. */
  constructor(private readonly n: number, readonly bits: readonly [number, number]) {}

  get start(): Int32Array {
    return new Int32Array(2);
  }

  expand(keys: Int32Array, first: number, end: number, out: Successors): number {
    const high = this.bits[1] - 7, next = (k: number) => (k + 1) % this.n;
    for (let i = first; i < end; i++) {
      const w0 = keys[2 * (i - first)], w1 = keys[2 * (i - first) + 1], x = w0 & 127, y = w0 >> 7;
      out.add(Int32Array.of(next(x) | (y << 7), w1), i);
      out.add(Int32Array.of(x | (next(y) << 7), w1), i);
      out.add(Int32Array.of(w0, next(w1 >>> high) << high), i);
    }
    return 3 * (end - first);
  }
}
