/**
 * The set of states that all members of a parallel search add to at once: as `CompactSet`, in shared memory. A key goes
 * into the first empty slot of its own row of slots, by compare and exchange, and no slot is ever emptied: so of two
 * members that add the same key, one finds it there. The set grows in place, at a barrier, all members moving keys.
 */
import { BUCKET, BUCKET_BITS, DISTANCE, DISTANCE_BITS, MOVED, Places, SPARE } from "../store/places";
import { crowded, gather, putNarrow, settle, touch, TOUCHED, type Tails } from "../store/slots";
import { growTo, type SetMemory } from "./memory";

/**
 * Buckets at either end of what a member moves whose keys may come to lie among those that its neighbour moves: more
 * than two rows of buckets, as the table grows by a third at least.
 */
const EDGE = 2 * DISTANCE;

/** Bytes that a set takes to begin with. */
export function setBytes(bits: readonly number[]): { slots: number; tails: number } {
  const { apart, buckets } = new Places(bits);
  const slots = (buckets + SPARE) * BUCKET;
  return { slots: 4 * slots, tails: apart === 0 ? 0 : tailBytes(apart) * slots };
}

/** A bit more than what lies apart, to tell it from what is yet to be written. */
const tailBytes = (apart: number): number => (apart < 16 ? 2 : 4);

export class SharedSet {
  private readonly places: Places;
  /** Bytes of a tail, which stay the same when less lies apart. */
  private readonly tailBytes: number;
  /** The bit that says that a tail is written. */
  private written = 0;
  private slots!: Int32Array;
  private tails: Tails;
  private fresh = new Int32Array(MOVED);
  /** What prefetching read, which must end up somewhere (`& 0` in `bytes`), or compilers leave the reads out. */
  private touched = 0;

  /** `bits` and `doubling` as for `CompactSet`. */
  constructor(
    bits: readonly number[],
    private readonly memory: SetMemory,
    private readonly doubling = false,
  ) {
    this.places = new Places(bits);
    this.tailBytes = tailBytes(this.places.apart);
    this.view();
  }

  /** The most keys that it should hold before it grows. */
  get most(): number {
    return this.places.most;
  }

  /** Bytes of what all members have in common. */
  get sharedBytes(): number {
    return this.slots.byteLength + (this.tails?.byteLength ?? 0);
  }

  /** Bytes that this member's view of it takes besides. */
  get bytes(): number {
    return this.places.bytes + this.fresh.byteLength + (this.touched & 0);
  }

  /**
   * Adds `n` keys that stand one after the other in `keys`. Those that were new are moved to the front, in their order,
   * with their entries of `parents`; gives how many there are. There has to be room for all.
   */
  addAll(keys: Int32Array, n: number, parents: Int32Array): number {
    const { places, slots, tails } = this;
    if (this.fresh.length < n) this.fresh = new Int32Array(2 * n);
    places.locate(keys, n);
    let added = 0;
    for (let first = 0; first < n; first += TOUCHED) {
      const end = Math.min(first + TOUCHED, n);
      this.touched = touch(slots, places, first, end) ^ (tails ? touch(tails, places, first, end) : 0);
      added = this.put(first, end, added);
    }
    gather(keys, places.words, parents, this.fresh, added);
    return added;
  }

  private put(first: number, end: number, added: number): number {
    const { slots, tails, places, fresh, written } = this;
    return tails
      ? putShared(slots, tails, written, places, fresh, first, end, added)
      : claim(slots, places, fresh, added, putNarrow(slots, places, fresh, first, end, added, false));
  }

  /**
   * Member `member` of `size` helps to add buckets; all members have to. `barrier` waits for the others, and gives
   * false when the search is over. Keys of the last buckets are moved first, a stretch at a time, where a stretch is as
   * long as all of it belongs behind itself: so nothing is put where a key still waits to be moved.
   */
  grow(member: number, size: number, barrier: () => boolean): boolean {
    const { places, memory } = this;
    const before = places.buckets;
    places.grow(this.doubling);
    const after = places.buckets;
    if (member === 0) {
      growTo(memory.slots, 4 * (after + SPARE) * BUCKET);
      if (places.apart > 0) growTo(memory.tails, this.tailBytes * (after + SPARE) * BUCKET);
    }
    const oldTails = this.tails;
    if (!barrier()) return false;
    this.view();
    let end = before + SPARE;
    for (;;) {
      const begin = Math.ceil((end * before) / after) + SPARE;
      if (begin >= end) break;
      const part = (w: number) => begin + Math.floor(((end - begin) * w) / size);
      this.move(oldTails, part(member), part(member + 1));
      if (!barrier()) return false;
      end = begin;
    }
    // Too few are left for a stretch: they are taken out all at once.
    if (member === 0) this.moveBatch(oldTails, 0, end, true);
    return barrier();
  }

  /**
   * Moves the keys of buckets `first` to `end - 1` of the smaller table to where they belong now; other members move
   * those before and after them.
   */
  private move(oldTails: Tails, first: number, end: number): void {
    const inner = first + EDGE,
      outer = end - EDGE;
    for (let bucket = first; bucket < end;) {
      const alone = bucket >= inner && bucket < outer;
      const next = Math.min(bucket + MOVED / BUCKET, alone ? outer : bucket < inner ? inner : end, end);
      this.moveBatch(oldTails, bucket, next, alone);
      bucket = next;
    }
  }

  /** Moves those of a few buckets; `alone`: no other member puts keys where they belong. */
  private moveBatch(oldTails: Tails, first: number, end: number, alone: boolean): void {
    const { slots, tails, places, written } = this;
    const n = places.relocate(slots, oldTails, first * BUCKET, end * BUCKET);
    slots.fill(0, first * BUCKET, end * BUCKET);
    oldTails?.fill(0, first * BUCKET, end * BUCKET);
    if (alone) settle(slots, tails, places, n, written);
    else this.put(0, n, 0);
  }

  private view(): void {
    const {
      places: { buckets, apart },
      memory,
    } = this;
    const length = (buckets + SPARE) << BUCKET_BITS;
    this.slots = new Int32Array(memory.slots, 0, length);
    this.written = 1 << apart;
    this.tails =
      apart === 0
        ? undefined
        : this.tailBytes === 2
          ? new Uint16Array(memory.tails, 0, length)
          : new Int32Array(memory.tails, 0, length);
  }
}

/**
 * Puts the keys that `putNarrow` didn't find, entries `added` to `missing - 1` of `fresh`, by compare and exchange,
 * each into the slot that was empty first. Gives how many entries `fresh` holds then: those that no other member put
 * before. Looking and putting aren't mixed, since a locked instruction holds up the memory accesses after it.
 */
function claim(slots: Int32Array, { at, value }: Places, fresh: Int32Array, added: number, missing: number): number {
  for (let j = added; j < missing; j++) {
    const i = fresh[j];
    let v = value[i],
      x = at[i];
    const start = (v >>> DISTANCE_BITS) & (BUCKET - 1);
    for (;;) {
      const slot = Atomics.compareExchange(slots, x, 0, v);
      if (slot === 0) {
        fresh[added++] = i;
        break;
      }
      if (slot === v) break;
      const k = ((x & (BUCKET - 1)) ^ start) + 1;
      if (k < BUCKET) {
        x = (x & ~(BUCKET - 1)) + (start ^ k);
        continue;
      }
      if ((v & DISTANCE) === DISTANCE) throw crowded();
      v++;
      x = (x & ~(BUCKET - 1)) + BUCKET + start;
    }
  }
  return added;
}

/**
 * `SharedSet.put` where tails lie apart. The member that takes a slot writes its tail after it: others wait for the
 * tail where they have to compare it. This is the loop of `slots.ts` but for these two accesses, which are its
 * innermost: to share it would put a test of the kind of memory into each probe of either.
 */
function putShared(
  slots: Int32Array,
  tails: Int32Array | Uint16Array,
  written: number,
  { at, value, tail }: Places,
  fresh: Int32Array,
  first: number,
  end: number,
  added: number,
): number {
  for (let i = first; i < end; i++) {
    let v = value[i],
      base = at[i],
      k = 0;
    const t = tail[i] | written,
      start = (v >>> DISTANCE_BITS) & (BUCKET - 1);
    for (;;) {
      const x = base + (start ^ k);
      let slot = slots[x];
      if (slot === 0 && (slot = Atomics.compareExchange(slots, x, 0, v)) === 0) {
        Atomics.store(tails, x, t);
        fresh[added++] = i;
        break;
      }
      if (slot === v) {
        let there = tails[x] | 0;
        while (there === 0) there = Atomics.load(tails, x) | 0;
        if (there === t) break;
      }
      if (++k < BUCKET) continue;
      if ((v & DISTANCE) === DISTANCE) throw crowded();
      k = 0;
      v++;
      base += BUCKET;
    }
  }
  return added;
}
