/**
 * What the members of a parallel search tell each other: where they meet, which states of the layer nobody has taken
 * yet,
 * how far each is; and what their host tells them.
 */
import type { SharedMemory } from "./memory";

/** What the members do next, decided by the last of them to come to a meeting. */
export const Turn = { expand: 0, grow: 1, complete: 2, stopped: 3, states: 4, memory: 5, abandoned: 6 } as const;

// Words of the control memory. CALL: all are asked to meet. USED: keys in the set, with those that are about to be
// added.
const ARRIVED = 0,
  GENERATION = 1,
  TURN = 2,
  CALL = 3,
  GROW = 4,
  STOP = 5,
  PAUSED = 6,
  ABANDONED = 7,
  USED = 8,
  DEPTH = 9,
  BATCH = 10,
  HEADER = 16;
/**
 * Words of each member, a cache line: states found; the end of those in this layer; the first of these that nobody has
 * taken; without the ways, how many of the oldest are to be dropped.
 */
const COUNT = 0,
  END = 1,
  TAKEN = 2,
  OLD = 3,
  LINE = 16;
const COUNTERS = 3;
/** Looks at a meeting this often before going to sleep: the others are about as fast. */
const SPINS = 20_000;
/**
 * States that a member takes at once: so many that memory accesses overlap, so few that a layer's work is shared
 * evenly.
 */
const LEAST_BATCH = 32,
  MOST_BATCH = 512,
  BATCHES = 8;
/** No member's states have more numbers than this all together. */
const NUMBERS = 2 ** 31;

export const controlBytes = (size: number): number => 4 * (HEADER + LINE * size);
export const progressBytes = (size: number): number => 8 * COUNTERS * size;

export interface Counters {
  states: number;
  edges: number;
  depth: number;
  bytes: number;
}

/** A part of a layer: states that member `found` has found, by its own numbers. */
export interface Part {
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

  /** The other way round. */
  own(number: number): { member: number; own: number } {
    const each = Math.floor(NUMBERS / this.size),
      member = Math.floor(number / each);
    return { member, own: number - member * each };
  }

  /**
   * Says how far member `w` is; `count` is the length of its log, `bytes` what it takes: of what all have in common,
   * the first says it.
   */
  report(w: number, count: number, { states, edges, bytes }: Omit<Counters, "depth">): void {
    this.words[HEADER + w * LINE + COUNT] = count;
    this.progress.set([states, edges, bytes], w * COUNTERS);
  }

  /** The length of member `w`'s log. */
  found(w: number): number {
    return this.words[HEADER + w * LINE + COUNT];
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
    this.call();
    this.pause(false);
  }

  /** Holds all up, or lets them go on. */
  pause(on: boolean): void {
    Atomics.store(this.words, PAUSED, on ? 1 : 0);
    Atomics.notify(this.words, PAUSED);
  }

  /** Frees those that wait for a member that is no more. */
  abandon(): void {
    Atomics.store(this.words, ABANDONED, 1);
    this.call();
    this.pause(false);
    Atomics.add(this.words, GENERATION, 1);
    Atomics.notify(this.words, GENERATION);
  }

  /** Asks all to meet before they go on. */
  call(): void {
    Atomics.store(this.words, CALL, 1);
  }

  /**
   * A part of this layer for member `w`: what it found itself first, being still in its cache. Undefined when it is to
   * meet the others.
   */
  take(w: number): Part | undefined {
    const { words, size } = this;
    while (Atomics.load(words, PAUSED) === 1) Atomics.wait(words, PAUSED, 1);
    if (Atomics.load(words, CALL) === 1) return undefined;
    for (let k = 0; k < size; k++) {
      const found = (w + k) % size,
        line = HEADER + found * LINE,
        end = words[line + END];
      if (Atomics.load(words, line + TAKEN) >= end) continue;
      const first = Atomics.add(words, line + TAKEN, words[BATCH]);
      if (first < end) return { found, first, end: Math.min(end, first + words[BATCH]) };
    }
    return undefined;
  }

  /** How many states of older layers member `w` has in its log, to be dropped at once: told where no ways are kept. */
  old(w: number): number {
    return this.words[HEADER + w * LINE + OLD];
  }

  /** Sets room apart for `n` keys where there is room for `most`; else asks all to meet and make more. */
  reserve(n: number, most: number): boolean {
    if (Atomics.add(this.words, USED, n) + n <= most) return true;
    this.giveBack(n);
    Atomics.store(this.words, GROW, 1);
    this.call();
    return false;
  }

  /** Room that was set apart for keys that were there already. */
  giveBack(n: number): void {
    Atomics.sub(this.words, USED, n);
  }

  /** Ends the search where a bound is reached. */
  heedBounds(): void {
    const { maxStates, maxBytes } = this.memory;
    if (maxStates === Infinity && maxBytes === Infinity) return;
    const { states, bytes } = this.total;
    if (states >= maxStates || bytes >= maxBytes) this.call();
  }

  /** Waits for all members; gives what they do next. With `within`, they do what they are doing. */
  meet(within = false): number {
    const { words, size } = this;
    const generation = Atomics.load(words, GENERATION);
    if (Atomics.load(words, ABANDONED) === 1) return Turn.abandoned;
    if (Atomics.add(words, ARRIVED, 1) === size - 1) {
      Atomics.store(words, ARRIVED, 0);
      if (!within) words[TURN] = this.decide();
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
    } else {
      for (let i = 0; i < SPINS && Atomics.load(words, GENERATION) === generation; i++);
      while (Atomics.load(words, GENERATION) === generation) Atomics.wait(words, GENERATION, generation);
    }
    return Atomics.load(words, ABANDONED) === 1 ? Turn.abandoned : words[TURN];
  }

  /** By the last to come, while the others wait. */
  private decide(): number {
    const { words, memory } = this;
    Atomics.store(words, CALL, 0);
    const { states, bytes } = this.total;
    if (Atomics.load(words, STOP) === 1) return Turn.stopped;
    if (states >= memory.maxStates) return Turn.states;
    if (bytes >= memory.maxBytes) return Turn.memory;
    if (Atomics.exchange(words, GROW, 0) === 1) return Turn.grow;
    if (this.isLayerDone()) return this.nextLayer() === 0 ? Turn.complete : Turn.expand;
    // The layer goes on: what was to be dropped before it has been.
    for (let line = HEADER; line < words.length; line += LINE) words[line + OLD] = 0;
    return Turn.expand;
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
        old = this.memory.ways ? 0 : end;
      words[line + OLD] = old;
      words[line + TAKEN] = end - old;
      words[line + END] = words[line + COUNT] - old;
      layer += words[line + COUNT] - end;
    }
    words[BATCH] = Math.min(MOST_BATCH, Math.max(LEAST_BATCH, Math.ceil(layer / (this.size * BATCHES))));
    if (layer > 0) words[DEPTH]++;
    return layer;
  }
}
