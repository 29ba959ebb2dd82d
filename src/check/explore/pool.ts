/**
 * The values that one part of a state takes, numbered in the order in which they came. They are stored whole and
 * compared word by word: a hash only finds the place. They are read from the state in place, since this is done for
 * every move.
 */
export class Pool {
  private count = 0;
  /** Stretches of cells that the part consists of: start and end of each, one after the other. */
  private readonly stretches: Int32Array;
  private readonly size: number;
  private words: Int32Array<ArrayBuffer>;
  private hashes = new Int32Array(64);
  private table = new Int32Array(128).fill(-1);

  /** `cells`: the part's, in ascending order. */
  constructor(private readonly cells: readonly number[]) {
    this.stretches = stretchesOf(cells);
    this.size = cells.length;
    this.words = new Int32Array(64 * this.size);
  }

  /** An empty one of the same cells. */
  like(): Pool {
    return new Pool(this.cells);
  }

  /** Bytes that it takes now. */
  get bytes(): number {
    return this.words.byteLength + this.hashes.byteLength + this.table.byteLength;
  }

  /** The number of the value that the part has in this state; the next free one if it never had it before. */
  intern(s: Int32Array): number {
    const { table, stretches, hashes } = this,
      mask = table.length - 1;
    const h = hash(s, stretches);
    let slot = h & mask;
    for (let at = table[slot]; at >= 0; at = table[slot]) {
      if (hashes[at] === h && this.holds(at, s)) return at;
      slot = (slot + 1) & mask;
    }
    return this.add(s, h, slot);
  }

  /** Writes value number `i` into a state. */
  read(i: number, s: Int32Array): void {
    const { words, stretches } = this;
    for (let k = 0, at = i * this.size; k < stretches.length; k += 2)
      for (let cell = stretches[k], end = stretches[k + 1]; cell < end; cell++, at++) s[cell] = words[at];
  }

  /** Is the part the same in both states? */
  isSame(a: Int32Array, b: Int32Array): boolean {
    const { stretches } = this;
    for (let k = 0; k < stretches.length; k += 2)
      for (let cell = stretches[k], end = stretches[k + 1]; cell < end; cell++) if (a[cell] !== b[cell]) return false;
    return true;
  }

  private holds(i: number, s: Int32Array): boolean {
    const { words, stretches } = this;
    for (let k = 0, at = i * this.size; k < stretches.length; k += 2)
      for (let cell = stretches[k], end = stretches[k + 1]; cell < end; cell++, at++)
        if (s[cell] !== words[at]) return false;
    return true;
  }

  private add(s: Int32Array, h: number, slot: number): number {
    const { stretches, size } = this,
      number = this.count++;
    if (number === this.hashes.length) {
      this.words = doubled(this.words);
      this.hashes = doubled(this.hashes);
    }
    for (let k = 0, at = number * size; k < stretches.length; k += 2)
      for (let cell = stretches[k], end = stretches[k + 1]; cell < end; cell++, at++) this.words[at] = s[cell];
    this.hashes[number] = h;
    this.table[slot] = number;
    if (this.count * 2 > this.table.length) this.grow();
    return number;
  }

  private grow(): void {
    const table = new Int32Array(this.table.length * 4).fill(-1),
      mask = table.length - 1;
    for (let i = 0; i < this.count; i++) {
      let slot = this.hashes[i] & mask;
      while (table[slot] >= 0) slot = (slot + 1) & mask;
      table[slot] = i;
    }
    this.table = table;
  }
}

function doubled(a: Int32Array): Int32Array<ArrayBuffer> {
  const b = new Int32Array(2 * a.length);
  b.set(a);
  return b;
}

function stretchesOf(cells: readonly number[]): Int32Array {
  const list: number[] = [];
  for (const cell of cells)
    if (cell === list.at(-1)) list[list.length - 1]++;
    else list.push(cell, cell + 1);
  return Int32Array.from(list);
}

/** Four sums, so that the processor needn't wait for one product to begin the next. */
function hash(s: Int32Array, stretches: Int32Array): number {
  let a = 1,
    b = 2,
    c = 3,
    d = 4;
  for (let k = 0; k < stretches.length; k += 2) {
    let cell = stretches[k];
    const end = stretches[k + 1];
    for (; cell + 3 < end; cell += 4) {
      a = Math.imul(a ^ s[cell], 0x85ebca6b);
      b = Math.imul(b ^ s[cell + 1], 0xc2b2ae35);
      c = Math.imul(c ^ s[cell + 2], 0x27d4eb2f);
      d = Math.imul(d ^ s[cell + 3], 0x165667b1);
    }
    for (; cell < end; cell++) a = Math.imul(a ^ s[cell], 0x9e3779b1);
  }
  a = Math.imul(a ^ (a >>> 15) ^ b, 0x85ebca6b);
  c = Math.imul(c ^ (c >>> 15) ^ d, 0xc2b2ae35);
  a = Math.imul(a ^ (a >>> 13) ^ (c >>> 16) ^ c, 0x27d4eb2f);
  return a ^ (a >>> 15);
}
