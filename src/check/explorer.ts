/**
 * The machine's transitions on numbered parts. What a CPU can do depends, but for rare exceptions, on its own part and
 * the shared one alone, so it is worked out once for each such pair and remembered.
 */
import type { Violation } from "../machine/effects";
import { Touched } from "../machine/exec";
import { W } from "../machine/layout";
import { MoveKind, moveKind, type Machine, type Move, type State } from "../machine/machine";
import { Occasions } from "./occasions";
import { Parts } from "./parts";

/** A remembered move. */
interface Known {
  move: Move;
  /** Numbers of the parts afterwards; unused when `far`. */
  own: number;
  shared: number;
  /** It looked at other CPUs, so it has to be made anew each time. */
  far: boolean;
  /** It breaks a promise: made anew each time, to say why. */
  breaks: boolean;
  /** It touches nothing that another CPU, or an interrupt on this one, could tell the difference of. */
  local: boolean;
}

/** Called for each successor; `key` is overwritten afterwards. */
export type OnSuccessor = (key: Int32Array, move: Move, violations: readonly Violation[]) => void;

const none: readonly Violation[] = [];

export class Explorer {
  /** Numbers in a key: one for each CPU, one for the shared part. */
  readonly words: number;
  /** What has happened that a property speaks of. */
  readonly occasions: Occasions;
  private readonly parts: Parts;
  private readonly state: State;
  private readonly next: State;
  private readonly key: Int32Array;
  private readonly memo: Map<number, Known[]>[];

  constructor(readonly machine: Machine) {
    this.parts = new Parts(machine);
    this.occasions = new Occasions(machine);
    this.words = this.parts.cpus + 1;
    this.state = new Int32Array(machine.layout.size);
    this.next = new Int32Array(machine.layout.size);
    this.key = new Int32Array(this.words);
    this.memo = Array.from({ length: this.parts.cpus }, () => new Map<number, Known[]>());
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

  /** Bytes that the parts take. */
  get bytes(): number {
    return this.parts.bytes;
  }

  /** The instruction that CPU `c` runs next when its own part has this number. */
  pcOf(part: number, c: number): number {
    this.parts.readCpu(part, c, this.next);
    return this.next[this.machine.layout.cpu[c] + W.pc];
  }

  /** The moves of CPU `c` in the state of `key`. */
  private known(key: Int32Array, c: number): Known[] {
    const id = key[c] * 0x4000000 + key[this.words - 1];
    let list = this.memo[c].get(id);
    if (!list) this.memo[c].set(id, (list = this.work(key, c)));
    return list;
  }

  private work(key: Int32Array, c: number): Known[] {
    const { machine, state, next, parts } = this;
    this.stateOf(key, state);
    machine.interpreter.touched = 0;
    const moves = machine.movesOf(state, c);
    const mayDiffer = (machine.interpreter.touched & Touched.foreign) !== 0;
    const { occasions } = this;
    return moves.map((m) => {
      next.set(state);
      machine.interpreter.touched = 0;
      let breaks = false;
      if (moveKind(m) === MoveKind.step) occasions.step(state[machine.layout.cpu[c] + W.pc]);
      machine.applyTo(next, m, { violation: () => { breaks = true; }, effect: (e) => occasions.effect(e) });
      if (machine.inUserMode(next, c)) occasions.userMode();
      const { touched } = machine.interpreter;
      const far = mayDiffer || (touched & Touched.foreign) !== 0;
      return {
        move: m, far, breaks,
        own: far ? -1 : parts.internCpu(next, c),
        shared: far ? -1 : parts.internShared(next),
        local: moveKind(m) === MoveKind.step && !far && !breaks && this.isLocal(state, next, c, touched),
      };
    });
  }

  /**
   * May this step be taken before anything else without losing a violation? Then it commutes with every other CPU's
   * moves, with fills of this CPU's TLB, and with whole runs of interrupt handlers on it.
   */
  private isLocal(before: State, after: State, c: number, touched: number): boolean {
    const cpu = this.machine.layout.cpu[c];
    // The beginning and the end of an action change what user mode and the panel see.
    if (before[cpu + W.fp] === 0 || after[cpu + W.fp] === 0) return false;
    if (touched === 0) return true;
    // With interrupts off nobody looks at this CPU's own memory in between.
    return (touched & ~(Touched.own | Touched.stack)) === 0 && before[cpu + W.irqsOn] === 0 && after[cpu + W.irqsOn] === 0;
  }

  /** Every successor; with `reduce`, only one CPU's local step where there is one whose successor `isOpen` accepts. */
  expand(from: Int32Array, reduce: boolean, isOpen: (key: Int32Array) => boolean, on: OnSuccessor): number {
    const { key, words } = this;
    if (reduce) {
      for (let c = 0; c < this.parts.cpus; c++) {
        const step = this.known(from, c)[0];
        if (!step?.local) continue;
        key.set(from);
        key[c] = step.own;
        key[words - 1] = step.shared;
        if (!isOpen(key)) continue; // a loop of local steps must not hide the others for ever
        on(key, step.move, none);
        return 1;
      }
    }
    let n = 0;
    for (let c = 0; c < this.parts.cpus; c++) {
      for (const k of this.known(from, c)) {
        n++;
        if (k.far || k.breaks) {
          this.remake(from, k.move, on);
          continue;
        }
        key.set(from);
        key[c] = k.own;
        key[words - 1] = k.shared;
        on(key, k.move, none);
      }
    }
    return n;
  }

  /** Makes a move on the whole state. */
  private remake(from: Int32Array, m: Move, on: OnSuccessor): void {
    const violations: Violation[] = [];
    this.stateOf(from, this.next);
    // What could be done may depend on other CPUs too: ask again.
    if (moveKind(m) === MoveKind.step && !this.machine.canStep(this.next, (m >> 16) & 0xff)) return;
    this.machine.applyTo(this.next, m, { violation: (v) => violations.push(v) });
    on(this.keyOf(this.next), m, violations);
  }
}
