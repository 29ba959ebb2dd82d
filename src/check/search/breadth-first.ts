/**
 * Breadth-first search of a transition system whose states are keys of a few words. It is exact, and finds shortest
 * paths first. States are expanded in batches, so that the many memory accesses of a batch overlap instead of waiting
 * for each other.
 */
import { statesOf } from "../store/states";
import { Successors, type States, type System } from "../store/system";

/** States in a batch. */
const BATCH = 1024;

export class BreadthFirst {
  edges = 0;
  /** The length of the longest shortest path so far. */
  depth = 0;
  /** The next state to be expanded. */
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

  /** Expands the next batch, which never goes beyond a layer. Gives false when there is none. */
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
