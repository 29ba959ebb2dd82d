/**
 * Breadth-first search of a transition system whose states are keys of a few words: shortest ways first, every state
 * stored whole, the state it was first reached from beside it. States are looked at in batches, so that the many memory
 * accesses of a batch overlap instead of waiting for each other.
 */
import { StateStore } from "./store";

/** Successors of a batch of states, in the order in which they were found. */
export class Successors {
  keys: Int32Array;
  /** Number of the state that each was reached from. */
  from: Int32Array;
  count = 0;

  constructor(private readonly words: number, capacity = 8192) {
    this.keys = new Int32Array(capacity * words);
    this.from = new Int32Array(capacity);
  }

  /** Makes room for `n` more. */
  reserve(n: number): void {
    if (this.count + n <= this.from.length) return;
    const capacity = Math.max(this.from.length * 2, this.count + n);
    const keys = new Int32Array(capacity * this.words), from = new Int32Array(capacity);
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
  /** Appends the successors of the states numbered `first` to `end - 1`; their keys stand one after the other in `keys`. Gives the number of transitions. */
  expand(keys: Int32Array, first: number, end: number, out: Successors): number;
}

/** States in a batch. */
const BATCH = 1024;

export class BreadthFirst {
  readonly seen: StateStore;
  edges = 0;
  /** Length of the longest shortest way so far. */
  depth = 0;
  /** The next state to be looked at. */
  at = 0;
  private parents = new Int32Array(4096);
  private readonly out: Successors;
  /** First state of the next layer. */
  private layerEnd = 1;

  constructor(private readonly system: System, start: Int32Array) {
    this.seen = new StateStore(system.words, 4096);
    this.out = new Successors(system.words);
    this.seen.add(start);
    this.parents[0] = -1;
  }

  get states(): number {
    return this.seen.count;
  }

  get bytes(): number {
    return this.seen.bytes + this.parents.byteLength;
  }

  /** The state from which state `i` was first reached; -1 for the start. */
  parent(i: number): number {
    return this.parents[i];
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
    this.at = Math.min(first + Math.min(limit, BATCH), this.layerEnd);
    out.count = 0;
    this.edges += system.expand(seen.keys(first, this.at), first, this.at, out);
    this.insert(out);
    return true;
  }

  private insert(out: Successors): void {
    const { seen } = this;
    seen.prepare(out.keys, out.count);
    if (seen.count + out.count > this.parents.length) {
      const parents = new Int32Array(Math.max(this.parents.length * 2, seen.count + out.count));
      parents.set(this.parents);
      this.parents = parents;
    }
    seen.addPrepared(out.keys, out.count, out.from, this.parents);
  }
}
