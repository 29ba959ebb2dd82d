/** Looking up and inserting keys whose places are known (`places.ts`) in a table of slots that one thread writes to. */
import { BUCKET, DISTANCE, DISTANCE_BITS, type Places } from "./places";

/** Words of a table: a slot each; what of a key doesn't fit there lies in a second table, if there is one. */
export type Tails = Int32Array | Uint16Array | undefined;

/**
 * Keys that are touched, and then put, at a time: few enough that their pages stay in the core's own TLB, and their
 * slots in its nearest cache.
 */
export const TOUCHED = 256;

/**
 * Touching what will be compared brings it into the cache, the accesses overlapping; the sum is to keep them from
 * being left out.
 */
export function touch(slots: Int32Array | Uint16Array, { at, value }: Places, first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum ^= slots[at[i] + ((value[i] >>> DISTANCE_BITS) & (BUCKET - 1))];
  return sum;
}

/**
 * Moves the keys numbered by the first `added` entries of `fresh` to the front, in their order, with their entries of
 * `parents`.
 */
export function gather(keys: Int32Array, words: number, parents: Int32Array, fresh: Int32Array, added: number): void {
  for (let k = 0; k < added; k++) {
    const i = fresh[k];
    keys[words * k] = keys[words * i];
    if (words === 2) keys[2 * k + 1] = keys[2 * i + 1];
    parents[k] = parents[i];
  }
}

/** Says that no slot is left in all buckets where a key may lie. */
export const crowded = (): Error =>
  new Error(`More than ${DISTANCE * BUCKET} keys fell on one place of the set of states: its scrambling is at fault.`);

/**
 * Puts located keys `first` to `end - 1` where they belong unless they are there; `fresh` says which weren't, after
 * the `added` that it holds. Gives how many it holds then.
 */
export function put(
  slots: Int32Array,
  tails: Tails,
  places: Places,
  fresh: Int32Array,
  first: number,
  end: number,
  added: number,
): number {
  return tails
    ? putWide(slots, tails, places, fresh, first, end, added)
    : putNarrow(slots, places, fresh, first, end, added, true);
}

/**
 * `put` for slots of one word. With `write` false, a key that isn't there is not put: its place in `places` becomes the
 * empty slot where it belongs, and its value what is to be stored there.
 */
export function putNarrow(
  slots: Int32Array,
  { at, value }: Places,
  fresh: Int32Array,
  first: number,
  end: number,
  added: number,
  write: boolean,
): number {
  for (let i = first; i < end; i++) {
    let v = value[i],
      base = at[i],
      k = 0;
    const start = (v >>> DISTANCE_BITS) & (BUCKET - 1);
    for (;;) {
      const x = base + (start ^ k),
        slot = slots[x];
      if (slot === v) break;
      if (slot === 0) {
        if (write) slots[x] = v;
        else {
          at[i] = x;
          value[i] = v;
        }
        fresh[added++] = i;
        break;
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

/** The same where tails lie apart. */
function putWide(
  slots: Int32Array,
  tails: Int32Array | Uint16Array,
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
    const t = tail[i],
      start = (v >>> DISTANCE_BITS) & (BUCKET - 1);
    for (;;) {
      const x = base + (start ^ k),
        slot = slots[x];
      if (slot === v && (tails[x] | 0) === t) break;
      if (slot === 0) {
        slots[x] = v;
        tails[x] = t;
        fresh[added++] = i;
        break;
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

/**
 * Puts the first `n` located keys, of which none is there yet: as when a table has grown. `written` is added to their
 * tails.
 */
export function settle(slots: Int32Array, tails: Tails, { at, value, tail }: Places, n: number, written = 0): void {
  for (let i = 0; i < n; i++) {
    let v = value[i],
      base = at[i],
      k = 0;
    const start = (v >>> DISTANCE_BITS) & (BUCKET - 1);
    while (slots[base + (start ^ k)] !== 0) {
      if (++k < BUCKET) continue;
      if ((v & DISTANCE) === DISTANCE) throw crowded();
      k = 0;
      v++;
      base += BUCKET;
    }
    slots[base + (start ^ k)] = v;
    if (tails) tails[base + (start ^ k)] = tail[i] | written;
  }
}
