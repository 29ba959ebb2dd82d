/**
 * The machine's transitions on numbered parts. What a CPU can do depends, but for rare exceptions, on its own part and
 * the shared one alone, so it is worked out once for each such pair and remembered.
 */
import type { Violation } from "../../machine/effects";
import { W } from "../../machine/layout";
import {
  isSpontaneous,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  type Machine,
  type Move,
  type State,
} from "../../machine/machine";
import { Successors } from "../store/system";
import { Chains } from "./chains";
import { Comparison, type Made } from "./comparison";
import type { Exchange } from "./interchange";
import { Learned, Watch } from "./locality";
import { Occasions } from "./occasions";
import { Parts } from "./parts";
import { Symmetry } from "./symmetry";
import { Flag, MoveAt, RunAt, Transitions } from "./transitions";

/** Called for each successor. */
export type OnSuccessor = (key: Int32Array, move: Move, violations: readonly Violation[]) => void;

export interface ExplorerOptions {
  /** Take local steps at once, together with the move before them (see locality.ts). */
  reduce?: boolean;
  /** What earlier searches of the same machine have learned. */
  learned?: Learned;
  /** Count states as one that differ only in the names of interchangeable CPUs; none by default. */
  exchanges?: readonly Exchange[];
}

/** What is told while states are looked at. */
export interface Told {
  /** Each move and what it breaks, in the order of the successors. Given this, the states do not count as visited. */
  move?(m: Move, violations: readonly Violation[]): void;
  /** A move of the state with this key and number breaks promises. */
  broken?(violations: readonly Violation[], from: Int32Array, index: number, m: Move): void;
  /** Nothing but fills can happen in this state. */
  stuck?(key: Int32Array, index: number): void;
}

const none: readonly Violation[] = [];

export class Explorer {
  /** Numbers in a key: one for each CPU, one for the shared part. */
  readonly words: number;
  /** What has happened that a property speaks of. */
  readonly occasions: Occasions;
  readonly learned: Learned;
  readonly symmetry: Symmetry | undefined;
  private readonly parts: Parts;
  /** The state whose moves are made, and the numbers of its parts. */
  private readonly state: State;
  private readonly loaded: Int32Array;
  private readonly next: State;
  private readonly known: Transitions[];
  private readonly watch: Watch;
  /** Looks on while it is tried out whether a CPU waits. */
  private readonly trying: Watch;
  private readonly comparison: Comparison | undefined;
  /** Local steps that are taken together with the move before them, in a reduced search. */
  private readonly chains: Chains | undefined;

  constructor(
    readonly machine: Machine,
    { reduce = false, learned, exchanges = [] }: ExplorerOptions = {},
  ) {
    this.learned = learned ?? new Learned(machine);
    this.parts = new Parts(machine, this.learned.exposed);
    this.occasions = new Occasions(machine);
    this.words = this.parts.cpus + 1;
    this.symmetry = exchanges.length > 1 ? new Symmetry(exchanges, this.parts.cpus) : undefined;
    this.state = new Int32Array(machine.layout.size);
    this.loaded = new Int32Array(this.words).fill(-1);
    this.next = new Int32Array(machine.layout.size);
    this.known = Array.from({ length: this.parts.cpus }, () => new Transitions());
    const assumed = new Learned(machine, this.learned);
    this.watch = new Watch(machine, this.learned, assumed, (e) => this.occasions.effect(e));
    this.chains = reduce ? new Chains(machine, this.parts, this.watch, this.occasions) : undefined;
    this.trying = new Watch(machine, this.learned, assumed, () => undefined);
    this.comparison =
      this.symmetry &&
      new Comparison(machine, this.symmetry, this.known, {
        work: (from, c) => this.work(from, c),
        remake: (from, m) => this.remake(from, m),
        pcOf: (part, c) => this.pcOf(part, c),
      });
  }

  /** Bytes that the parts and what is known of them take. */
  get bytes(): number {
    return this.parts.bytes + (this.chains?.bytes ?? 0) + this.known.reduce((n, t) => n + t.bytes, 0);
  }

  /** The key of a state. */
  keyOf(s: State): Int32Array {
    const key = new Int32Array(this.words);
    for (let c = 0; c < this.parts.cpus; c++) key[c] = this.parts.internCpu(s, c);
    key[this.words - 1] = this.parts.internShared(s);
    return key;
  }

  /** The key of the state that the search starts from, which every exchange leaves as it is. */
  startKey(s: State): Int32Array {
    const key = this.keyOf(s);
    if (this.symmetry)
      for (let c = 0; c < this.words; c++)
        this.symmetry.relate(
          c,
          this.symmetry.exchanges.map((e) => key[e.cpu[c] ?? c]),
        );
    return key;
  }

  /** Writes the state of a key into `into`. */
  stateOf(key: Int32Array, into: State): void {
    for (let c = 0; c < this.parts.cpus; c++) this.parts.readCpu(key[c], c, into);
    this.parts.readShared(key[this.words - 1], into);
  }

  /** Makes `state` the one of this key: most of it is there already, mostly. */
  private load(key: Int32Array): void {
    const { loaded, parts, state } = this,
      last = this.words - 1;
    for (let c = 0; c < last; c++) if (loaded[c] !== key[c]) parts.readCpu((loaded[c] = key[c]), c, state);
    if (loaded[last] !== key[last]) parts.readShared((loaded[last] = key[last]), state);
  }

  /** The instruction that CPU `c` runs next when its own part has this number. */
  pcOf(part: number, c: number): number {
    this.parts.readCpu(part, c, this.next);
    return this.next[this.machine.layout.cpu[c] + W.pc];
  }

  /**
   * Appends the successors (of those that symmetry makes one, the first) of the states numbered `first` to `end - 1`,
   * whose
   * keys stand one after the other in `keys`. Gives the number of transitions.
   */
  expandAll(keys: Int32Array, first: number, end: number, out: Successors, told: Told): number {
    const { words, symmetry, comparison } = this;
    const last = words - 1;
    const before = out.count;
    for (let index = first, base = 0; index < end; index++, base += words) {
      let moves = 0;
      for (let c = 0; c < last; c++) {
        const known = this.known[c];
        let at = known.find(keys[base + c], keys[base + last]);
        if (at < 0) at = this.work(keys.subarray(base, base + words), c);
        if (comparison && known.log[at + RunAt.compared] === 0) comparison.runs(keys.slice(base, base + words), c, at);
        const { log } = known,
          count = log[at + RunAt.count];
        if (!told.move) log[at + RunAt.visits]++;
        out.reserve(count);
        for (let m = at + RunAt.size, over = m + count * MoveAt.size; m < over; m += MoveAt.size) {
          const flags = log[m + MoveAt.flags],
            to = out.count * words;
          if (flags & Flag.anew) {
            if (!this.addAnew(keys.slice(base, base + words), index, log[m + MoveAt.move], out, told)) continue;
          } else {
            const into = out.keys;
            for (let k = 0; k < words; k++) into[to + k] = keys[base + k];
            into[to + c] = log[m + MoveAt.own];
            into[to + last] = log[m + MoveAt.shared];
            out.from[out.count++] = index;
            told.move?.(log[m + MoveAt.move], none);
          }
          if ((flags & Flag.fill) === 0) moves++;
          symmetry?.canonical(out.keys, to);
        }
      }
      if (moves === 0) told.stuck?.(keys.slice(base, base + words), index);
    }
    return out.count - before;
  }

  /** Appends what a move leads to that is made on the whole state. False where it isn't possible in this one. */
  private addAnew(from: Int32Array, index: number, m: Move, out: Successors, told: Told): boolean {
    const made = this.remake(from, m);
    this.comparison?.made(from, m, made);
    if (!made) return false;
    out.add(made.key, index);
    told.move?.(m, made.violations);
    if (made.violations.length) told.broken?.(made.violations, from, index, m);
    return true;
  }

  /** Shows every successor (of those that symmetry makes one, the first). Gives the number of transitions. */
  expand(from: Int32Array, on: OnSuccessor): number {
    const { words } = this;
    const out = new Successors(words, 64);
    const moves: Move[] = [],
      broken: (readonly Violation[])[] = [];
    this.expandAll(from, 0, 1, out, {
      move: (m, violations) => {
        moves.push(m);
        broken.push(violations);
      },
    });
    moves.forEach((m, i) => on(out.keys.subarray(i * words, (i + 1) * words), m, broken[i]));
    return out.count;
  }

  /** Works out the moves of CPU `c` in the state of `from`; gives where they stand in the log. */
  private work(from: Int32Array, c: number): number {
    const { machine, state, next, parts, watch, trying, occasions } = this;
    this.load(from);
    trying.begin(c);
    const moves = machine.movesOf(state, c, trying);
    const mayDiffer = trying.looksBeyond(parts);
    // Whether it waits may depend on other CPUs: then it is asked each time.
    if (mayDiffer && !moves.includes(stepOf(c))) moves.unshift(stepOf(c));
    const at = this.known[c].add(from[c], from[this.words - 1], moves.length);
    moves.forEach((m, i) => {
      next.set(state);
      watch.begin(c);
      if (moveKind(m) === MoveKind.step) occasions.step(state[machine.layout.cpu[c] + W.pc]);
      machine.applyTo(next, m, watch);
      watch.learn();
      if (machine.inUserMode(next, c)) occasions.userMode();
      const anew = mayDiffer || watch.broken > 0 || watch.looksBeyond(parts);
      const { log } = this.known[c];
      const to = at + RunAt.size + i * MoveAt.size;
      log[to + MoveAt.move] = m;
      log[to + MoveAt.flags] = (anew ? Flag.anew : 0) | (isSpontaneous(m) ? Flag.fill : 0);
      log[to + MoveAt.own] = anew ? -1 : this.ownAfter(next, c);
      log[to + MoveAt.shared] = anew ? -1 : parts.internShared(next);
      log[to + MoveAt.chain] = anew ? -1 : (this.chains?.run ?? -1);
    });
    return at;
  }

  /**
   * The number of CPU `c`'s own part once it has taken the local steps that follow a move, in a reduced search. The
   * other parts are in `s` then.
   */
  private ownAfter(s: State, c: number): number {
    return this.chains ? this.chains.take(s, c) : this.parts.internCpu(s, c);
  }

  /** Makes a move on the whole state; undefined when it isn't possible in this one. */
  private remake(from: Int32Array, m: Move): Made | undefined {
    const { machine, state, next, watch, parts } = this;
    const c = moveCpu(m);
    const violations: Violation[] = [];
    this.load(from);
    next.set(state);
    // What could be done may depend on other CPUs too: ask again.
    if (moveKind(m) === MoveKind.step && !machine.canStep(next, c)) return undefined;
    watch.begin(c);
    machine.applyTo(next, m, { violation: (v) => violations.push(v), effect: (e) => watch.effect(e) });
    watch.learn();
    const key = from.slice();
    key[c] = this.ownAfter(next, c);
    for (let d = 0; d < parts.cpus; d++)
      if (d !== c && !parts.isSameCpu(state, next, d)) key[d] = parts.internCpu(next, d);
    key[this.words - 1] = parts.internShared(next);
    return { key, violations };
  }

  /**
   * The moves that lead from a state to the one with this key: one of those that `expand` lists, and the local steps
   * taken with it. Undefined when none does. `s` becomes the state that they lead to.
   */
  path(s: State, target: Int32Array): Move[] | undefined {
    const from = this.keyOf(s);
    let found: Move | undefined;
    this.expand(from, (k, m) => {
      if (found === undefined && k.every((w, i) => w === target[i])) found = m;
    });
    if (found === undefined) return undefined;
    this.machine.applyTo(s, found, { violation: () => undefined });
    return [found, ...(this.chains?.moves(s, moveCpu(found)) ?? [])];
  }

  /**
   * In how many of the states that were looked at CPU `c` was about to run each instruction, or passed it in a run of
   * local steps.
   */
  visitsOf(c: number): Map<number, number> {
    const { log } = this.known[c],
      byPart = new Map<number, number>(),
      byPc = new Map<number, number>();
    const add = (to: Map<number, number>, k: number, n: number) => to.set(k, (to.get(k) ?? 0) + n);
    this.known[c].forEach((at) => {
      const visits = log[at + RunAt.visits];
      if (visits === 0) return;
      add(byPart, log[at + RunAt.own], visits);
      for (let i = 0, m = at + RunAt.size; i < log[at + RunAt.count]; i++, m += MoveAt.size) {
        const chain = log[m + MoveAt.chain];
        if (chain >= 0) for (const pc of this.chains!.runs[chain]) add(byPc, pc, visits);
      }
    });
    for (const [part, n] of byPart) add(byPc, this.pcOf(part, c), n);
    return byPc;
  }
}
