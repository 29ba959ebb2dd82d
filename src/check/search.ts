/**
 * Every interleaving, breadth first: what breaks, by which shortest execution, within which bounds. The search can be
 * stopped at any time and says what is known so far; a later call goes on.
 */
import type { PropertyId, Violation } from "../machine/effects";
import { W } from "../machine/layout";
import { MoveKind, moveKind, type Machine, type Move, type State } from "../machine/machine";
import { Explorer } from "./explorer";
import { StateStore } from "./store";

export interface SearchOptions {
  /** Leave out interleavings that differ only in the order of steps that nobody else can tell apart (partial-order reduction). */
  reduce?: boolean;
  /** Give up after this many states. */
  maxStates?: number;
  /** Give up when states take this many bytes. */
  maxBytes?: number;
  /** Properties that end the search at their first violation; others are noted and the search goes on. None by default. */
  stopAt?: (property: PropertyId) => boolean;
}

/** The first violation of a property that was found: the shortest, when nothing was reduced. */
export interface Finding {
  property: PropertyId;
  why: string;
  /** From the scenario's start. */
  moves: Move[];
}

export interface Progress {
  states: number;
  /** Transitions looked at. */
  edges: number;
  /** Length of the longest shortest execution so far. */
  depth: number;
  /** States found but not yet looked at. */
  queue: number;
  bytes: number;
}

export type SearchEnd = "complete" | "stopped" | "too many states" | "too much memory";

export class Search {
  readonly findings = new Map<PropertyId, Finding>();
  private readonly explorer: Explorer;
  private readonly seen: StateStore;
  /** The state from which each was first reached. */
  private parents = new Int32Array(1024);
  private readonly from: Int32Array;
  private at = 0;
  private edges = 0;
  private depth = 0;
  /** First state of the next layer. */
  private layerEnd = 1;
  private ended: SearchEnd | undefined;

  constructor(readonly machine: Machine, private readonly options: SearchOptions = {}) {
    this.explorer = new Explorer(machine);
    this.seen = new StateStore(this.explorer.words, 1024);
    this.from = new Int32Array(this.explorer.words);
    const start = machine.initial();
    this.seen.add(this.explorer.keyOf(start.state));
    for (const v of start.violations) this.note(v, []);
  }

  /** Why the search is over, or undefined while it isn't. */
  get end(): SearchEnd | undefined {
    return this.ended;
  }

  get progress(): Progress {
    return { states: this.seen.count, edges: this.edges, depth: this.depth, queue: this.seen.count - this.at, bytes: this.seen.bytes + this.parents.byteLength };
  }

  /** Looks at up to `states` more states. Gives true while there is more to do. */
  run(states = Infinity): boolean {
    const { seen, explorer, from, options } = this;
    const reduce = options.reduce ?? false;
    // A state that has been expanded closes a cycle, perhaps: there the reduction must not leave others out (breadth-first proviso).
    const isOpen = (key: Int32Array): boolean => {
      const known = seen.find(key);
      return known < 0 || known >= this.at;
    };
    const maxStates = options.maxStates ?? Infinity, maxBytes = options.maxBytes ?? Infinity;
    for (let n = 0; n < states && !this.ended; n++) {
      if (this.at === seen.count) {
        this.ended = "complete";
        break;
      }
      if (this.at === this.layerEnd) {
        this.depth++;
        this.layerEnd = seen.count;
      }
      const index = this.at++;
      seen.read(index, from);
      let steps = 0;
      this.edges += explorer.expand(from, reduce, isOpen, (key, move, violations) => {
        if (moveKind(move) !== MoveKind.fill) steps++;
        if (violations.length) this.noteAll(violations, index, move);
        if (seen.add(key)) this.setParent(index);
      });
      if (steps === 0) this.checkDeadlock(index);
      if (seen.count >= maxStates) this.ended ??= "too many states";
      else if (this.progress.bytes >= maxBytes) this.ended ??= "too much memory";
    }
    return this.ended === undefined;
  }

  /** Shows every state that was found, in the order of their distance from the start. The record is used again for the next one. */
  forEachState(show: (s: State, index: number) => void): void {
    const key = new Int32Array(this.explorer.words);
    const s = new Int32Array(this.machine.layout.size);
    for (let i = 0; i < this.seen.count; i++) {
      this.seen.read(i, key);
      this.explorer.stateOf(key, s);
      show(s, i);
    }
  }

  /** Moves from the start to state number `index`: found by asking each state on the way how it leads to the next. */
  movesTo(index: number): Move[] {
    const moves: Move[] = [];
    const key = new Int32Array(this.explorer.words), target = new Int32Array(this.explorer.words);
    for (let i = index; i > 0; i = this.parents[i]) {
      this.seen.read(this.parents[i], key);
      this.seen.read(i, target);
      let found: Move | undefined;
      this.explorer.expand(key, false, () => true, (k, move) => {
        if (found === undefined && k.every((w, j) => w === target[j])) found = move;
      });
      if (found === undefined) throw new Error("a state was lost on the way to a violation");
      moves.push(found);
    }
    return moves.reverse();
  }

  /** Remembers how the state added last was reached. */
  private setParent(from: number): void {
    const i = this.seen.count - 1;
    if (i >= this.parents.length) {
      const parents = new Int32Array(this.parents.length * 2);
      parents.set(this.parents);
      this.parents = parents;
    }
    this.parents[i] = from;
  }

  private noteAll(violations: readonly Violation[], index: number, move: Move): void {
    for (const v of violations) if (!this.findings.has(v.property)) this.note(v, [...this.movesTo(index), move]);
  }

  private note(v: Violation, moves: Move[]): void {
    if (!this.findings.has(v.property)) this.findings.set(v.property, { property: v.property, why: v.why, moves });
    if (this.options.stopAt?.(v.property)) this.ended = "stopped";
  }

  private checkDeadlock(index: number): void {
    if (this.findings.has("deadlock")) return;
    const s = new Int32Array(this.machine.layout.size);
    this.explorer.stateOf(this.from, s);
    // A CPU that BUG() or a bad pointer has stopped holds others up: that failure has been told already.
    if (this.machine.layout.cpu.some((at) => s[at + W.halted] !== 0)) return;
    const stuck = this.machine.scenario.cpus.flatMap((_, c) => (this.machine.hasStep(s, c) ? [c] : []));
    if (stuck.length === 0) return;
    this.note({ property: "deadlock", cpu: stuck[0], why: `${stuck.map((c) => `CPU${c}`).join(" and ")} can't go on: each waits for something that only another could do.` }, this.movesTo(index));
  }
}
