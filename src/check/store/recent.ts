/**
 * Filters out most of the keys that came a moment ago: in a breadth-first search, the transitions that lead to one
 * state are found close to each other.
 */
export class Recent {
  private readonly last: Int32Array;

  /** `words` is the number of words of a key. */
  constructor(private readonly words: number) {
    // Every place begins with a key that hashes to another place, so that no key is found before it came. The key 0
    // hashes to place 0.
    this.last = new Int32Array(PLACES * words);
    const one = new Int32Array(words);
    for (one[0] = 1; placeOf(one, 0, words) === 0; one[0]++);
    this.last.set(one);
  }

  /** Bytes that this takes. */
  get bytes(): number {
    return this.last.byteLength;
  }

  /**
   * Moves to the front, in their order, those of `n` keys that may be new, with their entries of `parents`; gives their
   * number. The others have come before.
   */
  drop(keys: Int32Array, n: number, parents: Int32Array): number {
    return this.words === 2 ? dropPairs(this.last, keys, n, parents) : dropAny(this.last, this.words, keys, n, parents);
  }
}

/** As many keys as stay in a core's own cache. */
const PLACE_BITS = 14,
  PLACES = 1 << PLACE_BITS;

function dropPairs(last: Int32Array, keys: Int32Array, n: number, parents: Int32Array): number {
  let kept = 0;
  for (let i = 0; i < n; i++) {
    const a = keys[2 * i],
      b = keys[2 * i + 1];
    const at = placeOf(keys, 2 * i, 2) << 1;
    if (last[at] === a && last[at + 1] === b) continue;
    last[at] = keys[2 * kept] = a;
    last[at + 1] = keys[2 * kept + 1] = b;
    parents[kept++] = parents[i];
  }
  return kept;
}

function dropAny(last: Int32Array, words: number, keys: Int32Array, n: number, parents: Int32Array): number {
  let kept = 0;
  for (let i = 0; i < n; i++) {
    const key = words * i,
      at = placeOf(keys, key, words) * words;
    let k = 0;
    while (k < words && last[at + k] === keys[key + k]) k++;
    if (k === words) continue;
    for (k = 0; k < words; k++) last[at + k] = keys[words * kept + k] = keys[key + k];
    parents[kept++] = parents[i];
  }
  return kept;
}

/** 0 for the key 0. */
function placeOf(keys: Int32Array, from: number, words: number): number {
  let h = 0;
  for (let k = words - 1; k >= 0; k--) h = Math.imul(h ^ (h >>> 15) ^ keys[from + k], 0x9e3779b1);
  return h >>> (32 - PLACE_BITS);
}
