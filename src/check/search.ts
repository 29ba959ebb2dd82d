/**
 * Every interleaving, breadth first: what breaks, by which shortest execution, within which bounds. The search can be
 * stopped at any time and says what is known so far; a later call goes on.
 */
import type { PropertyId, Violation } from "../machine/effects";
import { W } from "../machine/layout";
import { MoveKind, moveKind, type Machine, type Move, type State } from "../machine/machine";
import { BreadthFirst, type Successors } from "./breadth-first";
import { Explorer } from "./explorer";

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
  private readonly search: BreadthFirst;
  private ended: SearchEnd | undefined;

  constructor(readonly machine: Machine, private readonly options: SearchOptions = {}) {
    this.explorer = new Explorer(machine);
    const start = machine.initial();
    this.search = new BreadthFirst({ words: this.explorer.words, expand: (keys, first, end, out) => this.expand(keys, first, end, out) }, this.explorer.keyOf(start.state));
    for (const v of start.violations) this.note(v, []);
  }

  /** Why the search is over, or undefined while it isn't. */
  get end(): SearchEnd | undefined {
    return this.ended;
  }

  get progress(): Progress {
    const { search } = this;
    return { states: search.states, edges: search.edges, depth: search.depth, queue: search.states - search.at, bytes: search.bytes };
  }

  /** Looks at up to `states` more states. Gives true while there is more to do. */
  run(states = Infinity): boolean {
    const { search } = this;
    const { maxStates = Infinity, maxBytes = Infinity } = this.options;
    for (const end = search.at + states; search.at < end && !this.ended; ) {
      if (!search.step(end - search.at)) this.ended = "complete";
      else if (search.states >= maxStates) this.ended ??= "too many states";
      else if (search.bytes >= maxBytes) this.ended ??= "too much memory";
    }
    return this.ended === undefined;
  }

  private expand(keys: Int32Array, first: number, end: number, out: Successors): number {
    const { explorer, search } = this;
    const { words } = explorer;
    // A state that has been expanded closes a cycle, perhaps: there the reduction must not leave others out (breadth-first proviso).
    const isOpen = (key: Int32Array): boolean => {
      const known = search.seen.find(key);
      return known < 0 || known >= end;
    };
    let edges = 0;
    for (let index = first; index < end; index++) {
      const key = keys.subarray((index - first) * words, (index - first + 1) * words);
      let steps = 0;
      edges += explorer.expand(key, this.options.reduce ?? false, isOpen, (next, move, violations) => {
        if (moveKind(move) !== MoveKind.fill) steps++;
        out.add(next, index);
        if (violations.length) this.noteAll(violations, index, move);
      });
      if (steps === 0) this.checkDeadlock(key, index);
    }
    return edges;
  }

  /** Shows every state that was found, in the order of their distance from the start. The record is used again for the next one. */
  forEachState(show: (s: State, index: number) => void): void {
    const key = new Int32Array(this.explorer.words);
    const s = new Int32Array(this.machine.layout.size);
    for (let i = 0; i < this.search.states; i++) {
      this.search.seen.read(i, key);
      this.explorer.stateOf(key, s);
      show(s, i);
    }
  }

  /** Moves from the start to state number `index`: found by asking each state on the way how it leads to the next. */
  movesTo(index: number): Move[] {
    const moves: Move[] = [];
    const key = new Int32Array(this.explorer.words), target = new Int32Array(this.explorer.words);
    for (let i = index; i > 0; i = this.search.parent(i)) {
      this.search.seen.read(this.search.parent(i), key);
      this.search.seen.read(i, target);
      let found: Move | undefined;
      this.explorer.expand(key, false, () => true, (k, move) => {
        if (found === undefined && k.every((w, j) => w === target[j])) found = move;
      });
      if (found === undefined) throw new Error("a state was lost on the way to a violation");
      moves.push(found);
    }
    return moves.reverse();
  }

  private noteAll(violations: readonly Violation[], index: number, move: Move): void {
    for (const v of violations) if (!this.findings.has(v.property)) this.note(v, [...this.movesTo(index), move]);
  }

  private note(v: Violation, moves: Move[]): void {
    if (!this.findings.has(v.property)) this.findings.set(v.property, { property: v.property, why: v.why, moves });
    if (this.options.stopAt?.(v.property)) this.ended = "stopped";
  }

  private checkDeadlock(key: Int32Array, index: number): void {
    if (this.findings.has("deadlock")) return;
    const s = new Int32Array(this.machine.layout.size);
    this.explorer.stateOf(key, s);
    // A CPU that BUG() or a bad pointer has stopped holds others up: that failure has been told already.
    if (this.machine.layout.cpu.some((at) => s[at + W.halted] !== 0)) return;
    const stuck = this.machine.scenario.cpus.flatMap((_, c) => (this.machine.hasStep(s, c) ? [c] : []));
    if (stuck.length === 0) return;
    this.note({ property: "deadlock", cpu: stuck[0], why: `${stuck.map((c) => `CPU${c}`).join(" and ")} can't go on: each waits for something that only another could do.` }, this.movesTo(index));
  }
}
