/**
 * The transitions of one CPU that are known: for each pair of its own part and the shared one a row of moves, with the
 * parts that they lead to. Everything stands in two arrays of numbers, since millions of rows are looked up each second.
 */

/** The words of a move in a row. */
export const MoveAt = {
  move: 0,
  /** Bits of Flag. */
  flags: 1,
  /** Numbers of the parts afterwards; -1 where the move is uncached. */
  own: 2,
  shared: 3,
  /** The chain of local steps that is taken with it: an index of `Chains.pcs`, or -1. */
  chain: 4,
  size: 5,
} as const;

/** The words of a row before its moves. */
export const RowAt = {
  /** How many moves there are. */
  count: 0,
  /** 1 once they were compared with those of the permuted states. */
  compared: 1,
  /** How many of the expanded states have this pair. */
  visits: 2,
  /** The number of the CPU's own part. */
  own: 3,
  size: 4,
} as const;

export const Flag = {
  /** It is executed on the whole state each time: it looks at other CPUs, or it violates a property and has to say why. */
  uncached: 1,
  /** It is a speculative fill. */
  fill: 2,
} as const;

export class Transitions {
  /** Rows, one after the other: RowAt.size words, then MoveAt.size words for each move. */
  log = new Int32Array(1 << 12);
  private end = 0;
  /** A hash table of own part, shared part, and row; -1 in the first word of a free entry. */
  private table = new Int32Array(3 << 9).fill(-1);
  private mask = (1 << 9) - 1;
  private count = 0;

  get bytes(): number {
    return this.log.byteLength + this.table.byteLength;
  }

  /** The row of this pair, as an index of `log`; -1 when it is not known. */
  find(own: number, shared: number): number {
    const { table, mask } = this;
    for (let slot = place(own, shared) & mask; ; slot = (slot + 1) & mask) {
      if (table[3 * slot] < 0) return -1;
      if (table[3 * slot] === own && table[3 * slot + 1] === shared) return table[3 * slot + 2];
    }
  }

  /** Adds a row of `count` moves for a pair, and gives it. The caller writes the moves' words. */
  add(own: number, shared: number, count: number): number {
    if (2 * ++this.count > this.mask) this.grow();
    this.put(own, shared, this.end);
    const start = this.end;
    this.end += RowAt.size + count * MoveAt.size;
    if (this.end > this.log.length) {
      const log = new Int32Array(Math.max(2 * this.log.length, this.end));
      log.set(this.log);
      this.log = log;
    }
    this.log[start + RowAt.count] = count;
    this.log[start + RowAt.own] = own;
    return start;
  }

  /** Calls `show` for every row. */
  forEach(show: (start: number) => void): void {
    for (let at = 0; at < this.end; at += RowAt.size + this.log[at] * MoveAt.size) show(at);
  }

  private put(own: number, shared: number, start: number): void {
    const { table, mask } = this;
    let slot = place(own, shared) & mask;
    while (table[3 * slot] >= 0) slot = (slot + 1) & mask;
    table[3 * slot] = own;
    table[3 * slot + 1] = shared;
    table[3 * slot + 2] = start;
  }

  private grow(): void {
    const { table } = this;
    this.mask = 2 * this.mask + 1;
    this.table = new Int32Array(3 * (this.mask + 1)).fill(-1);
    for (let at = 0; at < table.length; at += 3) if (table[at] >= 0) this.put(table[at], table[at + 1], table[at + 2]);
  }
}

function place(own: number, shared: number): number {
  let h = Math.imul(own, 0x9e3779b1) ^ Math.imul(shared, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
