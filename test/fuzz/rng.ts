/** Numbers by lot from a seed: the same seed gives the same numbers on every machine. */
export class Rng {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 2654435761) + 12345) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** The next number from 0 to 2³²−1 (xorshift32, Marsaglia 2003). */
  next(): number {
    let x = this.state;
    x = (x ^ (x << 13)) >>> 0;
    x ^= x >>> 17;
    x = (x ^ (x << 5)) >>> 0;
    return (this.state = x);
  }

  /** A whole number below `n`; 0 where `n` isn't positive. */
  int(n: number): number {
    return n <= 0 ? 0 : this.next() % n;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)];
  }

  chance(probability: number): boolean {
    return this.next() / 2 ** 32 < probability;
  }

  /** Picks one of these by its weight. */
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.int(list.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of list) if ((left -= weight) < 0) return value;
    return list[list.length - 1][1];
  }

  /** `n` values, each made by `make`. */
  times<T>(n: number, make: (i: number) => T): T[] {
    return Array.from({ length: n }, (_, i) => make(i));
  }
}
