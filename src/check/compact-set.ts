/**
 * An exact set of keys of up to 60 bits, in four to eight bytes each. A key is first scrambled by a bijection; the place
 * where it lies then tells its leading bits, and only the rest of them is stored (quotienting: Cleary 1984). No two keys
 * are ever taken for one: from a place and what is stored there the key could be computed back, and growing relies on it.
 */

/** Slots of a bucket: two cache lines where a slot is a word. */
const BUCKET_BITS = 5, BUCKET = 1 << BUCKET_BITS;
/** The bits that choose the bucket come from a key's head, which has this many bits at most, so that three times the head is still below 2^31. */
const HEAD = 28;
/** The low bits of a slot say in which bucket from its own on a key lies, counted from 1: an empty slot is 0. */
const DISTANCE_BITS = 5, DISTANCE = (1 << DISTANCE_BITS) - 1;
/** Slots are at most this full. */
const FULL = 13, OF = 16;
/** The most buckets to begin with, as a power of two. */
const BEGIN = 15;
/** Slots that are moved at a time when the set grows. */
const MOVED = 4096;

/** Keys of more bits can't be held. */
export const COMPACT_BITS = HEAD + 32;

export class CompactSet {
  count = 0;
  /** Words of a key as it is given: 1 or 2. */
  private readonly words: number;
  /** Bits of a key's first word. */
  private readonly first: number;
  private readonly headBits: number;
  private readonly tailBits: number;
  /** A key's place is its head times 2 or 3; the place without its low `shift` bits is the number of its bucket. */
  private times = 2;
  private shift: number;
  private slots: Int32Array;
  /** The tails, when they don't fit beside the rest of the place. */
  private tails: Int32Array | Uint16Array | undefined;
  // Of each key of a batch: its bucket's first slot, what is stored there, and the tail where that lies apart.
  private at = new Int32Array(MOVED);
  private value = new Int32Array(MOVED);
  private tail = new Int32Array(MOVED);
  /** The keys of a batch that were new. */
  private fresh = new Int32Array(MOVED);
  private touched = 0;

  /** `bits`: how many low bits of each of a key's words are used, the others being 0. One or two numbers from 1 to 32, `COMPACT_BITS` in all. */
  constructor(bits: readonly number[]) {
    const [first, second = 0] = bits;
    const all = first + second;
    if (bits.length < 1 || bits.length > 2 || bits.some((b) => b < 1 || b > 32) || all > COMPACT_BITS) throw new RangeError(`A compact set holds keys of one or two words and at most ${COMPACT_BITS} bits; these have ${bits.join(" + ")}.`);
    this.words = bits.length;
    this.first = first;
    this.headBits = Math.min(all, HEAD);
    this.tailBits = all - this.headBits;
    // Small to begin with, but where that lets a slot be one word, larger.
    const forOneWord = all + DISTANCE_BITS - 32;
    const log = Math.min(this.headBits, forOneWord <= BEGIN ? Math.max(6, forOneWord) : 6);
    this.shift = this.headBits - log;
    this.slots = new Int32Array((this.times << log) * BUCKET);
    if (forOneWord > log) this.tails = this.newTails();
  }

  private newTails(): Int32Array | Uint16Array {
    return this.tailBits <= 16 ? new Uint16Array(this.slots.length) : new Int32Array(this.slots.length);
  }

  /** Bytes that the set takes now. */
  get bytes(): number {
    return this.slots.byteLength + (this.tails?.byteLength ?? 0) + 4 * this.at.byteLength + (this.touched & 0);
  }

  /**
   * Adds `n` keys that stand one after the other in `keys`. Those that were new are moved to the front, in their order,
   * and so are their entries of `beside`; gives how many there are.
   */
  addAll(keys: Int32Array, n: number, beside: Int32Array): number {
    while ((this.count + n) * OF > this.slots.length * FULL && this.shift > 0) this.grow();
    if (this.at.length < n) for (const name of ["at", "value", "tail", "fresh"] as const) this[name] = new Int32Array(2 * n);
    this.locate(keys, n);
    const { slots, tails, at, value, words, fresh } = this;
    // Touching what will be compared brings it into the cache, the accesses overlapping; the sum keeps them from being left out.
    this.touched = touch(slots, at, value, n) ^ (tails ? touch(tails, at, value, n) : 0);
    const added = this.put(n);
    for (let k = 0; k < added; k++) {
      const i = fresh[k];
      keys[words * k] = keys[words * i];
      if (words === 2) keys[2 * k + 1] = keys[2 * i + 1];
      beside[k] = beside[i];
    }
    this.count += added;
    return added;
  }

  /** Whether the set holds this key. */
  has(key: Int32Array): boolean {
    this.locate(key, 1);
    const { slots, tails } = this;
    let base = this.at[0], v = this.value[0];
    for (const start = (v >>> DISTANCE_BITS) & (BUCKET - 1); ; base = (base + BUCKET) % slots.length, v++) {
      for (let k = 0; k < BUCKET; k++) {
        const x = base + (start ^ k);
        if (slots[x] === 0) return false;
        if (slots[x] === v && (!tails || (tails[x] | 0) === this.tail[0])) return true;
      }
      if ((v & DISTANCE) === DISTANCE) return false;
    }
  }

  /** Scrambles `n` keys and finds their buckets. */
  private locate(keys: Int32Array, n: number): void {
    const { words, first, headBits, tailBits, times, shift, at, value, tail } = this;
    const headMask = 2 ** headBits - 1, tailMask = mask(tailBits);
    const narrow = this.tails === undefined, over = first - headBits, rest = 2 ** shift - 1;
    const half = (headBits + 1) >> 1, top = 32 - headBits;
    for (let i = 0; i < n; i++) {
      const w0 = keys[words * i], w1 = words === 2 ? keys[words * i + 1] : 0;
      let head: number, t: number;
      if (over >= 0) {
        head = w0 & headMask;
        t = (over > 0 ? w0 >>> headBits : 0) | (w1 << over);
      } else {
        head = (w0 | (w1 << first)) & headMask;
        t = w1 >>> -over;
      }
      // Each of these lines is a bijection of head and tail.
      let h = Math.imul(head, 0x9e3779b1);
      t = (t ^ h ^ (h >>> 15)) & tailMask;
      h = Math.imul(t ^ 0x7f4a7c15, 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
      head ^= h >>> top;
      head = Math.imul(head, 0x27d4eb2f) & headMask;
      head ^= head >>> half;
      head = Math.imul(head, 0x165667b1) & headMask;
      const place = head * times;
      at[i] = (place >>> shift) << BUCKET_BITS;
      if (narrow) value[i] = ((((place & rest) << tailBits) | t) << DISTANCE_BITS) | 1;
      else {
        value[i] = ((place & rest) << DISTANCE_BITS) | 1;
        tail[i] = t;
      }
    }
  }

  /** Puts `n` located keys where they belong unless they are there; `fresh` says which weren't. Gives their number. */
  private put(n: number): number {
    const { slots, tails, at, value, tail, fresh } = this;
    const added = tails ? putWide(slots, tails, at, value, tail, fresh, n) : putNarrow(slots, at, value, fresh, n);
    if (added < 0) throw new Error(`More than ${DISTANCE * BUCKET} keys fell on one place of the set of states: its scrambling is at fault.`);
    return added;
  }

  /** Makes half as many buckets more, or a third. Keys keep their order, so this is one stream into another, without jumps. */
  private grow(): void {
    const { slots: old, tails: oldTails, times, shift, tailBits, at, value, tail } = this;
    const tailMask = mask(tailBits), oldBuckets = old.length >> BUCKET_BITS;
    if (times === 3) this.shift--;
    const newTimes = (this.times = 5 - times), newShift = this.shift, rest = 2 ** newShift - 1;
    this.slots = new Int32Array(((newTimes << this.headBits) >>> newShift) << BUCKET_BITS);
    this.tails = oldTails && this.newTails();
    for (let from = 0; from < old.length; from += MOVED) {
      let n = 0;
      for (let x = from; x < from + MOVED && x < old.length; x++) {
        const v = old[x];
        if (v === 0) continue;
        let bucket = (x >>> BUCKET_BITS) - (v & DISTANCE) + 1;
        if (bucket < 0) bucket += oldBuckets;
        const stored = v >>> DISTANCE_BITS;
        const t = oldTails ? oldTails[x] : stored & tailMask;
        const place = (((bucket << shift) | (oldTails ? stored : stored >>> tailBits)) / times) * newTimes;
        at[n] = (place >>> newShift) << BUCKET_BITS;
        value[n] = ((oldTails ? place & rest : ((place & rest) << tailBits) | t) << DISTANCE_BITS) | 1;
        tail[n++] = t;
      }
      this.put(n);
    }
  }
}

const mask = (bits: number): number => (bits === 32 ? -1 : 2 ** bits - 1);

function touch(slots: Int32Array | Uint16Array, at: Int32Array, value: Int32Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum ^= slots[at[i] + ((value[i] >>> DISTANCE_BITS) & (BUCKET - 1))];
  return sum;
}

/** As `CompactSet.put`, with slots of one word; -1 when there is no place. */
function putNarrow(slots: Int32Array, at: Int32Array, value: Int32Array, fresh: Int32Array, n: number): number {
  const size = slots.length;
  let added = 0;
  for (let i = 0; i < n; i++) {
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
function putWide(slots: Int32Array, tails: Int32Array | Uint16Array, at: Int32Array, value: Int32Array, tail: Int32Array, fresh: Int32Array, n: number): number {
  const size = slots.length;
  let added = 0;
  for (let i = 0; i < n; i++) {
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
