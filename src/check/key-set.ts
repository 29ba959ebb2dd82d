/**
 * The set of visited states: each a key of a few numbers, kept in the order of arrival, with the state it was reached from.
 * Keys are compared whole, so no two states are ever taken for one. About 4 × (words + 1) + 8 bytes a state.
 */
export class KeySet {
  private keys: Int32Array;
  private parents: Int32Array;
  private table: Int32Array;
  private mask: number;
  count = 0;

  constructor(private readonly words: number, capacity = 4096) {
    this.keys = new Int32Array(words * capacity);
    this.parents = new Int32Array(capacity);
    this.table = new Int32Array(capacity * 2).fill(-1);
    this.mask = this.table.length - 1;
  }

  /** Bytes that the set takes now. */
  get bytes(): number {
    return this.keys.byteLength + this.parents.byteLength + this.table.byteLength;
  }

  /** The number of this key, or -1 - the number it has just been given. */
  add(key: Int32Array, parent: number): number {
    const { words, keys } = this;
    let slot = this.hash(key, 0) & this.mask;
    for (let at = this.table[slot]; at >= 0; at = this.table[slot]) {
      const base = at * words;
      let k = 0;
      while (k < words && keys[base + k] === key[k]) k++;
      if (k === words) return at;
      slot = (slot + 1) & this.mask;
    }
    if (this.count === this.parents.length) this.widen();
    this.keys.set(key, this.count * words);
    this.parents[this.count] = parent;
    this.table[slot] = this.count++;
    if (this.count * 4 > this.table.length * 3) this.rehash();
    return -this.count;
  }

  /** The number of this key, or -1 when it isn't in the set. */
  find(key: Int32Array): number {
    const { words, keys } = this;
    let slot = this.hash(key, 0) & this.mask;
    for (let at = this.table[slot]; at >= 0; at = this.table[slot]) {
      const base = at * words;
      let k = 0;
      while (k < words && keys[base + k] === key[k]) k++;
      if (k === words) return at;
      slot = (slot + 1) & this.mask;
    }
    return -1;
  }

  read(i: number, into: Int32Array): void {
    for (let k = 0, base = i * this.words; k < this.words; k++) into[k] = this.keys[base + k];
  }

  parent(i: number): number {
    return this.parents[i];
  }

  private hash(w: Int32Array, base: number): number {
    let h = 0x9e3779b1 | 0;
    for (let k = 0; k < this.words; k++) {
      h = Math.imul(h ^ w[base + k], 0x85ebca6b);
      h ^= h >>> 15;
    }
    h = Math.imul(h, 0xc2b2ae35);
    return h ^ (h >>> 16);
  }

  private widen(): void {
    const keys = new Int32Array(this.keys.length * 2), parents = new Int32Array(this.parents.length * 2);
    keys.set(this.keys);
    parents.set(this.parents);
    this.keys = keys;
    this.parents = parents;
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2).fill(-1);
    this.mask = this.table.length - 1;
    for (let i = 0; i < this.count; i++) {
      let slot = this.hash(this.keys, i * this.words) & this.mask;
      while (this.table[slot] >= 0) slot = (slot + 1) & this.mask;
      this.table[slot] = i;
    }
  }
}
