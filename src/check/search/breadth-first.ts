/**
 * Breadth-first search of a transition system whose states are keys of a few words: shortest ways first, nothing left
 * out and nothing mistaken for another. States are looked at in batches, so that the many memory accesses of a batch
 * overlap instead of waiting for each other.
 */
import { statesOf, type States } from "../store/states";

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

/** States in a batch. */
const BATCH = 1024;

export class BreadthFirst {
  edges = 0;
  /** Length of the longest shortest way so far. */
  depth = 0;
  /** The next state to be looked at. */
  at = 0;
  private readonly out: Successors;
  /** First state of the next layer. */
  private layerEnd = 1;

  /** `seen` is where the states are kept: empty yet. */
  constructor(
    private readonly system: System,
    start: Int32Array,
    private readonly seen: States = statesOf(system),
  ) {
    this.out = new Successors(system.words);
    this.out.add(start, -1);
    seen.insert(this.out);
  }

  get states(): number {
    return this.seen.count;
  }

  get bytes(): number {
    return this.seen.bytes;
  }

  /** The end of the longest run of states from `first` on, up to `end`, that `keys` can give at once. */
  limit(first: number, end: number): number {
    return this.seen.limit(first, end);
  }

  /** States `first` to `end - 1`, one after the other; to be read before the next step. */
  keys(first: number, end: number): Int32Array {
    return this.seen.keys(first, end);
  }

  /** Copies state `i` into `into`. */
  read(i: number, into: Int32Array): void {
    this.seen.read(i, into);
  }

  /** The state from which state `i` was first reached; -1 for the start. */
  parent(i: number): number {
    return this.seen.parent(i);
  }

  /** Looks at the next batch, which never goes beyond a layer. Gives false when there is none. */
  step(limit = BATCH): boolean {
    const { seen, out, system } = this;
    if (this.at === seen.count) return false;
    if (this.at === this.layerEnd) {
      this.depth++;
      this.layerEnd = seen.count;
    }
    const first = this.at;
    this.at = seen.limit(first, Math.min(first + Math.min(limit, BATCH), this.layerEnd));
    out.count = 0;
    this.edges += system.expand(seen.keys(first, this.at), first, this.at, out);
    seen.forget?.(this.at);
    seen.insert(out);
    return true;
  }
}
