/** An exact set of keys of up to 60 bits, in four to eight bytes each (`places.ts` says how). */
import { BUCKET, BUCKET_BITS, DISTANCE, DISTANCE_BITS, gather, MOVED, Places, touch, TOUCHED } from "./places";

export class CompactSet {
  count = 0;
  private readonly places: Places;
  private slots: Int32Array;
  /** What of the keys doesn't fit in the slots. */
  private tails: Int32Array | Uint16Array | undefined;
  /** The keys of a batch that were new. */
  private fresh = new Int32Array(MOVED);
  private touched = 0;

  /** `bits` as for `Places`; `room`: for so many keys to begin with. */
  constructor(bits: readonly number[], room = 0) {
    this.places = new Places(bits);
    while (this.places.most < room) this.places.grow();
    this.slots = new Int32Array(this.places.buckets * BUCKET);
    this.tails = this.newTails();
  }

  private newTails(): Int32Array | Uint16Array | undefined {
    const { apart } = this.places;
    return apart === 0 ? undefined : apart <= 16 ? new Uint16Array(this.slots.length) : new Int32Array(this.slots.length);
  }

  /** Bytes that the set takes now. */
  get bytes(): number {
    return this.slots.byteLength + (this.tails?.byteLength ?? 0) + this.places.bytes + this.fresh.byteLength + (this.touched & 0);
  }

  /**
   * Adds `n` keys that stand one after the other in `keys`. Those that were new are moved to the front, in their order,
   * and so are their entries of `beside`; gives how many there are.
   */
  addAll(keys: Int32Array, n: number, beside: Int32Array): number {
    const { places } = this;
    while (this.count + n > places.most) this.grow();
    if (this.fresh.length < n) this.fresh = new Int32Array(2 * n);
    places.locate(keys, n);
    const { slots, tails } = this;
    let added = 0;
    for (let first = 0; first < n; first += TOUCHED) {
      const end = Math.min(first + TOUCHED, n);
      this.touched = touch(slots, places, first, end) ^ (tails ? touch(tails, places, first, end) : 0);
      added = this.put(first, end, added);
    }
    gather(keys, places.words, beside, this.fresh, added);
    this.count += added;
    return added;
  }

  /** Whether the set holds this key. */
  has(key: Int32Array): boolean {
    this.places.locate(key, 1);
    const { slots, tails, places: { at, value, tail } } = this;
    let base = at[0], v = value[0];
    for (const start = (v >>> DISTANCE_BITS) & (BUCKET - 1); ; base = (base + BUCKET) % slots.length, v++) {
      for (let k = 0; k < BUCKET; k++) {
        const x = base + (start ^ k);
        if (slots[x] === 0) return false;
        if (slots[x] === v && (!tails || (tails[x] | 0) === tail[0])) return true;
      }
      if ((v & DISTANCE) === DISTANCE) return false;
    }
  }

  /** Puts located keys `first` to `end - 1` where they belong unless they are there; `fresh` says which weren't, after the `before` that it holds. Gives how many it holds then. */
  private put(first: number, end: number, before: number): number {
    const { slots, tails, places: { at, value, tail }, fresh } = this;
    const added = tails ? putWide(slots, tails, at, value, tail, fresh, first, end, before) : putNarrow(slots, at, value, fresh, first, end, before);
    if (added < 0) throw new Error(`More than ${DISTANCE * BUCKET} keys fell on one place of the set of states: its scrambling is at fault.`);
    return added;
  }

  /** One stream into another, without jumps. */
  private grow(): void {
    const { places, slots: old, tails: oldTails } = this;
    places.grow();
    this.slots = new Int32Array(places.buckets << BUCKET_BITS);
    this.tails = this.newTails();
    for (let from = 0; from < old.length; from += MOVED) this.put(0, places.relocate(old, oldTails, from, Math.min(from + MOVED, old.length)), 0);
  }
}

/** As `CompactSet.put`, with slots of one word; -1 when there is no place. */
function putNarrow(slots: Int32Array, at: Int32Array, value: Int32Array, fresh: Int32Array, first: number, end: number, added: number): number {
  const size = slots.length;
  for (let i = first; i < end; i++) {
    let v = value[i], base = at[i], k = 0;
    const start = (v >>> DISTANCE_BITS) & (BUCKET - 1);
    for (;;) {
      const x = base + (start ^ k), slot = slots[x];
      if (slot === v) break;
      if (slot === 0) {
        slots[x] = v;
        fresh[added++] = i;
        break;
      }
      if (++k < BUCKET) continue;
      if ((v & DISTANCE) === DISTANCE) return -1;
      k = 0;
      v++;
      base += BUCKET;
      if (base === size) base = 0;
    }
  }
  return added;
}

/** The same where tails lie apart. */
function putWide(slots: Int32Array, tails: Int32Array | Uint16Array, at: Int32Array, value: Int32Array, tail: Int32Array, fresh: Int32Array, first: number, end: number, added: number): number {
  const size = slots.length;
  for (let i = first; i < end; i++) {
    let v = value[i], base = at[i], k = 0;
    const t = tail[i], start = (v >>> DISTANCE_BITS) & (BUCKET - 1);
    for (;;) {
      const x = base + (start ^ k), slot = slots[x];
      if (slot === v && (tails[x] | 0) === t) break;
      if (slot === 0) {
        slots[x] = v;
        tails[x] = t;
        fresh[added++] = i;
        break;
      }
      if (++k < BUCKET) continue;
      if ((v & DISTANCE) === DISTANCE) return -1;
      k = 0;
      v++;
      base += BUCKET;
      if (base === size) base = 0;
    }
  }
  return added;
}
