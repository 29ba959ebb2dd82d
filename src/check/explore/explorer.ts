/**
 * The machine's transitions on numbered parts. What a CPU can do depends, with rare exceptions, on its own part and the
 * shared one alone, so it is computed once for each such pair and kept.
 */
import type { Observer, Violation } from "../../machine/effects";
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
import { Comparison, type MoveSource, type Successor } from "./comparison";
import type { Permutation } from "./permutations";
import { Assumptions } from "./assumptions";
import { Footprint } from "./locality";
import { Vacuity } from "./vacuity";
import { Parts } from "./parts";
import { Symmetry } from "./symmetry";
import { Flag, MoveAt, Transitions } from "./transitions";
import { visitsOf } from "./visits";

/** Called for each successor. */
export type OnSuccessor = (key: Int32Array, move: Move, violations: readonly Violation[]) => void;

export interface ExplorerOptions {
  /** Take local steps at once, together with the move before them (see locality.ts). */
  reduce?: boolean;
  /** What earlier searches of the same machine have learned; more is learned into it. */
  assumptions?: Assumptions;
  /** Symmetry reduction: permutations of CPUs whose states count as one. None by default. */
  permutations?: readonly Permutation[];
}

/** Told of what is found while states are expanded. */
export interface ExpansionVisitor {
  /** Each transition and what it violates, in the order of the successors. Given this, no visits are counted. */
  transition?(m: Move, violations: readonly Violation[]): void;
  /** A move of the state with this key and number violates properties. */
  violations?(violations: readonly Violation[], from: Int32Array, index: number, m: Move): void;
  /** This state is terminal: nothing but speculative fills can happen in it. */
  terminal?(key: Int32Array, index: number): void;
}

const none: readonly Violation[] = [];

export class Explorer implements MoveSource {
  /** Numbers in a key: one for each CPU, one for the shared part. */
  readonly words: number;
  /** Which properties have been exercised. */
  readonly vacuity: Vacuity;
  readonly assumptions: Assumptions;
  readonly symmetry: Symmetry | undefined;
  private readonly parts: Parts;
  /** The state whose moves are made, and the numbers of its parts. */
  private readonly state: State;
  private readonly loaded: Int32Array;
  private readonly next: State;
  private readonly transitions: Transitions[];
  private readonly footprint: Footprint;
  /** Of the attempt to find out whether a CPU waits. */
  private readonly trying: Footprint;
  private readonly comparison: Comparison | undefined;
  /** Local steps that are taken together with the move before them; in a reduced search only. */
  private readonly chains: Chains | undefined;

  constructor(
    readonly machine: Machine,
    { reduce = false, assumptions, permutations = [] }: ExplorerOptions = {},
  ) {
    this.assumptions = assumptions ?? new Assumptions(machine);
    this.parts = new Parts(machine, this.assumptions.exposed);
    this.vacuity = new Vacuity(machine);
    this.words = this.parts.cpus + 1;
    this.symmetry = permutations.length > 1 ? new Symmetry(permutations, this.parts.cpus) : undefined;
    this.state = new Int32Array(machine.layout.size);
    this.loaded = new Int32Array(this.words).fill(-1);
    this.next = new Int32Array(machine.layout.size);
    this.transitions = Array.from({ length: this.parts.cpus }, () => new Transitions());
    // A copy: which steps are local must not change while the search runs.
    const assumed = new Assumptions(machine, this.assumptions);
    this.footprint = new Footprint(machine, this.assumptions, assumed, (e) => this.vacuity.effect(e));
    this.chains = reduce ? new Chains(machine, this.parts, this.footprint, this.vacuity) : undefined;
    this.trying = new Footprint(machine, this.assumptions, assumed, () => undefined);
    this.comparison = this.symmetry && new Comparison(machine, this.symmetry, this.transitions, this);
  }

  /** For attempts that are only to show whether a CPU waits. */
  private readonly noteUnknowns: Observer = {
    violation: () => undefined,
    unknown: (n) => this.trying.unknown(n),
  };

  /** What the moves that were computed came to rest on, and those that were tried and found waiting. */
  get unknowns(): Set<number> {
    return new Set([...this.footprint.unknowns, ...this.trying.unknowns]);
  }

  /** Bytes that the parts and what is known of them take. */
  get bytes(): number {
    return this.parts.bytes + (this.chains?.bytes ?? 0) + this.transitions.reduce((n, t) => n + t.bytes, 0);
  }

  /** The key of a state. */
  keyOf(s: State): Int32Array {
    const key = new Int32Array(this.words);
    for (let c = 0; c < this.parts.cpus; c++) key[c] = this.parts.internCpu(s, c);
    key[this.words - 1] = this.parts.internShared(s);
    return key;
  }

  /** The key of the initial state, which every permutation maps to itself. */
  startKey(s: State): Int32Array {
    const key = this.keyOf(s);
    if (this.symmetry)
      for (let c = 0; c < this.words; c++)
        this.symmetry.relate(
          c,
          this.symmetry.permutations.map((e) => key[e.cpu[c] ?? c]),
        );
    return key;
  }

  /** Writes the state of a key into `into`. */
  stateOf(key: Int32Array, into: State): void {
    for (let c = 0; c < this.parts.cpus; c++) this.parts.readCpu(key[c], c, into);
    this.parts.readShared(key[this.words - 1], into);
  }

  /** Makes `state` the one of this key. Successive keys share most parts, and only the others are copied. */
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
   * Appends the successors of the states numbered `first` to `end - 1`, whose keys stand one after the other in `keys`;
   * with symmetry, the representative of each. Gives the number of transitions.
   */
  expandAll(keys: Int32Array, first: number, end: number, out: Successors, visitor: ExpansionVisitor): number {
    const { words, symmetry, comparison } = this;
    const last = words - 1;
    const before = out.count;
    for (let index = first, base = 0; index < end; index++, base += words) {
      let moves = 0;
      for (let c = 0; c < last; c++) {
        const known = this.transitions[c];
        let row = known.find(keys[base + c], keys[base + last]);
        if (row < 0) row = this.computeMoves(keys.subarray(base, base + words), c);
        if (comparison && !known.isCompared(row)) comparison.compareMoves(keys.slice(base, base + words), c, row);
        if (!visitor.transition) known.countVisit(row);
        out.reserve(known.moveCount(row));
        const { log } = known;
        for (let at = known.firstMove(row), endOfMoves = known.endOfMoves(row); at < endOfMoves; at += MoveAt.size) {
          const flags = log[at + MoveAt.flags],
            to = out.count * words;
          if (flags & Flag.uncached) {
            if (!this.addUncached(keys.slice(base, base + words), index, log[at + MoveAt.move], out, visitor)) continue;
          } else {
            const into = out.keys;
            for (let k = 0; k < words; k++) into[to + k] = keys[base + k];
            into[to + c] = log[at + MoveAt.own];
            into[to + last] = log[at + MoveAt.shared];
            out.from[out.count++] = index;
            visitor.transition?.(log[at + MoveAt.move], none);
          }
          if ((flags & Flag.fill) === 0) moves++;
          symmetry?.canonical(out.keys, to);
        }
      }
      if (moves === 0) visitor.terminal?.(keys.slice(base, base + words), index);
    }
    return out.count - before;
  }

  /** Appends the successor by a move that is executed on the whole state. False where it isn't enabled there. */
  private addUncached(from: Int32Array, index: number, m: Move, out: Successors, visitor: ExpansionVisitor): boolean {
    const successor = this.applyToWhole(from, m);
    this.comparison?.compareSuccessor(from, m, successor);
    if (!successor) return false;
    out.add(successor.key, index);
    visitor.transition?.(m, successor.violations);
    if (successor.violations.length) visitor.violations?.(successor.violations, from, index, m);
    return true;
  }

  /** Calls `on` for every successor (with symmetry, for its representative). Gives the number of transitions. */
  expand(from: Int32Array, on: OnSuccessor): number {
    const { words } = this;
    const out = new Successors(words, 64);
    const moves: Move[] = [],
      broken: (readonly Violation[])[] = [];
    this.expandAll(from, 0, 1, out, {
      transition: (m, violations) => {
        moves.push(m);
        broken.push(violations);
      },
    });
    moves.forEach((m, i) => on(out.keys.subarray(i * words, (i + 1) * words), m, broken[i]));
    return out.count;
  }

  /** Computes the moves of CPU `c` in the state `from`; gives their row in the log. */
  computeMoves(from: Int32Array, c: number): number {
    const { machine, state, next, parts, footprint, trying, vacuity } = this;
    this.load(from);
    trying.begin(c);
    const moves = machine.moves(state, c, trying);
    const mayDiffer = trying.touchesOtherPart(parts);
    // Whether it waits may depend on other CPUs: then that is found out again each time.
    if (mayDiffer && !moves.includes(stepOf(c))) moves.unshift(stepOf(c));
    const known = this.transitions[c];
    const row = known.add(from[c], from[this.words - 1], moves.length);
    let at = known.firstMove(row);
    for (const m of moves) {
      next.set(state);
      footprint.begin(c);
      if (moveKind(m) === MoveKind.step) vacuity.step(state[machine.layout.cpu[c] + W.pc]);
      machine.applyTo(next, m, footprint);
      footprint.learn();
      if (machine.inUserMode(next, c)) vacuity.userMode();
      const fill = isSpontaneous(m) ? Flag.fill : 0;
      if (mayDiffer || footprint.violations > 0 || footprint.touchesOtherPart(parts))
        known.setMove(at, m, fill | Flag.uncached, -1, -1, -1);
      else {
        const own = this.ownAfter(next, c);
        known.setMove(at, m, fill, own, parts.internShared(next), this.chains?.last ?? -1);
      }
      at += MoveAt.size;
    }
    return row;
  }

  /**
   * The number of CPU `c`'s own part after a move, and in a reduced search after the chain of local steps that follows
   * it. `s` is overwritten: only the other parts of it are valid then.
   */
  private ownAfter(s: State, c: number): number {
    return this.chains ? this.chains.take(s, c) : this.parts.internCpu(s, c);
  }

  /** Executes a move on the whole state; undefined when it isn't enabled there. */
  applyToWhole(from: Int32Array, m: Move): Successor | undefined {
    const { machine, state, next, footprint, parts } = this;
    const c = moveCpu(m);
    const violations: Violation[] = [];
    this.load(from);
    next.set(state);
    // Whether a step is enabled may depend on other CPUs too.
    if (moveKind(m) === MoveKind.step && !machine.canStep(next, c, this.noteUnknowns)) return undefined;
    footprint.begin(c);
    machine.applyTo(next, m, {
      violation: (v) => violations.push(v),
      effect: (e) => footprint.effect(e),
      touched: (bits) => footprint.touched(bits),
      unknown: (n) => footprint.unknown(n),
    });
    footprint.learn();
    const key = from.slice();
    key[c] = this.ownAfter(next, c);
    for (let d = 0; d < parts.cpus; d++)
      if (d !== c && !parts.isSameCpu(state, next, d)) key[d] = parts.internCpu(next, d);
    key[this.words - 1] = parts.internShared(next);
    return { key, violations };
  }

  /**
   * The moves from a state to its successor with this key: one of those that `expand` lists, and the chain of local
   * steps taken with it. Undefined when no successor has this key. `s` becomes the successor.
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

  /** For each instruction, in how many of the expanded states CPU `c` was about to run it (see visits.ts). */
  visitsOf(c: number): Map<number, number> {
    return visitsOf(this.transitions[c], this.chains?.pcs ?? [], (part) => this.pcOf(part, c));
  }
}
