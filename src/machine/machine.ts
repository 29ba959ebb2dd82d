/**
 * The machine: one transition relation for everybody. `moves` lists what can happen next, `apply` makes it happen.
 * The debugger steps it, the checker explores it, the tours replay it.
 */
import type { Program } from "../kernel/ir";
import type { Scenario } from "../scenario/scenario";
import { hiddenAccesses, type HiddenAccesses } from "./requirements/hidden-accesses";
import { initialState } from "./boot";
import { Choices } from "./choices";
import type { Applied, Effect, Observer, Violation } from "./effects";
import { Entry } from "./entry";
import { Interpreter, StepEnd } from "./exec";
import type { Broadcasts } from "./hardware/broadcasts";
import { Hardware } from "./hardware/hardware";
import type { StoreBuffers } from "./hardware/store-buffers";
import type { Layout } from "./layout";
import { link, type Code } from "./link";
import {
  broadcastOf,
  callerOf,
  carryOut,
  choiceOf,
  chooseAction,
  drainOf,
  fillMove,
  fillOf,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  takeCall,
  takeVector,
  timePasses,
  vectorOf,
  type Move,
} from "./move";
import { mustKnowSettings } from "./requirements/settings-check";
import { Stack, type StackFrame } from "./stack";
import { BROADCASTS, W, type State } from "./state";
import { UserMode } from "./user-mode";

export * from "./move"; // who makes moves needs their codec
export type { State } from "./state";

const unobserved: Observer = { violation: () => undefined };

export class Machine {
  readonly code: Code;
  readonly layout: Layout;
  private readonly hardware: Hardware;
  private readonly frames: Stack;
  private readonly interpreter: Interpreter;
  private readonly entry: Entry;
  private readonly userMode: UserMode;
  /** What CPUs that are left to choose may begin. */
  readonly choices: Choices;
  private readonly scratch: Int32Array;
  /** The initial state, computed on first use. */
  private first: Applied | undefined;

  /**
   * Throws a LayoutError when the program can't be run (its message says why and what to do), an UnknownSetting among
   * them.
   */
  constructor(
    readonly program: Program,
    readonly scenario: Scenario,
  ) {
    mustKnowSettings(program, scenario);
    this.code = link(program, scenario);
    this.layout = this.code.layout;
    this.hardware = new Hardware(this.layout);
    this.frames = new Stack(this.code, this.hardware.buffers);
    this.interpreter = new Interpreter(this.code, this.hardware, this.frames);
    this.entry = new Entry(this.code, this.frames, this.hardware.buffers);
    this.userMode = new UserMode(this.code, this.hardware.buffers);
    this.choices = new Choices(this.layout, this.hardware.buffers);
    this.scratch = new Int32Array(this.layout.size);
  }

  get buffers(): StoreBuffers {
    return this.hardware.buffers;
  }

  get broadcasts(): Broadcasts {
    return this.hardware.broadcasts;
  }

  /**
   * The state in which every CPU runs the task that it starts with. The kernel's own code brings it there: initcalls
   * first, then a switch from each CPU's idle task. `violations` are the promises that were broken on the way.
   */
  initial(): Applied {
    this.first ??= initialState(this.code, this.interpreter, this.hardware, this.entry);
    const { state, violations, effects, unknowns } = this.first;
    return { state: state.slice(), violations: [...violations], effects, unknowns };
  }

  /** Cells of CPUs' own variables that other CPUs' moves look at, to see whether a promise is kept. */
  get watched(): number[] {
    return this.layout.cpu.flatMap((_, c) => this.hardware.stale.watched(c));
  }

  /** Cells that moves use beside what their effects list. */
  get hidden(): HiddenAccesses {
    return hiddenAccesses(this.layout);
  }

  /**
   * Every move that the state allows, in a fixed order: CPUs' steps, actions that they may choose to begin, interrupts,
   * stores that become visible, broadcast flushes that arrive, then what comes about by itself: speculative fills, and
   * time that passes. Of CPU `of` alone if one is given; `o` as for `canStep`.
   */
  moves(s: State, of?: number, o?: Observer): Move[] {
    const { buffers, clock } = this.hardware;
    const first = of ?? 0,
      end = of === undefined ? this.layout.cpuCount : of + 1;
    const out: Move[] = [];
    for (let c = first; c < end; c++) if (this.canStep(s, c, o)) out.push(stepOf(c));
    for (let c = first; c < end; c++) for (const index of this.choices.of(s, c)) out.push(chooseAction(c, index));
    for (let c = first; c < end; c++) this.addInterrupts(s, c, out);
    for (let c = first; c < end; c++) if (buffers.count(s, c) > 0) out.push(drainOf(c));
    for (let c = first; c < end; c++) this.addBroadcasts(s, c, out);
    if (this.scenario.speculation) for (let c = first; c < end; c++) this.addFills(s, c, out);
    if (clock.canPass(s)) for (let c = first; c < end; c++) out.push(timePasses(c));
    return out;
  }

  private addInterrupts(s: State, c: number, out: Move[]): void {
    const { layout: l } = this;
    const cpu = l.cpu[c];
    if (s[cpu + W.irqsOn] === 0 || s[cpu + W.halted]) return;
    for (let bits = s[cpu + W.vectors]; bits !== 0; bits &= bits - 1)
      out.push(takeVector(c, 31 - Math.clz32(bits & -bits)));
    for (let from = 0; from < l.cpuCount; from++)
      if ((s[l.cpu[from] + W.callQueued] >> c) & 1) out.push(takeCall(c, from));
  }

  private addBroadcasts(s: State, c: number, out: Move[]): void {
    const { broadcasts } = this.hardware;
    for (let from = 0; from < this.layout.broadcasts.length; from++)
      for (let slot = 0; slot < BROADCASTS; slot++)
        if (broadcasts.isPending(s, c, from, slot)) out.push(carryOut(c, from, slot));
  }

  private addFills(s: State, c: number, out: Move[]): void {
    const { layout: l } = this;
    const { tlb } = this.hardware;
    if (s[l.cpu[c] + W.halted]) return;
    for (let m = 0; m < l.mms.length; m++)
      for (let p = 0; p < l.slots; p++) if (tlb.canFill(s, c, m, p)) out.push(fillMove(c, m, p));
  }

  /**
   * Has this CPU a step to take, and doesn't it wait? Where that has to be tried, `o` receives what the step would do.
   */
  canStep(s: State, c: number, o: Observer = unobserved): boolean {
    if (!this.hasStep(s, c)) return false;
    const cpu = this.layout.cpu[c];
    if (!this.code.mayWait[s[cpu + W.pc]] || s[cpu + W.fp] === 0) return true;
    this.scratch.set(s);
    return (this.step(this.scratch, c, o) & StepEnd.waits) === 0;
  }

  /**
   * Has this CPU anything left to do, waiting or not? One that chooses for itself may stop between any two actions.
   */
  hasStep(s: State, c: number): boolean {
    const cpu = this.layout.cpu[c],
      { does, actions } = this.scenario.cpus[c];
    if (s[cpu + W.halted] !== 0) return false;
    return s[cpu + W.fp] !== 0 || (actions === undefined && s[cpu + W.action] < does.length);
  }

  private step(s: State, c: number, o: Observer): number {
    const result = this.interpreter.step(s, c, o);
    o.touched?.(result);
    return result;
  }

  /** Makes a move that `moves` has listed. The given state stays as it is. */
  apply(s: State, m: Move): Applied {
    const violations: Violation[] = [],
      effects: Effect[] = [],
      unknowns = new Set<number>();
    const state = s.slice();
    this.applyTo(state, m, {
      violation: (v) => violations.push(v),
      effect: (e) => effects.push(e),
      unknown: (n) => unknowns.add(n),
    });
    return { state, violations, effects, unknowns: [...unknowns] };
  }

  /** Makes a move in place. */
  applyTo(s: State, move: Move, o: Observer): void {
    const c = moveCpu(move),
      cpu = this.layout.cpu[c],
      { hardware, entry } = this;
    switch (moveKind(move)) {
      case MoveKind.step:
        if (s[cpu + W.fp] === 0) entry.action(s, c, s[cpu + W.action], o);
        else {
          this.step(s, c, o);
          if (s[cpu + W.fp] === 0 && this.inUserMode(s, c)) hardware.stale.checkUser(s, c, o);
        }
        this.userMode.check(s, c, o);
        return;
      case MoveKind.choose:
        s[cpu + W.chosen] = 1 + choiceOf(move);
        entry.action(s, c, choiceOf(move), o);
        this.userMode.check(s, c, o);
        return;
      case MoveKind.vector:
        entry.vector(s, c, vectorOf(move), o);
        return;
      case MoveKind.call:
        entry.call(s, c, callerOf(move), o);
        return;
      case MoveKind.drain:
        hardware.buffers.drainOne(s, c, o);
        return;
      case MoveKind.broadcast: {
        const { from, slot } = broadcastOf(move);
        hardware.broadcasts.carryOut(s, c, from, slot, o);
        return;
      }
      case MoveKind.time: // the timer's interrupt of this CPU, which does nothing else here
        hardware.clock.pass(s, o);
        return;
      case MoveKind.fill: {
        const { mm, page } = fillOf(move);
        hardware.tlb.fill(s, c, mm, page, true, o);
        return;
      }
    }
  }

  /** Where CPU `c`'s stack ends: the address after its innermost frame; 0 where it has none. */
  stackEnd(s: State, c: number): number {
    return this.frames.end(s, c);
  }

  /** Address of CPU `c`'s frame of an interrupt's handler; 0 where it handles none. */
  handlerFrame(s: State, c: number): number {
    return this.frames.handlerFrame(s, c);
  }

  /** Is CPU `c` in user mode: between two actions, or reading a page, on a user's task? */
  inUserMode(s: State, c: number): boolean {
    return this.userMode.isIn(s, c);
  }

  /** Is CPU `c` reading a page, which a task with an mm does in user mode? */
  readsPage(s: State, c: number): boolean {
    return this.userMode.readsPage(s, c);
  }

  /** Call stack of a CPU, innermost frame first. */
  stack(s: State, c: number): StackFrame[] {
    return this.frames.frames(s, c);
  }
}
