/**
 * The machine's transitions on numbered parts. What a CPU can do depends, but for rare exceptions, on its own part and
 * the shared one alone, so it is worked out once for each such pair and remembered.
 */
import type { Violation } from "../machine/effects";
import { Touched } from "../machine/exec";
import { W } from "../machine/layout";
import { moveCpu, MoveKind, moveKind, stepOf, type Machine, type Move, type State } from "../machine/machine";
import { Learned, Watch } from "./locality";
import { Occasions } from "./occasions";
import { Parts } from "./parts";
import { Flag, MoveAt, Transitions } from "./transitions";

/** Called for each successor; `key` is overwritten afterwards. */
export type OnSuccessor = (key: Int32Array, move: Move, violations: readonly Violation[]) => void;

export interface ExplorerOptions {
  /** Take local steps at once, together with the move before them (see locality.ts). */
  reduce?: boolean;
  /** What earlier searches of the same machine have learned. */
  learned?: Learned;
}

/** Local steps that are taken together at most; a loop of them ends here and goes on in the next state. */
const CHAIN = 2_000;
const none: readonly Violation[] = [];

export class Explorer {
  /** Numbers in a key: one for each CPU, one for the shared part. */
  readonly words: number;
  /** What has happened that a property speaks of. */
  readonly occasions: Occasions;
  readonly learned: Learned;
  /** Moves other than fills that the last state looked at had. */
  moves = 0;
  private readonly parts: Parts;
  private readonly state: State;
  private readonly next: State;
  private readonly probe: State;
  private readonly key: Int32Array;
  private readonly known: Transitions[];
  private readonly watch: Watch;
  private readonly reduce: boolean;
  /** For each run of local steps, the instructions that they begin at. */
  private readonly chains: Int32Array[] = [];

  constructor(readonly machine: Machine, { reduce = false, learned }: ExplorerOptions = {}) {
    this.parts = new Parts(machine);
    this.occasions = new Occasions(machine);
    this.learned = learned ?? new Learned(machine.layout.size);
    this.reduce = reduce;
    this.words = this.parts.cpus + 1;
    this.state = new Int32Array(machine.layout.size);
    this.next = new Int32Array(machine.layout.size);
    this.probe = new Int32Array(machine.layout.size);
    this.key = new Int32Array(this.words);
    this.known = Array.from({ length: this.parts.cpus }, () => new Transitions());
    this.watch = new Watch(machine, this.learned, (e) => this.occasions.effect(e));
  }

  /** Bytes that the parts and what is known of them take. */
  get bytes(): number {
    return this.parts.bytes + this.known.reduce((n, t) => n + t.bytes, 0);
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

  /** The instruction that CPU `c` runs next when its own part has this number. */
  pcOf(part: number, c: number): number {
    this.parts.readCpu(part, c, this.next);
    return this.next[this.machine.layout.cpu[c] + W.pc];
  }

  /** Every successor. Gives the number of transitions. */
  expand(from: Int32Array, on: OnSuccessor): number {
    const { key, words } = this;
    const last = words - 1;
    let n = 0, moves = 0;
    for (let c = 0; c < last; c++) {
      const known = this.known[c];
      let at = known.find(from[c], from[last]);
      if (at < 0) at = this.work(from, c);
      // Working a successor out can add to the log: it is asked for each time.
      const count = known.log[at];
      for (let i = 0, m = at + 1; i < count; i++, m += MoveAt.size) {
        const { log } = known;
        const flags = log[m + MoveAt.flags];
        n++;
        if ((flags & Flag.fill) === 0) moves++;
        log[m + MoveAt.taken]++;
        if (flags & Flag.anew) {
          if (!this.remake(from, log[m + MoveAt.move], on)) {
            n--;
            moves--;
          }
          continue;
        }
        for (let k = 0; k < words; k++) key[k] = from[k];
        key[c] = log[m + MoveAt.own];
        key[last] = log[m + MoveAt.shared];
        on(key, log[m + MoveAt.move], none);
      }
    }
    this.moves = moves;
    return n;
  }

  /** Works out the moves of CPU `c` in the state of `from`; gives where they stand in the log. */
  private work(from: Int32Array, c: number): number {
    const { machine, state, next, parts, watch, occasions } = this;
    const { interpreter } = machine;
    this.stateOf(from, state);
    interpreter.touched = 0;
    const moves = machine.movesOf(state, c);
    const mayDiffer = (interpreter.touched & Touched.foreign) !== 0;
    const at = this.known[c].add(from[c], from[this.words - 1], moves.length);
    moves.forEach((m, i) => {
      next.set(state);
      watch.begin(c);
      if (moveKind(m) === MoveKind.step) occasions.step(state[machine.layout.cpu[c] + W.pc]);
      machine.applyTo(next, m, watch);
      watch.learn();
      if (machine.inUserMode(next, c)) occasions.userMode();
      const anew = mayDiffer || watch.broken > 0 || watch.foreign;
      const chain = anew || !this.reduce ? -1 : this.follow(next, c);
      const { log } = this.known[c];
      const to = at + 1 + i * MoveAt.size;
      log[to + MoveAt.move] = m;
      log[to + MoveAt.flags] = (anew ? Flag.anew : 0) | (moveKind(m) === MoveKind.fill ? Flag.fill : 0);
      log[to + MoveAt.own] = anew ? -1 : parts.internCpu(next, c);
      log[to + MoveAt.shared] = anew ? -1 : parts.internShared(next);
      log[to + MoveAt.chain] = chain;
    });
    return at;
  }

  /** Takes CPU `c`'s local steps, in place. Gives the number of the run of instructions, or -1 when there was none. */
  private follow(s: State, c: number): number {
    const { machine, probe, watch, occasions } = this;
    const pcs: number[] = [];
    while (pcs.length < CHAIN && this.stepIsLocal(s, c)) {
      const pc = s[machine.layout.cpu[c] + W.pc];
      occasions.step(pc);
      watch.learn();
      pcs.push(pc);
      s.set(probe);
    }
    return pcs.length ? this.chains.push(Int32Array.from(pcs)) - 1 : -1;
  }

  /** Is the next step of CPU `c` local? Then the state after it is in `probe`. */
  private stepIsLocal(s: State, c: number): boolean {
    const { machine, probe, watch } = this;
    if (s[machine.layout.cpu[c] + W.fp] === 0 || !machine.canStep(s, c)) return false;
    probe.set(s);
    watch.begin(c);
    machine.applyTo(probe, stepOf(c), watch);
    return watch.isLocal(s, probe);
  }

  /** Makes a move on the whole state. Gives false when it isn't possible in this one. */
  private remake(from: Int32Array, m: Move, on: OnSuccessor): boolean {
    const { machine, state, next, watch } = this;
    const c = moveCpu(m);
    const violations: Violation[] = [];
    this.stateOf(from, next);
    // What could be done may depend on other CPUs too: ask again.
    if (moveKind(m) === MoveKind.step && !machine.canStep(next, c)) return false;
    state.set(next);
    watch.begin(c);
    machine.applyTo(next, m, { violation: (v) => violations.push(v), effect: (e) => watch.effect(e) });
    watch.learn();
    if (this.reduce) this.follow(next, c);
    on(this.keyOf(next), m, violations);
    return true;
  }

  /** The moves that lead from a state to the one with this key: one of those that `expand` lists, and the local steps taken with it. Undefined when none does. `s` becomes the state that they lead to. */
  path(s: State, target: Int32Array): Move[] | undefined {
    const from = this.keyOf(s);
    let found: Move | undefined;
    this.expand(from, (k, m) => {
      if (found === undefined && k.every((w, i) => w === target[i])) found = m;
    });
    if (found === undefined) return undefined;
    this.machine.applyTo(s, found, { violation: () => undefined });
    return [found, ...this.local(s, moveCpu(found))];
  }

  /** The local steps that CPU `c` takes at once from here, if the search is a reduced one; `s` becomes the state after them. */
  local(s: State, c: number): Move[] {
    const moves: Move[] = [];
    while (this.reduce && moves.length < CHAIN && this.stepIsLocal(s, c)) {
      moves.push(stepOf(c));
      s.set(this.probe);
    }
    return moves;
  }

  /** Adds to `visits[c]` how often each instruction of CPU `c` was passed in runs of local steps. */
  addPassed(visits: readonly Map<number, number>[]): void {
    this.known.forEach((t, c) => t.forEach((start) => {
      for (let i = 0, m = start + 1; i < t.log[start]; i++, m += MoveAt.size) {
        const chain = t.log[m + MoveAt.chain], taken = t.log[m + MoveAt.taken];
        if (chain >= 0 && taken > 0) for (const pc of this.chains[chain]) visits[c].set(pc, (visits[c].get(pc) ?? 0) + taken);
      }
    }));
  }
}
