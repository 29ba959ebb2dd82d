import type { Successors, System } from "../../src/check/store/system";

/**
 * A ring of `n` in each of three dimensions, walked forwards: n³ states, three steps from each, the farthest 3 (n - 1)
 * steps away.
 */
export class Torus implements System {
  readonly words = 2;
  /** Bits of a coordinate. */
  private readonly width: number;

  /**
   * `bits` of the two words of a key, room for two coordinates and for one: two are the first one's lowest, the third
   * the second one's highest.
   */
  constructor(
    private readonly n: number,
    readonly bits: readonly [number, number],
  ) {
    this.width = 32 - Math.clz32(n - 1);
  }

  get start(): Int32Array {
    return new Int32Array(2);
  }

  expand(keys: Int32Array, first: number, end: number, out: Successors): number {
    const { n, width } = this,
      high = this.bits[1] - width,
      one = (1 << width) - 1,
      next = (k: number) => (k + 1) % n;
    const key = new Int32Array(2);
    const add = (w0: number, w1: number, from: number) => {
      key[0] = w0;
      key[1] = w1;
      out.add(key, from);
    };
    for (let i = first; i < end; i++) {
      const w0 = keys[2 * (i - first)],
        w1 = keys[2 * (i - first) + 1],
        x = w0 & one,
        y = w0 >> width;
      add(next(x) | (y << width), w1, i);
      add(x | (next(y) << width), w1, i);
      add(w0, next(w1 >>> high) << high, i);
    }
    return 3 * (end - first);
  }
}
