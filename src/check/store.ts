/** A set of states, stored whole and compared word by word: a hash only finds the place, so nothing is ever mistaken for another. */
export class StateStore {
  private words: Int32Array;
  private table: Int32Array;
  private mask: number;
  /** States in the set; they are numbered from 0 in the order in which they came. */
  count = 0;

  /** `size` is the number of words of a state. */
  constructor(private readonly size: number, capacity = 1024) {
    this.words = new Int32Array(size * capacity);
    this.table = new Int32Array(capacity * 2).fill(-1);
    this.mask = this.table.length - 1;
  }

  /** Adds a state; false when it was there already. */
  add(s: Int32Array): boolean {
    let slot = hash(s) & this.mask;
    for (let at = this.table[slot]; at >= 0; at = this.table[slot]) {
      if (this.same(at, s)) return false;
      slot = (slot + 1) & this.mask;
    }
    if ((this.count + 1) * this.size > this.words.length) {
      const words = new Int32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
    }
    this.words.set(s, this.count * this.size);
    this.table[slot] = this.count++;
    if (this.count * 2 > this.table.length) this.grow();
    return true;
  }

  /** Copies state number `i` into `into`. */
  read(i: number, into: Int32Array): void {
    into.set(this.words.subarray(i * this.size, (i + 1) * this.size));
  }

  private same(i: number, s: Int32Array): boolean {
    const base = i * this.size;
    for (let k = 0; k < this.size; k++) if (this.words[base + k] !== s[k]) return false;
    return true;
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2).fill(-1);
    this.mask = this.table.length - 1;
    for (let i = 0; i < this.count; i++) {
      let slot = hash(this.words.subarray(i * this.size, (i + 1) * this.size)) & this.mask;
      while (this.table[slot] >= 0) slot = (slot + 1) & this.mask;
      this.table[slot] = i;
    }
  }
}

function hash(s: Int32Array): number {
  let h = 0x9e3779b1 | 0;
  for (let i = 0; i < s.length; i++) {
    h = Math.imul(h ^ s[i], 0x85ebca6b);
    h ^= h >>> 13;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
