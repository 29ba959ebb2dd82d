/** An exact set of keys of up to 60 bits, in four to eight bytes each (`places.ts` says how). */
import { BUCKET, BUCKET_BITS, DISTANCE, DISTANCE_BITS, MOVED, Places, SPARE } from "./places";
import { gather, put, settle, touch, TOUCHED, type Tails } from "./slots";

export class CompactSet {
  count = 0;
  private readonly places: Places;
  private slots: Int32Array;
  /** What of the keys doesn't fit in the slots. */
  private tails: Tails;
  /** The keys of a batch that were new, by their index. */
  private fresh = new Int32Array(MOVED);
  /** What prefetching read, which must end up somewhere (`& 0` in `bytes`), or compilers leave the reads out. */
  private touched = 0;

  /**
   * `bits` as for `Places`; `capacity`: room for this many keys to begin with; `doubling`: double the table whenever it
   * grows, which takes more memory and less time.
   */
  constructor(
    bits: readonly number[],
    capacity = 0,
    private readonly doubling = false,
  ) {
    this.places = new Places(bits);
    while (this.places.most < capacity) this.places.grow();
    this.slots = this.newSlots();
    this.tails = this.newTails();
  }

  private newSlots(): Int32Array {
    return new Int32Array((this.places.buckets + SPARE) << BUCKET_BITS);
  }

  private newTails(): Tails {
    const { apart } = this.places;
    return apart === 0
      ? undefined
      : apart <= 16
        ? new Uint16Array(this.slots.length)
        : new Int32Array(this.slots.length);
  }

  /** Bytes that the set takes now. */
  get bytes(): number {
    return (
      this.slots.byteLength +
      (this.tails?.byteLength ?? 0) +
      this.places.bytes +
      this.fresh.byteLength +
      (this.touched & 0)
    );
  }

  /**
   * Adds `n` keys that stand one after the other in `keys`. Those that were new are moved to the front, in their order,
   * with their entries of `parents`; gives how many there are.
   */
  addAll(keys: Int32Array, n: number, parents: Int32Array): number {
    const { places } = this;
    while (this.count + n > places.most) this.grow();
    if (this.fresh.length < n) this.fresh = new Int32Array(2 * n);
    places.locate(keys, n);
    const { slots, tails } = this;
    let added = 0;
    for (let first = 0; first < n; first += TOUCHED) {
      const end = Math.min(first + TOUCHED, n);
      this.touched = touch(slots, places, first, end) ^ (tails ? touch(tails, places, first, end) : 0);
      added = put(slots, tails, places, this.fresh, first, end, added);
    }
    gather(keys, places.words, parents, this.fresh, added);
    this.count += added;
    return added;
  }

  /** Whether the set holds this key. */
  has(key: Int32Array): boolean {
    this.places.locate(key, 1);
    const {
      slots,
      tails,
      places: { at, value, tail },
    } = this;
    let base = at[0],
      v = value[0];
    for (const start = (v >>> DISTANCE_BITS) & (BUCKET - 1); ; base += BUCKET, v++) {
      for (let k = 0; k < BUCKET; k++) {
        const x = base + (start ^ k);
        if (slots[x] === 0) return false;
        if (slots[x] === v && (!tails || (tails[x] | 0) === tail[0])) return true;
      }
      if ((v & DISTANCE) === DISTANCE) return false;
    }
  }

  /** Reads the old table and writes the new one in order, both as streams. */
  private grow(): void {
    const { places, slots: old, tails: oldTails } = this;
    places.grow(this.doubling);
    this.slots = this.newSlots();
    this.tails = this.newTails();
    for (let from = 0; from < old.length; from += MOVED)
      settle(this.slots, this.tails, places, places.relocate(old, oldTails, from, Math.min(from + MOVED, old.length)));
  }
}
