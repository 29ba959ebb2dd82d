/**
 * The memory that the members of a parallel search share: a barrier, what each has done so far, and boxes for the
 * successors that one finds and another keeps. A box has two halves, written in turn, so that one barrier a round does.
 */
import type { Successors } from "../breadth-first";

/** Successors that a member may send to another in a round. */
export const BOX = 1 << 14;

/** Why a parallel search is over. */
export const Decision = { goOn: 0, stopped: 1, states: 2, memory: 3, abandoned: 4 } as const;

const ARRIVED = 0, GENERATION = 1, STOP = 2, DECISION = 3, PAUSED = 4, HEADER = 8;
/** Numbers that each member gives at a barrier, twice, for two rounds. */
const GIVEN = 2;
const COUNTERS = 4;
/** Looks at a barrier this often before going to sleep: the others are about as fast. */
const SPINS = 4000;

export interface SharedMemory {
  control: SharedArrayBuffer;
  progress: SharedArrayBuffer;
  boxes: SharedArrayBuffer;
  size: number;
  words: number;
  maxStates: number;
  maxBytes: number;
}

export function shareMemory(size: number, words: number, maxStates = Infinity, maxBytes = Infinity): SharedMemory {
  return {
    control: new SharedArrayBuffer(4 * (HEADER + 2 * GIVEN * size)),
    progress: new SharedArrayBuffer(8 * COUNTERS * size),
    boxes: new SharedArrayBuffer(4 * size * size * 2 * (1 + BOX * (words + 1))),
    size, words, maxStates, maxBytes,
  };
}

export interface Counters {
  states: number;
  edges: number;
  depth: number;
  bytes: number;
}

/** A view of the shared memory, for one member or for the host. */
export class Shared {
  private readonly control: Int32Array;
  private readonly progress: Float64Array;
  private readonly boxes: Int32Array;
  private readonly boxSize: number;

  constructor(private readonly memory: SharedMemory) {
    this.control = new Int32Array(memory.control);
    this.progress = new Float64Array(memory.progress);
    this.boxes = new Int32Array(memory.boxes);
    this.boxSize = 1 + BOX * (memory.words + 1);
  }

  /** Says how far member `w` is. */
  report(w: number, { states, edges, depth, bytes }: Counters): void {
    this.progress.set([states, edges, depth, bytes], w * COUNTERS);
  }

  /** All members together; `bytes` with the boxes. */
  get total(): Counters {
    const sum: Counters = { states: 0, edges: 0, depth: 0, bytes: this.boxes.byteLength + this.control.byteLength + this.progress.byteLength };
    for (let w = 0; w < this.memory.size; w++) {
      const [states, edges, depth, bytes] = this.progress.subarray(w * COUNTERS, (w + 1) * COUNTERS);
      sum.states += states;
      sum.edges += edges;
      sum.depth = Math.max(sum.depth, depth);
      sum.bytes += bytes;
    }
    return sum;
  }

  /** Asks all to stop after this round. */
  stop(): void {
    Atomics.store(this.control, STOP, 1);
    this.pause(false);
  }

  /** Holds all up before their next round, or lets them go on. */
  pause(on: boolean): void {
    Atomics.store(this.control, PAUSED, on ? 1 : 0);
    Atomics.notify(this.control, PAUSED);
  }

  /** Frees those that wait for a member that is no more. */
  abandon(): void {
    Atomics.store(this.control, DECISION, Decision.abandoned);
    this.pause(false);
    Atomics.add(this.control, GENERATION, 1);
    Atomics.notify(this.control, GENERATION);
  }

  /** Waits for all members; gives what the last to come has decided for all. `left` and `layer` are what member `w` gives for `given`. */
  meet(round: number, w: number, left: number, layer: number): number {
    const { control, memory } = this;
    while (Atomics.load(control, PAUSED) === 1) Atomics.wait(control, PAUSED, 1);
    const at = HEADER + ((round & 1) * memory.size + w) * GIVEN;
    control[at] = left;
    control[at + 1] = layer;
    const generation = Atomics.load(control, GENERATION);
    if (Atomics.load(control, DECISION) === Decision.abandoned) return Decision.abandoned;
    if (Atomics.add(control, ARRIVED, 1) === memory.size - 1) {
      const { states, bytes } = this.total;
      const decision = Atomics.load(control, STOP) ? Decision.stopped : states >= memory.maxStates ? Decision.states : bytes >= memory.maxBytes ? Decision.memory : Decision.goOn;
      Atomics.store(control, ARRIVED, 0);
      Atomics.compareExchange(control, DECISION, Decision.goOn, decision);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
    } else {
      for (let i = 0; i < SPINS && Atomics.load(control, GENERATION) === generation; i++);
      while (Atomics.load(control, GENERATION) === generation) Atomics.wait(control, GENERATION, generation);
    }
    return Atomics.load(control, DECISION);
  }

  /** Sums of what all members gave at the last meeting. */
  given(round: number): { left: number; layer: number } {
    let left = 0, layer = 0;
    for (let w = 0; w < this.memory.size; w++) {
      const at = HEADER + ((round & 1) * this.memory.size + w) * GIVEN;
      left += this.control[at];
      layer += this.control[at + 1];
    }
    return { left, layer };
  }

  private box(round: number, from: number, to: number): number {
    return (((round & 1) * this.memory.size + from) * this.memory.size + to) * this.boxSize;
  }

  /** Puts as many successors as there is room for into a box, and takes them off the front of `out`. */
  send(round: number, from: number, to: number, out: Successors): void {
    const { boxes, memory } = this;
    const { words } = memory;
    const at = this.box(round, from, to), n = Math.min(out.count, BOX), rest = out.count - n;
    boxes[at] = n;
    boxes.set(out.keys.subarray(0, n * words), at + 1);
    boxes.set(out.from.subarray(0, n), at + 1 + BOX * words);
    out.keys.copyWithin(0, n * words, out.count * words);
    out.from.copyWithin(0, n, out.count);
    out.count = rest;
  }

  /** Appends to `into` what was put into a box. */
  receive(round: number, from: number, to: number, into: Successors): void {
    const { boxes, memory } = this;
    const { words } = memory;
    const at = this.box(round, from, to), n = boxes[at];
    into.reserve(n);
    into.keys.set(boxes.subarray(at + 1, at + 1 + n * words), into.count * words);
    into.from.set(boxes.subarray(at + 1 + BOX * words, at + 1 + BOX * words + n), into.count);
    into.count += n;
  }
}
