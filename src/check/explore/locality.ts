/**
 * Which steps nobody else can tell apart from no step at all: a CPU's work on what only it uses. They commute with all
 * that other CPUs do, with speculative fills, and with whole runs of interrupt handlers, so that a reduced search takes
 * them at once, together with the step before (partial-order reduction; the ample set is one CPU's next step).
 *
 * What only one CPU uses, and what nobody ever writes, is assumed at first and learned: an access that proves an
 * assumption wrong ends the search, and it begins anew knowing better. A search that ends otherwise has met none.
 *
 * Who asks a question looks on too: a step that changes what an answer was read from, or goes on in a function that the
 * question is about, is taken by itself. Any other leaves the answer as it is, so that no state with another one is
 * passed by.
 */
import type { Effect } from "../../machine/effects";
import { W } from "../../machine/layout";
import type { Machine, State } from "../../machine/machine";
import { Touched } from "../../machine/touched";
import { SHARED, type Parts } from "./parts";

/** What was learned of a machine's memory. */
export class Learned {
  /** Cells that the scenario's steps write. */
  readonly written: Uint8Array;
  /** Cells of a CPU's own block that another CPU reads or writes, or tells by whether a promise is kept. */
  readonly exposed: Uint8Array;
  /** Cells that answers to questions were read from. */
  readonly asked: Set<number>;
  /** Functions in whose frames questions are asked. */
  readonly askedIn: Set<string>;
  /** Something was learned that contradicts what was assumed. */
  refuted = false;

  /** `of`: what was learned elsewhere of the same machine. */
  constructor({ layout, watched }: Machine, of?: Learned) {
    this.written = of?.written.slice() ?? new Uint8Array(layout.size);
    this.exposed = of?.exposed.slice() ?? new Uint8Array(layout.size);
    this.asked = new Set(of?.asked);
    this.askedIn = new Set(of?.askedIn);
    for (const cell of watched) this.exposed[cell] = 1;
  }

  note(cells: Uint8Array, cell: number): void {
    if (cells[cell]) return;
    cells[cell] = 1;
    this.refuted = true;
  }

  /** An answer was read from this cell. */
  noteAsked(cell: number): void {
    if (this.asked.has(cell)) return;
    this.asked.add(cell);
    this.refuted = true;
  }
}

/** Watches one move of CPU `c`: what it reads and writes, and whether it breaks a promise. */
export class Watch {
  broken = 0;
  /** Bits of Touched. */
  private bits = 0;
  private c = 0;
  private start = 0;
  private end = 0;
  private reads: number[] = [];
  private writes: number[] = [];

  /**
   * What moves show goes to `learned`; which steps are local is told by `assumed`, which stays as it is, so that it is
   * told alike all the time.
   */
  constructor(
    private readonly machine: Machine,
    private readonly learned: Learned,
    private readonly assumed: Learned,
    private readonly alsoTell: (e: Effect) => void,
  ) {}

  /** Begins to watch a move of CPU `c`. */
  begin(c: number): void {
    const { layout: l } = this.machine;
    this.c = c;
    this.start = l.cpu[c];
    this.end = l.cpu[c + 1] ?? l.size;
    this.broken = 0;
    this.reads.length = this.writes.length = 0;
    this.bits = 0;
  }

  violation(): void {
    this.broken++;
  }

  touched(bits: number): void {
    this.bits |= bits;
  }

  effect(e: Effect): void {
    if (e.k === "read") this.reads.push(e.cell);
    else if (e.k === "write" || e.k === "buffer" || e.k === "lock") this.writes.push(e.cell);
    this.alsoTell(e);
  }

  /** Did the move look at, or change, another CPU's own part? A store does so when it reaches memory. */
  get foreign(): boolean {
    return (
      (this.bits & Touched.foreign) !== 0 ||
      this.reads.some((cell) => this.isForeign(cell)) ||
      this.writes.some((cell) => this.isForeign(cell))
    );
  }

  /**
   * The same, where it is in another CPU's part as states are taken apart: then this CPU's part and the shared one
   * don't tell what comes of it.
   */
  looksBeyond(parts: Parts): boolean {
    if (this.bits & Touched.far) return true;
    const beyond = (cell: number) => parts.owner[cell] !== SHARED && parts.owner[cell] !== this.c;
    return this.reads.some(beyond) || this.writes.some(beyond);
  }

  private isForeign(cell: number): boolean {
    return cell >= this.machine.layout.cpu[0] && (cell < this.start || cell >= this.end);
  }

  /** Learns from the move that was watched. */
  learn(): void {
    for (const cell of this.writes)
      if (cell < this.machine.layout.cpu[0]) this.learned.note(this.learned.written, cell);
    for (const cells of [this.reads, this.writes])
      for (const cell of cells) if (this.isForeign(cell)) this.learned.note(this.learned.exposed, cell);
  }

  /** Was this a step that nobody else can tell apart from none? `before` and `after` are the states around it. */
  isLocal(before: State, after: State): boolean {
    const { machine, assumed, bits: touched } = this;
    const { layout: l } = machine;
    const cpu = this.start;
    if (this.broken > 0 || (touched & Touched.hardware) !== 0 || this.foreign || this.canBeSeen(before, after))
      return false;
    // The beginning and the end of an action change what user mode and the panel see.
    if (
      before[cpu + W.fp] === 0 ||
      after[cpu + W.fp] === 0 ||
      machine.inUserMode(before, this.c) ||
      machine.inUserMode(after, this.c)
    )
      return false;
    // With interrupts on, a handler on this CPU could look at its memory in between.
    if ((touched & Touched.own) !== 0 && (before[cpu + W.irqsOn] !== 0 || after[cpu + W.irqsOn] !== 0)) return false;
    for (const cell of this.reads) if (cell < l.cpu[0] ? assumed.written[cell] : assumed.exposed[cell]) return false;
    for (const cell of this.writes)
      if (cell < l.cpu[0] ? (touched & Touched.shared) !== 0 : assumed.exposed[cell]) return false;
    return true;
  }

  /** May a question have another answer after the step than before it? */
  private canBeSeen(before: State, after: State): boolean {
    const { asked, askedIn } = this.assumed;
    for (const cell of asked) if (before[cell] !== after[cell]) return true;
    return (
      askedIn.size > 0 && [before, after].some((s) => this.machine.stack(s, this.c).some((f) => askedIn.has(f.fn.name)))
    );
  }
}
