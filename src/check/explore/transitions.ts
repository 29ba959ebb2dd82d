/**
 * What is known of one CPU's moves: for each pair of its own part and the shared one, a run of moves with the parts
 * that
 * they lead to. Everything stands in two arrays of numbers, for millions are looked up each second.
 */

/** Words of a move in the log. */
export const MoveAt = {
  move: 0,
  /** Bits of Flag. */
  flags: 1,
  /** Numbers of the parts afterwards; unused where the move is made anew each time. */
  own: 2,
  shared: 3,
  /** Which run of further local steps is taken with it: an index, or -1. */
  chain: 4,
  size: 5,
} as const;

/** Words in front of the moves of a pair. */
export const RunAt = {
  /** How many moves there are. */
  count: 0,
  /** 1 once they were compared with those of exchanged states. */
  compared: 1,
  /** Looked-at states that have this pair. */
  visits: 2,
  /** The number of the CPU's own part. */
  own: 3,
  size: 4,
} as const;

export const Flag = {
  /** It is made on the whole state each time: it looks at other CPUs, or breaks a promise and has to say why. */
  anew: 1,
  /** It is a speculative fill. */
  fill: 2,
} as const;

export class Transitions {
  /** For each pair RunAt.size words, then its moves of MoveAt.size words each; and so on. */
  log = new Int32Array(1 << 12);
  private end = 0;
  /** Own part, shared part, start in the log; -1 in the first where free. */
  private table = new Int32Array(3 << 9).fill(-1);
  private mask = (1 << 9) - 1;
  private count = 0;

  get bytes(): number {
    return this.log.byteLength + this.table.byteLength;
  }

  /** Where the moves of this pair begin in the log, or -1 when they are not known. */
  find(own: number, shared: number): number {
    const { table, mask } = this;
    for (let slot = place(own, shared) & mask; ; slot = (slot + 1) & mask) {
      if (table[3 * slot] < 0) return -1;
      if (table[3 * slot] === own && table[3 * slot + 1] === shared) return table[3 * slot + 2];
    }
  }

  /** Opens a run of `n` moves for a pair; gives its start in the log. The moves' words are the caller's to fill in. */
  add(own: number, shared: number, n: number): number {
    if (2 * ++this.count > this.mask) this.grow();
    this.put(own, shared, this.end);
    const start = this.end;
    this.end += RunAt.size + n * MoveAt.size;
    if (this.end > this.log.length) {
      const log = new Int32Array(Math.max(2 * this.log.length, this.end));
      log.set(this.log);
      this.log = log;
    }
    this.log[start + RunAt.count] = n;
    this.log[start + RunAt.own] = own;
    return start;
  }

  /** Shows the start of every run. */
  forEach(show: (start: number) => void): void {
    for (let at = 0; at < this.end; at += RunAt.size + this.log[at] * MoveAt.size) show(at);
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
