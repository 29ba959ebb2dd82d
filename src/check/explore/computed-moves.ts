/**
 * The machine's transitions on numbered parts, computed once and kept. What a CPU can do depends, with rare exceptions,
 * on its own part and the shared one alone.
 */
import type { Observer, Violation } from "../../machine/effects";
import { W } from "../../machine/layout";
import {
  choiceOf,
  isSpontaneous,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  type Machine,
  type Move,
  type State,
} from "../../machine/machine";
import { AccessSets, type Access } from "./access-sets";
import { Assumptions } from "./assumptions";
import { Chains } from "./chains";
import type { MoveSource, Successor } from "./comparison";
import { History } from "./history";
import { Footprint } from "./locality";
import { Parts } from "./parts";
import { Flag, MoveAt, Transitions, type MoveEnd } from "./transitions";
import { Vacuity } from "./vacuity";

export interface ComputedMovesOptions {
  /** Take local steps at once, together with the move before them (see locality.ts). */
  reduce?: boolean;
  /** What earlier searches of the same machine have learned; more is learned into it. */
  assumptions?: Assumptions;
  /** The only choices that CPUs are to make, as in SearchOptions. */
  choices?: readonly (readonly number[])[];
}

export class ComputedMoves implements MoveSource {
  /** Numbers in a key: one for each CPU, one for the shared part. */
  readonly words: number;
  /** Which properties have been exercised. */
  readonly vacuity: Vacuity;
  readonly assumptions: Assumptions;
  /** For each CPU. */
  readonly transitions: readonly Transitions[];
  private readonly parts: Parts;
  /** The state whose moves are made, and the numbers of its parts. */
  private readonly state: State;
  private readonly loaded: Int32Array;
  private readonly next: State;
  private readonly footprint: Footprint;
  /** Of the attempt to find out whether a CPU waits. */
  private readonly trying: Footprint;
  /** In a reduced search: local steps that are taken together with the move before them, and what they used. */
  private readonly chains: Chains | undefined;
  private readonly history: History | undefined;
  private readonly sets = new AccessSets();
  private readonly choices: ComputedMovesOptions["choices"];

  constructor(
    private readonly machine: Machine,
    { reduce = false, assumptions, choices }: ComputedMovesOptions,
  ) {
    this.choices = choices;
    this.assumptions = assumptions ?? new Assumptions(machine);
    this.parts = new Parts(machine, this.assumptions.exposed);
    this.vacuity = new Vacuity(machine);
    this.words = this.parts.cpus + 1;
    this.state = new Int32Array(machine.layout.size);
    this.loaded = new Int32Array(this.words).fill(-1);
    this.next = new Int32Array(machine.layout.size);
    this.transitions = Array.from({ length: this.parts.cpus }, () => new Transitions());
    // A copy: which steps are local must not change while the search runs.
    const assumed = new Assumptions(machine, this.assumptions);
    this.footprint = new Footprint(machine, this.assumptions, assumed, (e) => this.vacuity.effect(e));
    if (reduce) {
      this.history = new History(machine, this.parts, this.sets);
      this.chains = new Chains(machine, this.parts, this.footprint, this.vacuity, this.sets, this.history);
    }
    this.trying = new Footprint(machine, this.assumptions, assumed, () => undefined);
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
    return (
      this.parts.bytes +
      (this.chains?.bytes ?? 0) +
      (this.history?.bytes ?? 0) +
      this.transitions.reduce((n, t) => n + t.bytes, 0)
    );
  }

  /** The key of a state. */
  keyOf(s: State): Int32Array {
    const key = new Int32Array(this.words);
    for (let c = 0; c < this.parts.cpus; c++) key[c] = this.parts.internCpu(s, c);
    key[this.words - 1] = this.parts.internShared(s);
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

  /** Conflicts what a move of CPU `c` used with what another CPU used in its last chain? Then either could be first. */
  compareHistories(keys: Int32Array, base: number, c: number, used: number): void {
    const { sets, history, assumptions } = this;
    for (let d = 0; d < this.parts.cpus; d++) {
      if (d === c) continue;
      const other = history!.used(d, keys[base + d]);
      if (other !== 0 && sets.conflict(used, other))
        for (const cell of sets.cellsOf(used, other)) assumptions.noteRace(cell);
    }
  }

  /** Computes the moves of CPU `c` in the state `from`; gives their row in the log. */
  computeMoves(from: Int32Array, c: number): number {
    const { machine, state, next, parts, footprint, trying, vacuity } = this;
    this.load(from);
    trying.begin(state, stepOf(c));
    const moves = machine.moves(state, c, trying).filter((m) => this.mayChoose(m));
    trying.learnAttempt();
    const mayDiffer = trying.touchesOtherPart(parts);
    // Whether it waits may depend on other CPUs: then that is found out again each time.
    if (mayDiffer && !moves.includes(stepOf(c))) moves.unshift(stepOf(c));
    const known = this.transitions[c];
    const row = known.add(from[c], from[this.words - 1], moves.length);
    let at = known.firstMove(row);
    for (const m of moves) {
      next.set(state);
      footprint.begin(state, m);
      if (moveKind(m) === MoveKind.step) vacuity.step(state[machine.layout.cpu[c] + W.pc]);
      machine.applyTo(next, m, footprint);
      footprint.finish(state, next);
      footprint.learn();
      if (machine.inUserMode(next, c)) vacuity.userMode();
      const fill = isSpontaneous(m) ? Flag.fill : 0;
      if (mayDiffer || footprint.violations > 0 || footprint.touchesOtherPart(parts))
        known.setMove(at, m, fill | Flag.uncached);
      else {
        const { own, chain, used } = this.goOn(next, m);
        known.setMove(at, m, fill, { own, shared: parts.internShared(next), chain, used });
      }
      at += MoveAt.size;
    }
    return row;
  }

  /** Is this no choice in `state`, or one that is to be made there? */
  private mayChoose(m: Move): boolean {
    if (!this.choices || moveKind(m) !== MoveKind.choose) return true;
    const c = moveCpu(m);
    return this.choices[c][this.state[this.machine.layout.cpu[c] + W.action]] === choiceOf(m);
  }

  /**
   * In a reduced search, takes the chain of local steps that follows a move whose footprint was just taken. Gives the
   * number of its CPU's own part then. `s` is overwritten: only the other parts of it are valid then.
   */
  private goOn(s: State, m: Move): Omit<MoveEnd, "shared"> {
    const { chains, history, sets, footprint } = this;
    const c = moveCpu(m);
    if (!chains || !history) return { own: this.parts.internCpu(s, c), chain: -1, used: 0 };
    const accesses: Access[] = [];
    footprint.addAccesses(accesses);
    const used = sets.of(accesses);
    history.moved(s, m);
    const own = chains.take(s, c);
    return { own, chain: chains.last, used: sets.union(used, chains.lastUsed) };
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
    footprint.begin(state, m);
    machine.applyTo(next, m, {
      violation: (v) => violations.push(v),
      effect: (e) => footprint.effect(e),
      touched: (bits) => footprint.touched(bits),
      unknown: (n) => footprint.unknown(n),
    });
    footprint.finish(state, next);
    footprint.learn();
    const key = from.slice();
    const { own, used } = this.goOn(next, m);
    key[c] = own;
    if (used !== 0) this.compareHistories(from, 0, c, used);
    for (let d = 0; d < parts.cpus; d++)
      if (d !== c && !parts.isSameCpu(state, next, d)) key[d] = parts.internCpu(next, d);
    key[this.words - 1] = parts.internShared(next);
    return { key, violations };
  }

  /** Goes on from a state that this move has led to, by the local steps that are taken with it. Gives these. */
  localMovesAfter(s: State, m: Move): Move[] {
    this.history?.moved(s, m);
    return this.chains?.moves(s, moveCpu(m)) ?? [];
  }

  /** The instructions of each chain of local steps. */
  get chainPcs(): readonly Int32Array[] {
    return this.chains?.pcs ?? [];
  }
}
