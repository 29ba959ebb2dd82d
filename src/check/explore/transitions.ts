/**
 * The transitions of one CPU that are known: for each pair of its own part and the shared one a row of moves, with the
 * parts that they lead to. Everything stands in two arrays of numbers, since millions of rows are looked up each
 * second.
 */

/** The words of a move in a row: see the accessors. `size` is how many they are. */
export const MoveAt = { move: 0, flags: 1, own: 2, shared: 3, chain: 4, used: 5, size: 6 } as const;

/** Where a move leads, with the chain of local steps after it. */
export interface MoveEnd {
  own: number;
  shared: number;
  /** An index of `Chains.pcs`, or -1. */
  chain: number;
  /** What both did with cells that several CPUs use: a number of `AccessSets`. */
  used: number;
}

/** Of a move that is executed on the whole state each time. */
const nowhere: MoveEnd = { own: -1, shared: -1, chain: -1, used: 0 };

/** The words of a row before its moves. */
const RowAt = { count: 0, compared: 1, visits: 2, own: 3, size: 4 } as const;

export const Flag = {
  /**
   * It is executed on the whole state each time: it looks at other CPUs, or it violates a property and has to say why.
   */
  uncached: 1,
  /** It is a speculative fill. */
  fill: 2,
} as const;

/**
 * Rows and moves are named by the index in the log where they begin. The loop over all states (`Explorer.expandAll`)
 * reads the words of a move from the log itself: with the accessors a plain search took a fifth longer.
 */
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

  /** How many moves a row has. */
  moveCount(row: number): number {
    return this.log[row + RowAt.count];
  }

  /** The first move of a row. */
  firstMove(row: number): number {
    return row + RowAt.size;
  }

  /** One past the last move of a row. */
  endOfMoves(row: number): number {
    return row + RowAt.size + this.log[row + RowAt.count] * MoveAt.size;
  }

  /** Move number `i` of a row. */
  moveAt(row: number, i: number): number {
    return row + RowAt.size + i * MoveAt.size;
  }

  /** The entry of `move` in a row, or -1. */
  findMove(row: number, move: number): number {
    for (let at = this.firstMove(row), end = this.endOfMoves(row); at < end; at += MoveAt.size)
      if (this.log[at + MoveAt.move] === move) return at;
    return -1;
  }

  /** The number of the own part that a row is for. */
  rowOwn(row: number): number {
    return this.log[row + RowAt.own];
  }

  isCompared(row: number): boolean {
    return this.log[row + RowAt.compared] !== 0;
  }

  setCompared(row: number): void {
    this.log[row + RowAt.compared] = 1;
  }

  /** How many of the expanded states have the pair of this row. */
  visits(row: number): number {
    return this.log[row + RowAt.visits];
  }

  countVisit(row: number): void {
    this.log[row + RowAt.visits]++;
  }

  move(at: number): number {
    return this.log[at + MoveAt.move];
  }

  /** Bits of Flag. */
  flags(at: number): number {
    return this.log[at + MoveAt.flags];
  }

  /** The number of the own part after a move; -1 where it is uncached. */
  ownAfter(at: number): number {
    return this.log[at + MoveAt.own];
  }

  /** The number of the shared part after a move; -1 where it is uncached. */
  sharedAfter(at: number): number {
    return this.log[at + MoveAt.shared];
  }

  /** The chain of local steps that is taken with a move: an index of `Chains.pcs`, or -1. */
  chain(at: number): number {
    return this.log[at + MoveAt.chain];
  }

  /** Sets the words of a move: `to` are those after its own. */
  setMove(at: number, move: number, flags: number, to: MoveEnd = nowhere): void {
    const { log } = this;
    log[at + MoveAt.move] = move;
    log[at + MoveAt.flags] = flags;
    log[at + MoveAt.own] = to.own;
    log[at + MoveAt.shared] = to.shared;
    log[at + MoveAt.chain] = to.chain;
    log[at + MoveAt.used] = to.used;
  }

  /** Adds a row of `count` moves for a pair, and gives it. The caller sets the moves. */
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
  forEach(show: (row: number) => void): void {
    for (let row = 0; row < this.end; row = this.endOfMoves(row)) show(row);
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
