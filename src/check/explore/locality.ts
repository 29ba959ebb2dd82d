/**
 * Partial-order reduction: which steps are local. A CPU's step on what only it uses is independent of all that other
 * CPUs do, of speculative fills, and of whole runs of interrupt handlers: both orders have the same effect. Such a step
 * alone is an ample set, so that a reduced search takes it together with the step before it (`chains.ts`).
 *
 * What only one CPU uses, and what is never written, is assumed (`assumptions.ts`).
 *
 * A step is visible to a question when it changes a cell that the question was evaluated from, or runs in a function
 * that the question is about. Visible steps are never local: a local step leaves every answer as it is, so that no
 * state with another answer is skipped.
 */
import type { Effect } from "../../machine/effects";
import { W } from "../../machine/layout";
import type { Machine, State } from "../../machine/machine";
import { Touched } from "../../machine/touched";
import type { Assumptions } from "./assumptions";
import { SHARED, type Parts } from "./parts";

/**
 * How an effect uses the cell that it names. "own": the cell is of this CPU's own part, whatever it is, or the effect
 * names none; what else such an effect changes, its hardware operation tells (`Touched`).
 */
const uses: Record<Effect["k"], "reads" | "writes" | "own"> = {
  read: "reads",
  write: "writes",
  buffer: "writes",
  lock: "writes",
  local: "own",
  fill: "own",
  branch: "own",
  call: "own",
  return: "own",
  action: "own",
  actionDone: "own",
  cr3: "own",
  flush: "own",
  broadcast: "own",
  synced: "own",
  ldt: "own",
  irqs: "own",
  switch: "own",
  sendVector: "own",
  sendCall: "own",
  eoi: "own",
  take: "own",
  iret: "own",
  awaited: "own",
  fence: "own",
  walk: "own",
  userRead: "own",
  alloc: "own",
  free: "own",
  hypervisorFlush: "own",
  bug: "own",
  warn: "own",
};

/** The footprint of one move of a CPU: what it reads and writes, and how many properties it violates. */
export class Footprint {
  violations = 0;
  /** What all moves so far came to rest on: indices into `Program.unknowns`. */
  readonly unknowns = new Set<number>();
  /** Bits of Touched. */
  private bits = 0;
  private cpu = 0;
  private start = 0;
  private end = 0;
  private reads: number[] = [];
  private writes: number[] = [];

  /**
   * What moves show is written to `learned`. Which steps are local is determined by `assumed`, which never changes
   * during a search: the same step has to be judged alike from beginning to end. Effects are passed on to `forward`.
   */
  constructor(
    private readonly machine: Machine,
    private readonly learned: Assumptions,
    private readonly assumed: Assumptions,
    private readonly forward: (e: Effect) => void,
  ) {}

  /** Begins the footprint of a move of CPU `c`. */
  begin(c: number): void {
    const { layout: l } = this.machine;
    this.cpu = c;
    this.start = l.cpu[c];
    this.end = l.cpu[c + 1] ?? l.size;
    this.violations = 0;
    this.reads.length = this.writes.length = 0;
    this.bits = 0;
  }

  violation(): void {
    this.violations++;
  }

  touched(bits: number): void {
    this.bits |= bits;
  }

  unknown(n: number): void {
    this.unknowns.add(n);
  }

  effect(e: Effect): void {
    const use = uses[e.k];
    if ("cell" in e && use === "reads") this.reads.push(e.cell);
    else if ("cell" in e && use === "writes") this.writes.push(e.cell);
    this.forward(e);
  }

  /** Did the move read or write another CPU's own block? A buffered store does so when it reaches memory. */
  get touchesOtherCpu(): boolean {
    return (
      (this.bits & Touched.foreign) !== 0 ||
      this.reads.some((cell) => this.isForeign(cell)) ||
      this.writes.some((cell) => this.isForeign(cell))
    );
  }

  /**
   * Did it read or write another CPU's part, as states are split into parts? Then its effect isn't determined by this
   * CPU's part and the shared one alone.
   */
  touchesOtherPart(parts: Parts): boolean {
    if (this.bits & Touched.far) return true;
    const beyond = (cell: number) => parts.owner[cell] !== SHARED && parts.owner[cell] !== this.cpu;
    return this.reads.some(beyond) || this.writes.some(beyond);
  }

  private isForeign(cell: number): boolean {
    return cell >= this.machine.layout.cpu[0] && (cell < this.start || cell >= this.end);
  }

  /** Takes back the assumptions that this move contradicts. */
  learn(): void {
    for (const cell of this.writes)
      if (cell < this.machine.layout.cpu[0]) this.learned.mark(this.learned.written, cell);
    for (const cells of [this.reads, this.writes])
      for (const cell of cells) if (this.isForeign(cell)) this.learned.mark(this.learned.exposed, cell);
  }

  /** Was this step local? `before` and `after` are the states around it. */
  isLocal(before: State, after: State): boolean {
    const { machine, assumed, bits: touched } = this;
    const { layout: l } = machine;
    const cpu = this.start;
    if (
      this.violations > 0 ||
      (touched & Touched.hardware) !== 0 ||
      this.touchesOtherCpu ||
      this.isVisible(before, after)
    )
      return false;
    // The beginning and the end of an action enter and leave user mode, and the panel shows them.
    if (
      before[cpu + W.fp] === 0 ||
      after[cpu + W.fp] === 0 ||
      machine.inUserMode(before, this.cpu) ||
      machine.inUserMode(after, this.cpu)
    )
      return false;
    // With interrupts on, a handler on this CPU could look at its memory in between.
    if ((touched & Touched.own) !== 0 && (before[cpu + W.irqsOn] !== 0 || after[cpu + W.irqsOn] !== 0)) return false;
    for (const cell of this.reads) if (cell < l.cpu[0] ? assumed.written[cell] : assumed.exposed[cell]) return false;
    for (const cell of this.writes)
      if (cell < l.cpu[0] ? (touched & Touched.shared) !== 0 : assumed.exposed[cell]) return false;
    return true;
  }

  /** Is the step visible to a question: may the answer differ after it? */
  private isVisible(before: State, after: State): boolean {
    const { observedCells, observedFunctions } = this.assumed;
    for (const cell of observedCells) if (before[cell] !== after[cell]) return true;
    return (
      observedFunctions.size > 0 &&
      [before, after].some((s) => this.machine.stack(s, this.cpu).some((f) => observedFunctions.has(f.fn.name)))
    );
  }
}
