/**
 * What a breadth-first search works on, whatever the model: a transition system whose states are keys of a few words,
 * the successors that it gives, and the interface of a store that keeps the states found.
 */

/** Successors of a batch of states, in the order in which they were found. */
export class Successors {
  keys: Int32Array;
  /** Number of the state that each was reached from. */
  from: Int32Array;
  count = 0;

  constructor(
    private readonly words: number,
    capacity = 8192,
  ) {
    this.keys = new Int32Array(capacity * words);
    this.from = new Int32Array(capacity);
  }

  /** Bytes that they take now. */
  get bytes(): number {
    return this.keys.byteLength + this.from.byteLength;
  }

  /** Makes room for `n` more. */
  reserve(n: number): void {
    if (this.count + n <= this.from.length) return;
    const capacity = Math.max(this.from.length * 2, this.count + n);
    const keys = new Int32Array(capacity * this.words),
      from = new Int32Array(capacity);
    keys.set(this.keys);
    from.set(this.from);
    this.keys = keys;
    this.from = from;
  }

  add(key: Int32Array, from: number): void {
    this.reserve(1);
    const { words, keys } = this;
    for (let k = 0, at = this.count * words; k < words; k++) keys[at + k] = key[k];
    this.from[this.count++] = from;
  }
}

export interface System {
  /** Words of a key. */
  readonly words: number;
  /**
   * How many low bits of each word are used, the others being 0, for one or two words of 60 bits in all at most: such
   * keys take less memory and time.
   */
  readonly bits?: readonly number[];
  /**
   * Appends the successors of the states numbered `first` to `end - 1`; their keys stand one after the other in
   * `keys`. Gives the number of transitions.
   */
  expand(keys: Int32Array, first: number, end: number, out: Successors): number;
}

/** States numbered in the order in which they were found. */
export interface States {
  readonly count: number;
  /** Bytes that they take now. */
  readonly bytes: number;
  /** Keeps the successors that are new, in their order; may change what it was given. */
  insert(out: Successors): void;
  /** The end of the longest run of states from `first` on, up to `end`, that `keys` can give at once. */
  limit(first: number, end: number): number;
  /** States `first` to `end - 1`, one after the other; to be read before anything is inserted. */
  keys(first: number, end: number): Int32Array;
  /** Copies state `i` into `into`. */
  read(i: number, into: Int32Array): void;
  /** The state from which state `i` was first reached; -1 for the start. */
  parent(i: number): number;
  /** Called when the states before number `first` have been expanded: they are needed only to reconstruct paths. */
  forget?(first: number): void;
}
