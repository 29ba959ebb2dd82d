/**
 * The machine: one transition relation for everybody. `moves` lists what can happen next, `apply` makes it happen.
 * The debugger steps it, the checker explores it, the tours replay it.
 */
import { t } from "@vscode/l10n";
import { USER_PCID } from "../kernel/ctype";
import { wrappers, type Program } from "../kernel/ir";
import { vectors } from "../kernel/primitives/vocabulary";
import type { Action, Scenario } from "../scenario/scenario";
import { entryOf } from "./applies";
import { initialState } from "./boot";
import { Broadcasts } from "./hardware/broadcasts";
import { Clock } from "./hardware/clock";
import type { Effect, Observer, Violation } from "./effects";
import { Interpreter } from "./exec";
import { Hardware } from "./hardware/hardware";
import { idleTask, LayoutError, type Layout } from "./layout";
import { link, type Code, type LinkedFn } from "./link";
import { move, moveArg, moveCpu, MoveKind, moveKind, stepOf, type Move } from "./move";
import { BROADCASTS, FRAME, interruptInfo, pageAddress, W, type State } from "./state";
import { StoreBuffers } from "./hardware/store-buffers";
import { Tlb } from "./hardware/tlb";

export * from "./move";
export type { State } from "./state";

export interface Applied {
  state: State;
  violations: Violation[];
  effects: Effect[];
}

const unobserved: Observer = { violation: () => undefined };

export class Machine {
  readonly code: Code;
  readonly layout: Layout;
  readonly interpreter: Interpreter;
  readonly buffers: StoreBuffers;
  readonly broadcasts: Broadcasts;
  private readonly clock: Clock;
  private readonly hardware: Hardware;
  private readonly tlb: Tlb;
  private readonly scratch: Int32Array;
  private readonly entries: Map<string, LinkedFn>;
  private readonly vectorHandler: LinkedFn | undefined;
  /** The initial state, once it was asked for. */
  private first: Applied | undefined;

  /** Throws a LayoutError when the program can't be run (its message says why and what to do). */
  constructor(
    readonly program: Program,
    readonly scenario: Scenario,
  ) {
    this.code = link(program, scenario);
    this.layout = this.code.layout;
    this.buffers = new StoreBuffers(this.layout);
    this.tlb = new Tlb(this.layout);
    this.broadcasts = new Broadcasts(this.layout, this.tlb);
    this.clock = new Clock(this.layout);
    this.hardware = new Hardware(this.layout, program.vectorBase, this.buffers, this.tlb, this.broadcasts);
    this.interpreter = new Interpreter(this.code, this.hardware, this.buffers);
    this.scratch = new Int32Array(this.layout.size);
    this.entries = this.code.fns;
    this.vectorHandler = this.entries.get(vectors[0].handler);
  }

  /**
   * The state in which every CPU runs the task that it starts with. The kernel's own code brings it there:
   * initcalls first, then a switch from each CPU's idle task. `violations` tells what went wrong on the way.
   */
  initial(): Applied {
    this.first ??= initialState(this, this.clock, (s, c, name, args, asKernel) =>
      this.enter(s, c, name, args, asKernel),
    );
    const { state, violations, effects } = this.first;
    return { state: state.slice(), violations: [...violations], effects };
  }

  /** Cells of CPUs' own variables that promises of other CPUs' moves are told by. */
  get watched(): number[] {
    return this.layout.cpu.flatMap((_, c) => this.tlb.watched(c));
  }

  private functionAt(s: State, c: number): string | undefined {
    return this.code.fnOf[s[this.layout.cpu[c] + W.pc]]?.name;
  }

  /**
   * Every move that the state allows, in a fixed order: CPUs' steps, interrupts, stores that become visible, broadcast
   * flushes that arrive, then what comes about by itself: speculative fills, and time that passes.
   */
  moves(s: State): Move[] {
    const { layout: l } = this;
    const out: Move[] = [];
    for (let c = 0; c < l.cpuCount; c++) if (this.canStep(s, c)) out.push(stepOf(c));
    for (let c = 0; c < l.cpuCount; c++) this.addInterrupts(s, c, out);
    for (let c = 0; c < l.cpuCount; c++) if (this.buffers.count(s, c) > 0) out.push(move(MoveKind.drain, c));
    for (let c = 0; c < l.cpuCount; c++) this.addBroadcasts(s, c, out);
    if (this.scenario.speculation) for (let c = 0; c < l.cpuCount; c++) this.addFills(s, c, out);
    if (this.clock.canPass(s)) for (let c = 0; c < l.cpuCount; c++) out.push(move(MoveKind.time, c));
    return out;
  }

  /** The moves of one CPU: its step first. `o` as for `canStep`. */
  movesOf(s: State, c: number, o?: Observer): Move[] {
    const out: Move[] = this.canStep(s, c, o) ? [stepOf(c)] : [];
    this.addInterrupts(s, c, out);
    if (this.buffers.count(s, c) > 0) out.push(move(MoveKind.drain, c));
    this.addBroadcasts(s, c, out);
    if (this.scenario.speculation) this.addFills(s, c, out);
    if (this.clock.canPass(s)) out.push(move(MoveKind.time, c));
    return out;
  }

  private addInterrupts(s: State, c: number, out: Move[]): void {
    const { layout: l } = this;
    const cpu = l.cpu[c];
    if (s[cpu + W.irqsOn] === 0 || s[cpu + W.halted]) return;
    for (let bits = s[cpu + W.vectors]; bits !== 0; bits &= bits - 1)
      out.push(move(MoveKind.vector, c, 31 - Math.clz32(bits & -bits)));
    for (let from = 0; from < l.cpuCount; from++)
      if ((s[l.cpu[from] + W.callQueued] >> c) & 1) out.push(move(MoveKind.call, c, from));
  }

  private addBroadcasts(s: State, c: number, out: Move[]): void {
    for (let from = 0; from < this.layout.broadcasts.length; from++)
      for (let n = 0; n < BROADCASTS; n++)
        if (this.broadcasts.isPending(s, c, from, n)) out.push(move(MoveKind.broadcast, c, from * BROADCASTS + n));
  }

  private addFills(s: State, c: number, out: Move[]): void {
    const { layout: l } = this;
    if (s[l.cpu[c] + W.halted]) return;
    for (let m = 0; m < l.mms.length; m++)
      for (let p = 0; p < l.slots; p++)
        if (this.tlb.canFill(s, c, m, p)) out.push(move(MoveKind.fill, c, m * l.slots + p));
  }

  /**
   * Has this CPU a step to take, and doesn't it wait? `o` is told what the step would do where that has to be tried.
   */
  canStep(s: State, c: number, o: Observer = unobserved): boolean {
    if (!this.hasStep(s, c)) return false;
    const pc = s[this.layout.cpu[c] + W.pc];
    if (!this.code.mayWait[pc] || s[this.layout.cpu[c] + W.fp] === 0) return true;
    this.scratch.set(s);
    return this.interpreter.step(this.scratch, c, o) !== "wait";
  }

  /** Has this CPU anything left to do, waiting or not? */
  hasStep(s: State, c: number): boolean {
    const cpu = this.layout.cpu[c];
    return s[cpu + W.halted] === 0 && (s[cpu + W.fp] !== 0 || s[cpu + W.action] < this.scenario.cpus[c].does.length);
  }

  /** Makes a move that `moves` has listed. The given state stays as it is. */
  apply(s: State, m: Move): Applied {
    const violations: Violation[] = [],
      effects: Effect[] = [];
    const state = s.slice();
    this.applyTo(state, m, { violation: (v) => violations.push(v), effect: (e) => effects.push(e) });
    return { state, violations, effects };
  }

  /** Makes a move in place. */
  applyTo(s: State, m: Move, o: Observer): void {
    const { layout: l } = this;
    const c = moveCpu(m),
      n = moveArg(m),
      cpu = l.cpu[c];
    switch (moveKind(m)) {
      case MoveKind.step:
        if (s[cpu + W.fp] === 0) this.startAction(s, c, o);
        else {
          this.interpreter.step(s, c, o);
          if (s[cpu + W.fp] === 0 && this.inUserMode(s, c)) this.tlb.checkUser(s, c, o);
        }
        this.checkUserMode(s, c, o);
        return;
      case MoveKind.vector:
        s[cpu + W.vectors] &= ~(1 << n);
        this.interrupt(s, c, this.vectorHandler, "vector", n, o);
        return;
      case MoveKind.call: {
        s[l.cpu[n] + W.callQueued] &= ~(1 << c);
        this.interrupt(s, c, this.code.fnOf[s[l.cpu[n] + W.callFn]], "call", n, o);
        return;
      }
      case MoveKind.drain:
        this.buffers.drainOne(s, c, o);
        return;
      case MoveKind.broadcast:
        this.broadcasts.carryOut(s, c, Math.floor(n / BROADCASTS), n % BROADCASTS, o);
        return;
      case MoveKind.time: // the timer's interrupt of this CPU, which does nothing else here
        this.clock.pass(s, o);
        return;
      case MoveKind.fill:
        this.tlb.fill(s, c, Math.floor(n / l.slots), n % l.slots, true, o);
        return;
    }
  }

  private interrupt(
    s: State,
    c: number,
    handler: LinkedFn | undefined,
    kind: "vector" | "call",
    n: number,
    o: Observer,
  ): void {
    const { layout: l } = this;
    if (!handler) {
      o.violation({
        property: "oops",
        cpu: c,
        why: t(
          "CPU{0} takes an interrupt that no function handles: open the file that defines {1}().",
          c,
          vectors[0].handler,
        ),
      });
      return;
    }
    const regs = l.percpu[c] + l.percpuOffset.get("irq_regs")!;
    // The kernel keeps the negated vector in orig_ax (arch/x86/kernel/entry_64.S).
    if (kind === "vector") s[l.fieldAt(regs, "pt_regs", "orig_ax")] = ~(this.program.vectorBase + n);
    this.buffers.drainAll(s, c, o); // the processor empties its buffer when it takes an interrupt
    const pc = s[l.cpu[c] + W.pc];
    const arg = kind === "vector" ? regs : s[l.cpu[n] + W.callInfo];
    const wrapper = s[l.cpu[c] + W.pcid] & USER_PCID ? this.entries.get(wrappers.interrupt) : undefined;
    this.interpreter.push(s, c, wrapper ?? handler, wrapper ? [handler.entry, arg] : [arg], pc, interruptInfo(kind, n));
    s[l.cpu[c] + W.irqsOn] = 0;
    o.effect?.(
      kind === "vector" ? { k: "take", vector: n, fn: handler.name } : { k: "take", from: n, fn: handler.name },
    );
  }

  private startAction(s: State, c: number, o: Observer): void {
    const { layout: l } = this;
    const index = s[l.cpu[c] + W.action];
    const { action } = this.scenario.cpus[c].does[index];
    const [name, args] = this.entryFor(s, c, action);
    this.enter(s, c, name, args, action.do !== "touch");
    o.effect?.({ k: "action", index });
  }

  /**
   * Calls a function of the environment; where user mode has page tables of its own, by way of the kernel's if asked
   * to.
   */
  private enter(s: State, c: number, name: string, args: number[], asKernel: boolean): void {
    const fn = this.entries.get(name);
    if (!fn) throw new LayoutError(`${name}() isn't there: the environment file is incomplete.`);
    const wrapper = asKernel && this.program.isolated ? this.entries.get(wrappers.action) : undefined;
    this.interpreter.push(s, c, wrapper ?? fn, wrapper ? [fn.entry, ...args] : args, 0, 0);
  }

  /** The environment's function for an action, and its arguments. */
  private entryFor(s: State, c: number, a: Action): [string, number[]] {
    const { layout: l } = this;
    const mmOf = (name: string) => l.mmNames.indexOf(name);
    const own = l.mmIndex(s[l.mmOf(s[l.cpu[c] + W.current])]);
    const address = (m: number, page: string) =>
      pageAddress(Math.max(0, this.scenario.mms[m]?.pages.indexOf(page) ?? 0));
    switch (a.do) {
      case "schedule":
        return [entryOf(a), [l.tasks.get(a.task)!]];
      case "touch":
        return [entryOf(a), [address(own, a.page)]];
      case "munmap":
      case "munmap_table":
      case "mmap":
        return [entryOf(a), [l.vmas[own] ?? 0, address(own, a.page)]];
      case "reclaim":
        return [entryOf(a), [l.vmas[mmOf(a.mm)], address(mmOf(a.mm), a.page)]];
      case "exec":
      case "global_asid":
        return [entryOf(a), [l.mms[mmOf(a.mm)]]];
      case "exit":
        return [entryOf(a), [l.tasks.get(idleTask(c))!]];
    }
  }

  /** Is CPU `c` in user mode: between two actions, or reading a page, on a task with an mm? */
  inUserMode(s: State, c: number): boolean {
    const cpu = this.layout.cpu[c];
    if (s[cpu + W.halted] || s[this.layout.mmOf(s[cpu + W.current])] === 0) return false;
    return s[cpu + W.fp] === 0 || this.readsPage(s, c);
  }

  /** Is CPU `c` reading a page, which a task with an mm does in user mode? */
  readsPage(s: State, c: number): boolean {
    return this.functionAt(s, c) === "scenario_touch";
  }

  private checkUserMode(s: State, c: number, o: Observer): void {
    if (!this.inUserMode(s, c)) return;
    const { layout: l } = this;
    const task = s[l.cpu[c] + W.current];
    const m = l.mmIndex(s[l.mmOf(task)]);
    const cr3 = s[l.cpu[c] + W.cr3];
    if (m >= 0 && cr3 !== l.pgds[m])
      o.violation({
        property: "own-page-tables",
        cpu: c,
        why: t(
          "{0} is in user mode on CPU{1}, but CR3 points at {2}, not at {3}'s page tables.",
          l.objectAt(task),
          c,
          l.objectAt(cr3),
          l.mmNames[m],
        ),
      });
  }

  /**
   * Call stack of a CPU, innermost frame first: function, program counter, frame address, and the interrupt it handles
   * if any.
   */
  stack(s: State, c: number): { fn: LinkedFn; pc: number; fp: number; interrupt: boolean }[] {
    const out: { fn: LinkedFn; pc: number; fp: number; interrupt: boolean }[] = [];
    let fp = s[this.layout.cpu[c] + W.fp],
      pc = s[this.layout.cpu[c] + W.pc];
    while (fp !== 0) {
      // A caller's counter stands after its call; the place of the call is the instruction before.
      const at = out.length === 0 || out.at(-1)!.interrupt ? pc : pc - 1;
      out.push({ fn: this.code.fnOf[at], pc: at, fp, interrupt: s[fp + FRAME.info] < 0 });
      pc = s[fp + FRAME.retPc];
      fp = s[fp + FRAME.savedFp];
    }
    return out;
  }
}
