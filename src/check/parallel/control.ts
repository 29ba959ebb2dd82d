/**
 * How the members of a parallel search coordinate: a barrier, which states of the layer are still to be taken, how far
 * each member is; and what their host asks of them.
 */
import type { SharedMemory } from "./memory";

/** What the members do next: decided by the last of them to arrive at the barrier. */
export const Phase = { expand: 0, grow: 1, complete: 2, stopped: 3, states: 4, memory: 5, abandoned: 6 } as const;

// Words of the control memory. REQUESTED: all are asked to come to the barrier. USED: keys in the set, with those that
// are about to be added.
const ARRIVED = 0,
  GENERATION = 1,
  PHASE = 2,
  REQUESTED = 3,
  GROW = 4,
  STOP = 5,
  PAUSED = 6,
  ABANDONED = 7,
  USED = 8,
  DEPTH = 9,
  BATCH_SIZE = 10,
  HEADER = 16;
/**
 * Words of each member, a cache line: states found; the end of those in this layer; the first of these that has not
 * been taken; where no parents are kept, how many of the oldest are to be dropped.
 */
const COUNT = 0,
  END = 1,
  TAKEN = 2,
  STALE = 3,
  LINE = 16;
const COUNTERS = 3;
/** How often a member polls the barrier before it sleeps: the others are about as fast. */
const SPINS = 20_000;
/**
 * States that a member takes at once: enough that memory accesses overlap, few enough that the work of a layer is
 * shared evenly.
 */
const LEAST_BATCH = 32,
  MOST_BATCH = 512,
  BATCHES = 8;
/** States are numbered below this, and each member has an equal share of the numbers. */
const NUMBERS = 2 ** 31;

export const controlBytes = (size: number): number => 4 * (HEADER + LINE * size);
export const progressBytes = (size: number): number => 8 * COUNTERS * size;

export interface Counters {
  states: number;
  edges: number;
  depth: number;
  bytes: number;
}

/** A batch of a layer: states that member `found` has found, by its own numbers. */
export interface Batch {
  found: number;
  first: number;
  end: number;
}

/** The control memory, for one member or for the host. */
export class Control {
  private readonly words: Int32Array;
  private readonly progress: Float64Array;
  private readonly size: number;

  constructor(private readonly memory: SharedMemory) {
    this.words = new Int32Array(memory.control);
    this.progress = new Float64Array(memory.progress);
    this.size = memory.size;
  }

  /**
   * The number among all states of what is member `member`'s own state `own`. States found one after the other have
   * numbers one after the other.
   */
  number(member: number, own: number): number {
    return member * Math.floor(NUMBERS / this.size) + own;
  }

  /** The inverse of `number`. */
  own(number: number): { member: number; own: number } {
    const each = Math.floor(NUMBERS / this.size),
      member = Math.floor(number / each);
    return { member, own: number - member * each };
  }

  /**
   * Says how far `member` is; `count` is the length of its log, `bytes` what it takes: of what all have in common,
   * the first says it.
   */
  report(member: number, count: number, { states, edges, bytes }: Omit<Counters, "depth">): void {
    this.words[HEADER + member * LINE + COUNT] = count;
    this.progress.set([states, edges, bytes], member * COUNTERS);
  }

  /** The length of `member`'s log. */
  found(member: number): number {
    return this.words[HEADER + member * LINE + COUNT];
  }

  /** All members together. */
  get total(): Counters {
    const sum: Counters = {
      states: 0,
      edges: 0,
      depth: Math.max(0, Atomics.load(this.words, DEPTH) - 1),
      bytes: this.memory.control.byteLength + this.memory.progress.byteLength,
    };
    for (let at = 0; at < this.progress.length; at += COUNTERS) {
      sum.states += this.progress[at];
      sum.edges += this.progress[at + 1];
      sum.bytes += this.progress[at + 2];
    }
    return sum;
  }

  /** Asks all to stop. */
  stop(): void {
    Atomics.store(this.words, STOP, 1);
    this.requestBarrier();
    this.pause(false);
  }

  /** Holds all up, or lets them go on. */
  pause(on: boolean): void {
    Atomics.store(this.words, PAUSED, on ? 1 : 0);
    Atomics.notify(this.words, PAUSED);
  }

  /** Releases members that wait for one that has died. */
  abandon(): void {
    Atomics.store(this.words, ABANDONED, 1);
    this.requestBarrier();
    this.pause(false);
    Atomics.add(this.words, GENERATION, 1);
    Atomics.notify(this.words, GENERATION);
  }

  /** Asks all to come to the barrier before they go on. */
  requestBarrier(): void {
    Atomics.store(this.words, REQUESTED, 1);
  }

  /**
   * A batch of this layer for `member`: of what it found itself first, which is still in its cache. Undefined when it
   * is to go to the barrier.
   */
  take(member: number): Batch | undefined {
    const { words, size } = this;
    while (Atomics.load(words, PAUSED) === 1) Atomics.wait(words, PAUSED, 1);
    if (Atomics.load(words, REQUESTED) === 1) return undefined;
    for (let k = 0; k < size; k++) {
      const found = (member + k) % size,
        line = HEADER + found * LINE,
        end = words[line + END];
      if (Atomics.load(words, line + TAKEN) >= end) continue;
      const first = Atomics.add(words, line + TAKEN, words[BATCH_SIZE]);
      if (first < end) return { found, first, end: Math.min(end, first + words[BATCH_SIZE]) };
    }
    return undefined;
  }

  /** How many states of older layers `member` has in its log, to be dropped at once: 0 where parents are kept. */
  stale(member: number): number {
    return this.words[HEADER + member * LINE + STALE];
  }

  /**
   * Reserves room for `n` keys where there is room for `most`; else asks all to come to the barrier and to grow the
   * set.
   */
  reserve(n: number, most: number): boolean {
    if (Atomics.add(this.words, USED, n) + n <= most) return true;
    this.giveBack(n);
    Atomics.store(this.words, GROW, 1);
    this.requestBarrier();
    return false;
  }

  /** Gives back what was reserved for keys that turned out to be known. */
  giveBack(n: number): void {
    Atomics.sub(this.words, USED, n);
  }

  /** Ends the search where a bound is reached. */
  checkBounds(): void {
    const { maxStates, maxBytes } = this.memory;
    if (maxStates === Infinity && maxBytes === Infinity) return;
    const { states, bytes } = this.total;
    if (states >= maxStates || bytes >= maxBytes) this.requestBarrier();
  }

  /**
   * Waits at the barrier for all members; gives the phase that follows. With `keepPhase` the phase stays what it is.
   */
  barrier(keepPhase = false): number {
    const { words, size } = this;
    const generation = Atomics.load(words, GENERATION);
    if (Atomics.load(words, ABANDONED) === 1) return Phase.abandoned;
    if (Atomics.add(words, ARRIVED, 1) === size - 1) {
      Atomics.store(words, ARRIVED, 0);
      if (!keepPhase) words[PHASE] = this.decide();
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
    } else {
      for (let i = 0; i < SPINS && Atomics.load(words, GENERATION) === generation; i++);
      while (Atomics.load(words, GENERATION) === generation) Atomics.wait(words, GENERATION, generation);
    }
    return Atomics.load(words, ABANDONED) === 1 ? Phase.abandoned : words[PHASE];
  }

  /** Run by the last member to arrive, while the others wait. */
  private decide(): number {
    const { words, memory } = this;
    Atomics.store(words, REQUESTED, 0);
    const { states, bytes } = this.total;
    if (Atomics.load(words, STOP) === 1) return Phase.stopped;
    if (states >= memory.maxStates) return Phase.states;
    if (bytes >= memory.maxBytes) return Phase.memory;
    if (Atomics.exchange(words, GROW, 0) === 1) return Phase.grow;
    if (this.isLayerDone()) return this.nextLayer() === 0 ? Phase.complete : Phase.expand;
    // The layer goes on: what was to be dropped before it has been.
    for (let line = HEADER; line < words.length; line += LINE) words[line + STALE] = 0;
    return Phase.expand;
  }

  private isLayerDone(): boolean {
    for (let line = HEADER; line < this.words.length; line += LINE)
      if (this.words[line + TAKEN] < this.words[line + END]) return false;
    return true;
  }

  /** Begins the next layer: what was found in this one. Gives its size. */
  private nextLayer(): number {
    const { words } = this;
    let layer = 0;
    for (let line = HEADER; line < words.length; line += LINE) {
      const end = words[line + END],
        stale = this.memory.keepParents ? 0 : end;
      words[line + STALE] = stale;
      words[line + TAKEN] = end - stale;
      words[line + END] = words[line + COUNT] - stale;
      layer += words[line + COUNT] - end;
    }
    words[BATCH_SIZE] = Math.min(MOST_BATCH, Math.max(LEAST_BATCH, Math.ceil(layer / (this.size * BATCHES))));
    if (layer > 0) words[DEPTH]++;
    return layer;
  }
}
