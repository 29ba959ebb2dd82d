/**
 * What each step of an execution depends on: where the values that it used came from, through memory, store buffers,
 * registers and TLBs, and which branches, calls and interrupts led to it. Sources: Weiser's program slices (1981), on
 * one execution as Korel and Laski (1988).
 */
import { FRAME, W } from "../machine/layout";
import { OPERAND, type Linked } from "../machine/link";
import { callerOf, fillOf, MoveKind, moveKind, type Machine } from "../machine/machine";
import { Control } from "./control";
import type { Execution, Ran, Step } from "./execution";
import type { Agent, Flow, Read, Store } from "./flow";

/** A function that runs. */
interface Activation {
  fp: number;
  /** The step that called it, began its action, or took its interrupt. */
  from: number;
  /** Where the caller wants its result, an address; below zero nowhere. */
  result: number;
  agent: Agent;
  root: number;
  /** Each branch that it has executed, with the step that did so last. */
  branches: Map<number, number>;
}

/** Of an action's function, or an interrupt's handler. */
const MOST_ARGUMENTS = 4;

export const flowOf = (execution: Execution): Flow => new Recorder(execution).run();

class Recorder {
  private readonly machine: Machine;
  private readonly control: Control;
  private readonly dependsOn = new Map<number, Set<number>>();
  private readonly reads = new Map<number, Read[]>();
  private readonly stores = new Map<number, Store[]>();
  private readonly storesTo = new Map<number, Store[]>();
  private readonly agents = new Map<number, Agent>();
  private readonly roots = new Map<number, number>();
  private readonly ends = new Map<number, number>();
  /** Last definitions: of words of memory by stores, of everything else by steps. */
  private readonly inMemory = new Map<number, Store>();
  private readonly defined = new Map<number, number>();
  private readonly waiting: Store[][];
  private readonly stacks: Activation[][];
  private step!: Step;

  constructor(private readonly execution: Execution) {
    this.machine = execution.machine;
    this.control = new Control(execution.machine.code);
    const { cpuCount } = this.machine.layout;
    this.waiting = Array.from({ length: cpuCount }, () => []);
    this.stacks = Array.from({ length: cpuCount }, () => []);
  }

  run(): Flow {
    for (const step of this.execution.steps) {
      this.step = step;
      this.record(step);
      this.syncBuffer(step);
      this.noteHardware(step);
    }
    const { dependsOn, reads, stores, storesTo, agents, roots, ends } = this;
    return { dependsOn, reads, stores, storesTo, agents, roots, ends };
  }

  private get stack(): Activation[] {
    return this.stacks[this.step.cpu];
  }

  private agent(): Agent {
    return this.stack.at(-1)?.agent ?? { cpu: this.step.cpu, interrupt: 0 };
  }

  private record(step: Step): void {
    const { layout: l } = this.machine;
    this.agents.set(step.index, this.agent());
    this.roots.set(step.index, this.stack.at(-1)?.root ?? step.index);
    const cpu = l.cpu[step.cpu];
    switch (moveKind(step.move)) {
      case MoveKind.step:
      case MoveKind.choose:
        if (step.before[cpu + W.fp] === 0) this.begin(step, 0);
        else step.ran.forEach((ran, i) => this.instruction(ran, step.ran[i + 1]?.fp ?? step.after[cpu + W.fp]));
        break;
      case MoveKind.vector:
      case MoveKind.call: {
        this.usesWord(
          moveKind(step.move) === MoveKind.vector ? cpu + W.vectors : l.cpu[callerOf(step.move)] + W.callQueued,
        );
        for (const e of step.effects) if (e.k === "write") this.reachMemory(e.cell, e.old, e.value);
        this.begin(step, step.index);
        break;
      }
      case MoveKind.fill: {
        const { mm, page } = fillOf(step.move);
        this.walks(mm, page);
        break;
      }
      case MoveKind.drain:
        for (const e of step.effects) if (e.k === "write") this.reachMemory(e.cell, e.old, e.value);
        break;
    }
    for (const v of step.violations) if (v.cell !== undefined) this.usesWord(v.cell);
  }

  /** An action begins or an interrupt is taken: its function's arguments come from here. */
  private begin(step: Step, interrupt: number): void {
    const fp = step.after[this.machine.layout.cpu[step.cpu] + W.fp];
    const agent = { cpu: step.cpu, interrupt };
    this.agents.set(step.index, agent);
    this.roots.set(step.index, step.index);
    this.stack.push({ fp, from: step.index, result: -1, agent, root: step.index, branches: new Map() });
    for (let i = 0; i < MOST_ARGUMENTS; i++) this.defined.set(fp + FRAME.size + i, step.index);
  }

  /** `next`: the frame in which the CPU goes on after this instruction. */
  private instruction(ran: Ran, next: number): void {
    const { code } = this.machine;
    const i = code.instrs[ran.pc];
    this.operands(i, ran);
    this.led(ran);
    for (const e of ran.effects) {
      if (e.k === "read") this.read(e.cell, e.value);
      else if (e.k === "write") {
        if (e.locked) {
          if (i.dst >= 0) this.read(e.cell, e.old);
          this.store(e.cell, e.old, e.value, this.step.index);
        } else if (!isOutlivedMark(e)) this.reachMemory(e.cell, e.old, e.value);
      } else if (e.k === "buffer") this.store(e.cell, this.step.before[e.cell], e.value, Infinity);
      else if (e.k === "fill") this.walks(e.mm, e.page);
      else if (e.k === "branch") this.stack.at(-1)?.branches.set(ran.pc, this.step.index);
    }
    switch (i.op) {
      case "call":
      case "icall": {
        const { agent, root } = this.stack.at(-1)!;
        const result = i.dst >= 0 ? ran.fp + i.dst : -1;
        this.stack.push({ fp: next, from: this.step.index, result, agent, root, branches: new Map() });
        i.args.forEach((_, n) => this.defined.set(next + FRAME.size + n, this.step.index));
        break;
      }
      case "ret": {
        const { result, root } = this.stack.pop()!;
        if (this.stack.at(-1)?.root !== root) this.ends.set(root, this.step.index);
        if (result >= 0) this.defined.set(result, this.step.index);
        break;
      }
      default:
        if (i.dst >= 0) this.defined.set(ran.fp + i.dst, this.step.index);
    }
  }

  private operands(i: Linked, ran: Ran): void {
    const operand = (kind: number, v: number) => {
      if (kind === OPERAND.slot) this.usesWord(ran.fp + v);
      else if (kind === OPERAND.current) this.usesWord(this.machine.layout.cpu[this.step.cpu] + W.current);
    };
    operand(i.aK, i.a);
    operand(i.bK, i.b);
    for (const a of i.args) operand(a.k, a.v);
    if (i.op === "hw" && i.f === "read_cr3") this.usesRegisters(this.step.cpu);
    if (i.op === "hw" && i.f === "await_calls") this.usesWord(this.machine.layout.cpu[this.step.cpu] + W.callPending);
    if (i.op === "hw" && i.f === "user_read") this.usesRegisters(this.step.cpu);
  }

  private usesRegisters(c: number): void {
    const cpu = this.machine.layout.cpu[c];
    for (const w of [W.cr3, W.pcid]) this.usesWord(cpu + w);
  }

  /** What led to this instruction: the last of the branches that decide, else whoever began its function. */
  private led({ pc }: Ran): void {
    const activation = this.stack.at(-1);
    if (!activation) return;
    const steps = this.control.decidersOf(pc).flatMap((b) => activation.branches.get(b) ?? []);
    this.needs(steps.length ? Math.max(...steps) : activation.from);
  }

  /** A walk of an mm's page tables reads CR3 and the entry. */
  private walks(mm: number, page: number): void {
    const { layout: l } = this.machine;
    this.usesRegisters(this.step.cpu);
    const cell = l.pgds[mm] + page;
    this.readAs({ cpu: this.step.cpu, interrupt: 0 }, cell, this.step.before[cell], this.inMemory.get(cell));
  }

  private read(cell: number, value: number): void {
    const own = this.waiting[this.step.cpu].filter((s) => s.cell === cell).at(-1);
    this.readAs(this.agent(), cell, value, own ?? this.inMemory.get(cell));
  }

  private readAs(by: Agent, cell: number, value: number, from: Store | undefined): void {
    add(this.reads, this.step.index, { step: this.step.index, by, cell, value, from });
    if (from) this.needs(from.step);
  }

  private store(cell: number, old: number, value: number, visible: number): void {
    const store: Store = { step: this.step.index, by: this.agent(), cell, old, value, visible };
    add(this.stores, this.step.index, store);
    add(this.storesTo, cell, store);
    if (visible === Infinity) this.waiting[this.step.cpu].push(store);
    else this.inMemory.set(cell, store);
  }

  /** Something was written to memory: the oldest store that waits, or a store of this step. */
  private reachMemory(cell: number, old: number, value: number): void {
    const [oldest] = this.waiting[this.step.cpu];
    if (oldest?.cell !== cell || oldest.value !== value) return this.store(cell, old, value, this.step.index);
    this.waiting[this.step.cpu].shift();
    oldest.visible = this.step.index;
    oldest.old = old;
    this.inMemory.set(cell, oldest);
  }

  /** A spinlock is given back by a store that no effect tells of. */
  private syncBuffer(step: Step): void {
    const entries = this.machine.buffers.entries(step.after, step.cpu);
    for (const { cell, value } of entries.slice(this.waiting[step.cpu].length))
      this.store(cell, step.after[cell], value, Infinity);
  }

  /** What changed without being a word of memory: registers, TLBs, page frames. */
  private noteHardware({ index, before, after }: Step): void {
    const { layout: l } = this.machine;
    const note = (from: number, to: number) => {
      for (let at = from; at < to; at++) if (before[at] !== after[at]) this.defined.set(at, index);
    };
    for (let c = 0; c < l.cpuCount; c++) {
      note(l.cpu[c] + W.irqsOn, l.cpu[c] + W.size);
      note(l.tlb[c], l.tlb[c] + l.pcids.length * l.mms.length * l.slots);
    }
    for (const at of [...l.frames, ...l.mmFreed, ...l.pgdFreed]) note(at, at + 1);
  }

  private usesWord(at: number): void {
    const step = this.defined.get(at);
    if (step !== undefined) this.needs(step);
  }

  private needs(step: number): void {
    if (step === this.step.index) return;
    const of = this.dependsOn.get(this.step.index);
    if (of) of.add(step);
    else this.dependsOn.set(this.step.index, new Set([step]));
  }
}

/** A page-table entry whose frame was given back is marked (isOutlived): no store of anybody's. */
const isOutlivedMark = (e: { old: number; value: number }): boolean => e.value < 0 && e.value === -e.old;

function add<T>(to: Map<number, T[]>, key: number, value: T): void {
  const list = to.get(key);
  if (list) list.push(value);
  else to.set(key, [value]);
}
