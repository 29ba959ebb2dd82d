/**
 * Partial-order reduction: which steps are local. A local step is independent of all that other CPUs can do before
 * it, of speculative fills, and of whole runs of interrupt handlers on its own CPU: both orders have the same effect.
 * Such a step alone is an ample set, so that a reduced search takes it together with the step before it (`chains.ts`).
 *
 * A step is local when it uses its CPU's registers and stack, and of memory only
 * - cells that no other CPU writes, or that it writes and no other CPU uses;
 * - cells whose accesses can't come in either order (`assumptions.ts`): when this step is about to come, no other CPU
 *   can make an access in conflict with it before it has come.
 * The second is what has to be proved. Suppose that it is wrong: that from the state where a chain begins, the other
 * CPUs, and the fills and handlers of this one, can go on to an access that conflicts with one of the chain's steps.
 * What comes before the first such access is independent of the chain, so that the same moves lead there from the end
 * of the chain, too, and the search comes to a state in which it is about to be made while this CPU still stands at the
 * chain's end. So each CPU's part has a note of what its last chain used (`history.ts`), and each move of another
 * CPU is compared with it: a conflict refutes the assumption.
 *
 * A step is visible to a question when it changes a cell that the question was evaluated from, or runs in a function
 * that the question is about. Visible steps are never local: a local step leaves every answer as it is, so that no
 * state with another answer is skipped.
 */
import type { Effect } from "../../machine/effects";
import { W } from "../../machine/layout";
import type { Machine, State } from "../../machine/machine";
import { moveCpu, MoveKind, moveKind, type Move } from "../../machine/move";
import { Touched } from "../../machine/touched";
import { readOf, writeOf, type Access } from "./access-sets";
import type { Assumptions } from "./assumptions";
import { SHARED, type Parts } from "./parts";

/**
 * How an effect uses the cell that it names. "own": the cell is of this CPU's own part, whatever it is, or the effect
 * names none; what else such an effect changes, its hardware operation tells (`Touched`).
 */
const uses: Record<Effect["k"], "reads" | "writes" | "buffers" | "locks" | "own"> = {
  read: "reads",
  write: "writes",
  buffer: "buffers",
  lock: "locks",
  // An access to an mm reads whether it was given back; this writes it.
  free: "writes",
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
  hypervisorFlush: "own",
  bug: "own",
  warn: "own",
};

/** The footprint of one move of a CPU: what it reads and writes, and how many properties it violates. */
export class Footprint {
  violations = 0;
  /** Would the step that `isLocal` was asked about last be local if it had read other values? */
  mayBeLocalElsewhere = false;
  /** What all moves so far came to rest on: indices into `Program.unknowns`. */
  readonly unknowns = new Set<number>();
  /** Bits of Touched. */
  private bits = 0;
  private cpu = 0;
  /** May an interrupt come before the step; and the frame of the handler that makes the move, or 0. */
  private interruptible = false;
  private handler = 0;
  private start = 0;
  private end = 0;
  private reads: number[] = [];
  /** What reaches memory by this move: also stores that have waited in the buffer. */
  private writes: number[] = [];
  /** Stores that wait in this CPU's buffer from now on. */
  private buffers: number[] = [];
  private locks: number[] = [];
  /** Cells that say of mms that were used whether they were given back. */
  private lives: number[] = [];
  /** Has it finished a function call for another CPU? That may go on then, and use again what the call was given. */
  private acknowledges = false;
  /** For each CPU the cells of its stack that another CPU uses, in ascending order. */
  private readonly sharedStack: readonly (readonly number[])[];
  /** For each cell of an mm the one that says whether it was given back; 0 for all other cells. */
  private readonly lifeOf: Int32Array;

  /**
   * What moves show is written to `learned`. Which steps are local is determined by `assumed`, which never changes
   * during a search: the same step has to be judged alike from beginning to end. Effects are passed on to `forward`.
   */
  constructor(
    private readonly machine: Machine,
    private readonly learned: Assumptions,
    private readonly assumed: Assumptions,
    private readonly forward: (e: Effect) => void,
  ) {
    const { layout: l } = machine;
    this.lifeOf = new Int32Array(l.size);
    l.mms.forEach((at, m) => this.lifeOf.fill(l.mmFreed[m], at, l.pgds[m]));
    this.sharedStack = l.stack.map((at) =>
      Array.from({ length: l.stackWords }, (_, i) => at + i).filter((cell) => assumed.exposed[cell]),
    );
  }

  /** Begins the footprint of a move from this state. */
  begin(s: State, m: Move): void {
    const { layout: l } = this.machine;
    const c = moveCpu(m);
    this.cpu = c;
    this.interruptible = moveKind(m) === MoveKind.step && s[l.cpu[c] + W.irqsOn] !== 0;
    this.handler = this.machine.handlerFrame(s, c);
    this.start = l.cpu[c];
    this.end = l.cpu[c + 1] ?? l.size;
    this.violations = 0;
    this.acknowledges = false;
    this.reads.length = this.writes.length = this.buffers.length = this.locks.length = this.lives.length = 0;
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
    this.forward(e);
    if (e.k === "iret" && e.from !== undefined) this.acknowledges = true;
    const use = uses[e.k];
    if (use === "own" || !("cell" in e) || e.cell === undefined) return;
    this[use].push(e.cell);
    const life = this.lifeOf[e.cell];
    if (life !== 0) this.lives.push(life);
  }

  /** The move is over. Calls, returns and plain variables on the stack are in no effect that names a cell of memory. */
  finish(before: State, after: State): void {
    for (const cell of this.sharedStack[this.cpu]) if (before[cell] !== after[cell]) this.writes.push(cell);
  }

  /** Does the stack of CPU `c` up to here hold what another CPU uses? */
  sharesStack(c: number, end: number): boolean {
    const [first] = this.sharedStack[c];
    return first !== undefined && first < end;
  }

  /**
   * Did it read or write another CPU's part, as states are split into parts? Then its effect isn't determined by this
   * CPU's part and the shared one alone.
   */
  touchesOtherPart(parts: Parts): boolean {
    if (this.bits & Touched.far) return true;
    const beyond = (cell: number) => parts.owner[cell] !== SHARED && parts.owner[cell] !== this.cpu;
    return this.reads.some(beyond) || this.writes.some(beyond) || this.locks.some(beyond);
  }

  /** Is what it did determined by this CPU's own part alone? Cells that nobody writes are the same in all states. */
  needsOwnPartAlone(parts: Parts): boolean {
    const own = (cell: number) => parts.owner[cell] === this.cpu;
    return (
      this.reads.every((cell) => own(cell) || this.assumed.writers[cell] === 0) &&
      this.lives.every((cell) => this.assumed.writers[cell] === 0) &&
      this.writes.every(own) &&
      this.locks.every(own)
    );
  }

  private isForeign(cell: number): boolean {
    return cell >= this.machine.layout.cpu[0] && (cell < this.start || cell >= this.end);
  }

  /** Takes back the assumptions that this move contradicts. */
  learn(): void {
    const { learned, cpu, handler } = this;
    for (const cell of this.reads) learned.noteRead(cell, cpu);
    for (const cell of this.lives) learned.noteRead(cell, cpu);
    for (const cell of this.writes) learned.noteWrite(cell, cpu);
    for (const cell of this.locks) learned.noteWrite(cell, cpu);
    // Who waits for a lock makes no access that could be seen to conflict.
    for (const cell of this.locks) learned.noteRace(cell);
    for (const cell of this.reads) if (this.isForeign(cell)) learned.noteForeign(cell);
    for (const cell of this.writes) if (this.isForeign(cell)) learned.noteForeign(cell);
    for (const cell of this.locks) if (this.isForeign(cell)) learned.noteForeign(cell);
    if (!this.interruptible && handler === 0) return;
    for (const cell of this.reads) this.learnContext(cell);
    for (const cell of this.writes) this.learnContext(cell);
    for (const cell of this.locks) this.learnContext(cell);
    for (const cell of this.buffers) this.learnContext(cell);
  }

  private learnContext(cell: number): void {
    if (this.interruptible) this.learned.noteInterruptible(cell, this.cpu);
    // What stands on the stack from its frame on is the handler's own.
    else if (cell < this.handler || cell >= this.end) this.learned.noteHandler(cell, this.cpu);
  }

  /** The same for a step that was tried to see whether it waits for a lock: it may be made later. */
  learnAttempt(): void {
    const { learned, cpu } = this;
    for (const list of [this.reads, this.locks])
      for (const cell of list) {
        learned.noteRead(cell, cpu);
        learned.noteRace(cell);
      }
  }

  /** Appends what it did with cells that several CPUs use. */
  addAccesses(to: Access[]): void {
    const { contended } = this.assumed;
    for (const cell of this.reads) if (contended[cell]) to.push(readOf(cell));
    for (const cell of this.lives) if (contended[cell]) to.push(readOf(cell));
    for (const cell of this.writes) if (contended[cell]) to.push(writeOf(cell));
    for (const cell of this.locks) if (contended[cell]) to.push(writeOf(cell));
  }

  /** Was this step local? `before` and `after` are the states around it. */
  isLocal(before: State, after: State): boolean {
    this.mayBeLocalElsewhere = false;
    if (!this.isIndependent()) return false;
    const { machine, cpu, start } = this;
    // The beginning and the end of an action enter and leave user mode, and the panel shows them.
    const isLocal =
      this.violations === 0 &&
      !this.acknowledges &&
      !this.isVisible(before, after) &&
      before[start + W.fp] !== 0 &&
      after[start + W.fp] !== 0 &&
      !machine.inUserMode(before, cpu) &&
      !machine.inUserMode(after, cpu);
    this.mayBeLocalElsewhere = !isLocal;
    return isLocal;
  }

  /** Is the step independent of all other moves, whatever the values that it reads make of it? */
  private isIndependent(): boolean {
    const { bits, interruptible } = this;
    if ((bits & (Touched.hardware | Touched.far)) !== 0) return false;
    // A handler on this CPU that comes in between may read CR3, and finds the buffer empty.
    if (interruptible && ((bits & Touched.registers) !== 0 || this.buffers.length > 0 || this.locks.length > 0))
      return false;
    return (
      this.reads.every((cell) => this.isOwnAffair(cell, false, interruptible)) &&
      this.lives.every((cell) => this.isOwnAffair(cell, false, false)) &&
      this.writes.every((cell) => this.isOwnAffair(cell, true, interruptible)) &&
      this.locks.every((cell) => this.isOwnAffair(cell, true, interruptible))
    );
  }

  /**
   * Was this store local, which reached memory at last? Its own CPU has seen it all the time, and an interrupt would
   * have brought it there, too.
   */
  isLocalDrain(before: State, after: State): boolean {
    return !this.isVisible(before, after) && this.writes.every((cell) => this.isOwnAffair(cell, true, false));
  }

  /** Can nobody else's access, between two of this CPU's steps, conflict with this one? */
  private isOwnAffair(cell: number, writes: boolean, interruptible: boolean): boolean {
    const { readers, writers, handlers, exposed, racy } = this.assumed;
    const others = ~(1 << this.cpu);
    if (!writes && writers[cell] === 0) return true;
    if (this.isForeign(cell) && !exposed[cell]) return false;
    if (interruptible && ((handlers[cell] >> this.cpu) & 1) !== 0) return false;
    if (!racy[cell]) return true;
    return ((writes ? readers[cell] | writers[cell] : writers[cell]) & others) === 0;
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
