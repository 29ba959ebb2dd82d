/**
 * Where keys of up to 60 bits belong in a table of buckets, and what is stored of them there. A key is first scrambled
 * by a bijection; the bucket then determines its leading bits, and only the rest is stored (quotienting: Cleary 1984).
 * The set is exact: a key can be computed back from its bucket and what is stored there, which is how the table grows.
 */

/** Slots of a bucket: two cache lines where a slot is a word. */
export const BUCKET_BITS = 5,
  BUCKET = 1 << BUCKET_BITS;
/** The low bits of a slot say in which bucket from its own on a key lies, counted from 1: an empty slot is 0. */
export const DISTANCE_BITS = 5,
  DISTANCE = (1 << DISTANCE_BITS) - 1;
/**
 * The bits that choose the bucket come from a key's head, which has this many bits at most, so that three times the
 * head is still below 2^31.
 */
const HEAD = 28;
/** Buckets after the last that a key can have for its own: no row of slots goes over the end. */
export const SPARE = DISTANCE - 1;
/** Slots are at most this full. */
const FULL = 13,
  OF = 16;
/** The most buckets to begin with, as a power of two. */
const BEGIN = 15;
/** Slots that are moved at a time when a table grows. */
export const MOVED = 4096;

/** Keys of more bits have no place. */
export const PLACED_BITS = HEAD + 32;

export class Places {
  /** Words of a key as it is given: 1 or 2. */
  readonly words: number;
  /**
   * Bits of a key that don't fit in a slot and lie apart, in a table beside it: the fewer the more buckets there are.
   */
  apart: number;
  // Of each key of a batch: its bucket's first slot, what is stored there, and what lies apart.
  at = new Int32Array(MOVED);
  value = new Int32Array(MOVED);
  tail = new Int32Array(MOVED);
  /** Bits of a key's first word. */
  private readonly first: number;
  private readonly headBits: number;
  private readonly tailBits: number;
  /** Bits of the tail that fit in the slot. */
  private near: number;
  /** A key's place is its head times 2 or 3; the place without its low `shift` bits is the number of its bucket. */
  private times = 2;
  private shift: number;
  /**
   * As they were before the table grew; `unscale` undoes the multiplication by `times`, of which 3 has an inverse
   * modulo 2^32.
   */
  private before = { halve: 0, unscale: 1, shift: 0, near: 0, apart: 0 };

  /**
   * `bits`: how many low bits of each of a key's words are used, the others being 0. One or two numbers from 1 to 32,
   * `PLACED_BITS` in all.
   */
  constructor(bits: readonly number[]) {
    const [first, second = 0] = bits;
    const all = first + second;
    if (bits.length < 1 || bits.length > 2 || bits.some((b) => b < 1 || b > 32) || all > PLACED_BITS)
      throw new RangeError(
        `A compact set holds keys of one or two words and at most ${PLACED_BITS} bits; these have ${bits.join(" + ")}.`,
      );
    this.words = bits.length;
    this.first = first;
    this.headBits = Math.min(all, HEAD);
    this.tailBits = all - this.headBits;
    // Few buckets to begin with, but where that lets all fit in a slot, more.
    const forOneWord = all + DISTANCE_BITS - 32;
    const log = Math.min(this.headBits, forOneWord <= BEGIN ? Math.max(6, forOneWord) : 6);
    this.shift = this.headBits - log;
    this.near = nearBits(this.tailBits, this.shift);
    this.apart = this.tailBits - this.near;
  }

  /** Bytes that this takes now. */
  get bytes(): number {
    return 3 * this.at.byteLength;
  }

  get buckets(): number {
    return (this.times << this.headBits) >>> this.shift;
  }

  /** The most keys that there should be before the table grows. */
  get most(): number {
    return this.shift > 0 ? (this.buckets * BUCKET * FULL) / OF : Infinity;
  }

  /** Scrambles `n` keys, one after the other in `keys`, and finds their buckets: in `at`, `value` and `tail`. */
  locate(keys: Int32Array, n: number): void {
    if (this.at.length < n) for (const name of ["at", "value", "tail"] as const) this[name] = new Int32Array(2 * n);
    const { words, first, headBits, tailBits, near, apart, times, shift, at, value, tail } = this;
    const headMask = mask(headBits),
      tailMask = mask(tailBits);
    const over = first - headBits,
      rest = mask(shift),
      nearMask = mask(near);
    const half = (headBits + 1) >> 1,
      top = 32 - headBits;
    for (let i = 0; i < n; i++) {
      const w0 = keys[words * i],
        w1 = words === 2 ? keys[words * i + 1] : 0;
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
      const place = Math.imul(head, times);
      at[i] = (place >>> shift) << BUCKET_BITS;
      value[i] = ((((place & rest) << near) | (t & nearMask)) << DISTANCE_BITS) | 1;
      if (apart > 0) tail[i] = t >>> near;
    }
  }

  /**
   * Adds half as many buckets, or a third; `doubling`: as many again. Keys keep their order: the key of an earlier
   * bucket is never after that of a later one.
   */
  grow(doubling = false): void {
    const { times, shift, near, apart } = this;
    this.before = { halve: times === 2 ? 1 : 0, unscale: times === 2 ? 1 : 0xaaaaaaab, shift, near, apart };
    if (doubling || times === 3) this.shift--;
    if (!doubling || this.shift < 0) this.times = 5 - times;
    this.shift = Math.max(0, this.shift);
    this.near = nearBits(this.tailBits, this.shift);
    this.apart = this.tailBits - this.near;
  }

  /**
   * Finds the buckets of those keys that lie in the slots `from` to `end - 1` of the table before it grew, at most
   * `MOVED`. Gives their number.
   */
  relocate(old: Int32Array, oldTails: Int32Array | Uint16Array | undefined, from: number, end: number): number {
    const {
      near,
      times,
      shift,
      before: { halve, unscale, shift: wasShift, near: wasNear, apart: wasApart },
      at,
      value,
      tail,
    } = this;
    const nearMask = mask(near),
      rest = mask(shift),
      wasNearMask = mask(wasNear),
      wasApartMask = mask(wasApart);
    let n = 0;
    // Without a jump at the empty slots, which would be guessed wrong too often: what is found for them is written
    // over.
    for (let x = from; x < end; x++) {
      const v = old[x],
        stored = v >>> DISTANCE_BITS;
      const bucket = (x >>> BUCKET_BITS) - (v & DISTANCE) + 1;
      const head = Math.imul(((bucket << wasShift) | (stored >>> wasNear)) >>> halve, unscale);
      const place = Math.imul(head, times);
      const t = (stored & wasNearMask) | (oldTails ? (oldTails[x] & wasApartMask) << wasNear : 0);
      at[n] = (place >>> shift) << BUCKET_BITS;
      value[n] = ((((place & rest) << near) | (t & nearMask)) << DISTANCE_BITS) | 1;
      tail[n] = t >>> near;
      n += (v | -v) >>> 31;
    }
    return n;
  }
}

const nearBits = (tailBits: number, shift: number): number => Math.min(tailBits, 32 - DISTANCE_BITS - shift);

const mask = (bits: number): number => (bits === 32 ? -1 : (1 << bits) - 1);
