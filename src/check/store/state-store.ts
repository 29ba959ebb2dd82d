/**
 * A set of fixed-size runs of words, numbered in the order in which they came. They are stored whole and compared word
 * by word: a hash only finds the place, so the set is exact.
 */
export class StateStore {
  private words: Int32Array;
  private table: Int32Array;
  private mask: number;
  private slots = new Int32Array(0);
  /** What prefetching read, which must end up somewhere (`& 0` in `bytes`), or compilers leave the reads out. */
  private touched = 0;
  count = 0;

  /** `size` is the number of words of a run. */
  constructor(
    private readonly size: number,
    capacity = 64,
  ) {
    this.words = new Int32Array(size * capacity);
    this.table = new Int32Array(capacity * 2).fill(-1);
    this.mask = this.table.length - 1;
  }

  /** Bytes that the store takes now. */
  get bytes(): number {
    return this.words.byteLength + this.table.byteLength + this.slots.byteLength + (this.touched & 0);
  }

  /** Adds a run; false when it was there already. */
  add(w: Int32Array): boolean {
    const before = this.count;
    return this.intern(w) === before;
  }

  /** The number of this run, or -1 when it isn't there. */
  find(w: Int32Array): number {
    return this.findAt(w, 0);
  }

  /** The same for the run that stands at `from`. */
  findAt(w: Int32Array, from: number): number {
    return this.table[this.slotOf(w, from)];
  }

  /** The number of this run; the next free one if it wasn't there. */
  intern(w: Int32Array): number {
    return this.internAt(w, 0);
  }

  /** The same for the run that stands at `from`. */
  internAt(w: Int32Array, from: number): number {
    const slot = this.slotOf(w, from);
    const known = this.table[slot];
    if (known >= 0) return known;
    if ((this.count + 1) * this.size > this.words.length) {
      const words = new Int32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
    }
    for (let k = 0, at = this.count * this.size; k < this.size; k++) this.words[at + k] = w[from + k];
    this.table[slot] = this.count++;
    if (this.count * 4 > this.table.length * 3) this.grow();
    return this.count - 1;
  }

  /** Runs `first` to `end - 1`, one after the other; to be read at once, before anything is added. */
  keys(first: number, end: number): Int32Array {
    return this.words.subarray(first * this.size, end * this.size);
  }

  /** Makes room for `n` runs and finds out where they belong, all memory accesses overlapping. */
  prepare(keys: Int32Array, n: number): void {
    const { size } = this;
    while ((this.count + n) * 4 > this.table.length * 3) this.grow();
    if ((this.count + n) * size > this.words.length) {
      const words = new Int32Array(Math.max(this.words.length * 2, (this.count + n) * size));
      words.set(this.words);
      this.words = words;
    }
    if (this.slots.length < n) this.slots = new Int32Array(n * 2);
    const { slots, mask, table, words } = this;
    for (let i = 0; i < n; i++) slots[i] = hash(keys, i * size, size) & mask;
    // Touching what will be compared brings it into the cache; the sum keeps the loads from being left out.
    let sum = 0;
    for (let i = 0; i < n; i++) sum ^= table[slots[i]];
    for (let i = 0; i < n; i++) {
      const known = table[slots[i]];
      if (known >= 0) sum ^= words[known * size];
    }
    this.touched = sum;
  }

  /** Adds runs that were prepared; `parents` gets the entry of `from` for each that is new. */
  addPrepared(keys: Int32Array, n: number, from: Int32Array, parents: Int32Array): void {
    const { size, slots, mask, table, words } = this;
    let count = this.count;
    for (let i = 0; i < n; i++) {
      const key = i * size;
      let slot = slots[i];
      let known = table[slot];
      for (; known >= 0; known = table[slot]) {
        const base = known * size;
        let k = 0;
        while (k < size && words[base + k] === keys[key + k]) k++;
        if (k === size) break;
        slot = (slot + 1) & mask;
      }
      if (known >= 0) continue;
      for (let k = 0, at = count * size; k < size; k++) words[at + k] = keys[key + k];
      parents[count] = from[i];
      table[slot] = count++;
    }
    this.count = count;
  }

  /** Copies run number `i` into `into`. */
  read(i: number, into: Int32Array): void {
    for (let k = 0, at = i * this.size; k < this.size; k++) into[k] = this.words[at + k];
  }

  /** The slot that holds this run, or the empty one where it belongs. */
  private slotOf(w: Int32Array, from: number): number {
    const { size, words, table, mask } = this;
    let slot = hash(w, from, size) & mask;
    for (let at = table[slot]; at >= 0; at = table[slot]) {
      const base = at * size;
      let k = 0;
      while (k < size && words[base + k] === w[from + k]) k++;
      if (k === size) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2).fill(-1);
    this.mask = this.table.length - 1;
    for (let i = 0; i < this.count; i++) {
      let slot = hash(this.words, i * this.size, this.size) & this.mask;
      while (this.table[slot] >= 0) slot = (slot + 1) & this.mask;
      this.table[slot] = i;
    }
  }
}

function hash(w: Int32Array, from: number, size: number): number {
  let h = 0x9e3779b1 | 0;
  for (let k = 0; k < size; k++) {
    h = Math.imul(h ^ w[from + k], 0x85ebca6b);
    h ^= h >>> 13;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
