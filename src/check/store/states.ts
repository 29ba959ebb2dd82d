/** The stores of a search: keys kept whole, or packed; with the parent of each state, or without. */
import { CompactSet } from "./compact-set";
import { KeyLog } from "./key-log";
import { Recent } from "./recent";
import { StateStore } from "./state-store";
import type { States, Successors, System } from "./system";

/**
 * An empty store for the states of a system. `keepParents`: keep the key and the parent of every state, so that paths
 * can be reconstructed.
 */
export function statesOf(system: System, keepParents = true): States {
  return system.bits ? new PackedStates(system.bits, keepParents) : new IndexedStates(system.words);
}

/** Keys of any number of words. */
export class IndexedStates implements States {
  private readonly store: StateStore;
  private readonly recent: Recent;
  private parents = new Int32Array(4096);

  /** `words` is the number of words of a key. */
  constructor(words: number) {
    this.store = new StateStore(words, 4096);
    this.recent = new Recent(words);
  }

  get count(): number {
    return this.store.count;
  }

  get bytes(): number {
    return this.store.bytes + this.recent.bytes + this.parents.byteLength;
  }

  insert(out: Successors): void {
    const { store } = this;
    const { keys, from } = out,
      n = this.recent.drop(keys, out.count, from);
    store.prepare(keys, n);
    if (store.count + n > this.parents.length) {
      const parents = new Int32Array(Math.max(this.parents.length * 1.5, store.count + n));
      parents.set(this.parents);
      this.parents = parents;
    }
    store.addPrepared(keys, n, from, this.parents);
  }

  limit(_first: number, end: number): number {
    return end;
  }

  keys(first: number, end: number): Int32Array {
    return this.store.keys(first, end);
  }

  read(i: number, into: Int32Array): void {
    this.store.read(i, into);
  }

  parent(i: number): number {
    return this.parents[i];
  }
}

/**
 * Keys of one or two words whose bits are known: less memory, and one memory access to find out that a state is known.
 * Without parents, only what that takes is kept, and the states that are yet to be expanded.
 */
export class PackedStates implements States {
  private readonly set: CompactSet;
  private readonly log: KeyLog;
  private readonly recent: Recent;

  /**
   * `bits` as for `CompactSet`; `keepParents`: keep the key and the parent of every state; `capacity`: room for this
   * many states to begin with.
   */
  constructor(
    bits: readonly number[],
    private readonly keepParents = true,
    capacity = 0,
  ) {
    this.set = new CompactSet(bits, capacity, keepParents);
    this.log = new KeyLog(bits.length);
    this.recent = new Recent(bits.length);
  }

  get count(): number {
    return this.log.count;
  }

  get bytes(): number {
    return this.set.bytes + this.log.bytes + this.recent.bytes;
  }

  insert(out: Successors): void {
    const { keys, from } = out,
      n = this.recent.drop(keys, out.count, from);
    this.log.append(keys, this.set.addAll(keys, n, from), from);
  }

  forget(first: number): void {
    if (!this.keepParents) this.log.forget(first);
  }

  limit(first: number, end: number): number {
    return this.log.limit(first, end);
  }

  keys(first: number, end: number): Int32Array {
    return this.log.keys(first, end);
  }

  read(i: number, into: Int32Array): void {
    this.log.read(i, into);
  }

  parent(i: number): number {
    return this.log.parent(i);
  }
}
