/**
 * States whose keys are part numbers: small numbers mostly, so they are packed as tightly as those seen so far allow.
 */
import { PLACED_BITS } from "./places";
import { IndexedStates, PackedStates } from "./states";
import { Successors, type States } from "./system";

/** Where a part's number stands in a packed key. */
interface Field {
  word: number;
  shift: number;
  bits: number;
}

/** Bits that a part number begins with, and how many more than it needs a field gets when it becomes too narrow. */
const BEGIN = 7,
  MORE = 2;

/** Fields of these widths, or undefined when they need more than two words or more bits than can be packed. */
function layOut(widths: readonly number[]): Field[] | undefined {
  const fields: Field[] = [];
  let word = 0,
    shift = 0;
  for (const bits of widths) {
    if (shift + bits > 32) {
      word++;
      shift = 0;
    }
    fields.push({ word, shift, bits });
    shift += bits;
  }
  return word < 2 && widths.reduce((n, b) => n + b, 0) <= PLACED_BITS ? fields : undefined;
}

export class PartStates implements States {
  private readonly widths: number[];
  /** How keys are packed; undefined when they are kept as they are. */
  private fields: Field[] | undefined;
  private inner: States;
  private packed: Successors;
  private unpacked = new Int32Array(0);
  private readonly one: Int32Array;

  /** `parts` is the number of parts of a key; none of them is negative. */
  constructor(private readonly parts: number) {
    this.widths = Array.from({ length: parts }, () => BEGIN);
    this.one = new Int32Array(parts);
    ({ fields: this.fields, inner: this.inner, packed: this.packed } = this.allocate());
  }

  get count(): number {
    return this.inner.count;
  }

  get bytes(): number {
    return this.inner.bytes + this.unpacked.byteLength + (this.fields ? this.packed.bytes : 0);
  }

  insert(out: Successors): void {
    const { packed, fields } = this;
    if (!fields) return this.inner.insert(out);
    packed.count = 0;
    packed.reserve(out.count);
    if (!pack(out.keys, out.count, fields, packed.keys)) {
      this.widen(out);
      return this.insert(out);
    }
    packed.from.set(out.from.subarray(0, out.count));
    packed.count = out.count;
    this.inner.insert(packed);
  }

  limit(first: number, end: number): number {
    return this.inner.limit(first, end);
  }

  keys(first: number, end: number): Int32Array {
    const keys = this.inner.keys(first, end);
    if (!this.fields) return keys;
    const length = (end - first) * this.parts;
    if (this.unpacked.length < length) this.unpacked = new Int32Array(length);
    unpack(keys, end - first, this.parts, this.fields, this.unpacked);
    return this.unpacked.subarray(0, length);
  }

  read(i: number, into: Int32Array): void {
    if (!this.fields) return this.inner.read(i, into);
    this.inner.read(i, this.one);
    unpack(this.one, 1, this.parts, this.fields, into);
  }

  parent(i: number): number {
    return this.inner.parent(i);
  }

  /**
   * Widens the fields that a part's number doesn't fit, and packs all states again: they keep their order, and so their
   * numbers.
   */
  private widen({ keys, count }: Successors): void {
    const { inner: old, fields: oldFields, parts, widths } = this;
    for (let k = 0; k < parts; k++) {
      let all = 0;
      for (let i = k; i < count * parts; i += parts) all |= keys[i];
      const needed = 32 - Math.clz32(all);
      if (needed > widths[k]) widths[k] = Math.min(32, needed + MORE);
    }
    ({ fields: this.fields, inner: this.inner, packed: this.packed } = this.allocate(old.count));
    const moved = new Successors(parts);
    for (let first = 0, end = 0; first < old.count; first = end) {
      end = old.limit(first, Math.min(old.count, first + 4096));
      moved.count = 0;
      moved.reserve(end - first);
      unpack(old.keys(first, end), end - first, parts, oldFields!, moved.keys);
      for (let i = first; i < end; i++) moved.from[i - first] = old.parent(i);
      moved.count = end - first;
      this.insert(moved);
    }
  }

  private allocate(states = 0): { fields: Field[] | undefined; inner: States; packed: Successors } {
    const fields = layOut(this.widths);
    if (!fields) return { fields, inner: new IndexedStates(this.parts), packed: this.packed };
    const bits: number[] = [];
    for (const f of fields) bits[f.word] = f.shift + f.bits;
    return { fields, inner: new PackedStates(bits, true, states), packed: new Successors(bits.length) };
  }
}

/** Packs `n` keys, one after the other; false when a part's number doesn't fit its field. */
function pack(keys: Int32Array, n: number, fields: readonly Field[], into: Int32Array): boolean {
  const parts = fields.length,
    words = fields[parts - 1].word + 1;
  let over = 0;
  for (let k = 0, word = 0; word < words; word++) {
    for (const first = k; k < parts && fields[k].word === word; k++) {
      const { shift, bits } = fields[k],
        spare = bits === 32 ? 0 : -1 << bits;
      for (let i = k, to = word, last = n * parts; i < last; i += parts, to += words) {
        const v = keys[i];
        over |= v & spare;
        into[to] = k === first ? v : into[to] | (v << shift);
      }
    }
  }
  return over === 0;
}

function unpack(packed: Int32Array, n: number, parts: number, fields: readonly Field[], into: Int32Array): void {
  const words = fields[parts - 1].word + 1;
  for (let k = 0; k < parts; k++) {
    const { word, shift, bits } = fields[k];
    const mask = bits === 32 ? -1 : (1 << bits) - 1;
    for (let to = k, from = word; to < n * parts; to += parts, from += words)
      into[to] = (packed[from] >>> shift) & mask;
  }
}
