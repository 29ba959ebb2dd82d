/**
 * What a reduced search assumes of the machine's memory:
 * - that a cell is used by no other CPUs, and by no interrupt's handlers, than those that were seen to use it;
 * - that of two accesses of different CPUs to a cell, one of them a write, something else decides which comes first, as
 *   a lock does, or an acknowledgement that is waited for: no state allows both.
 * Both are assumed of every cell at first; an access that proves one wrong is learned, and the search begins again with
 * fewer assumptions. A search that ends without a refutation has proved those that it used (see locality.ts).
 */
import type { Machine } from "../../machine/machine";

/** All CPUs there could be. */
const ANYBODY = -1;

export class Assumptions {
  /** For each cell the CPUs that read it and write it: bit n for CPU n. */
  readonly readers: Int32Array;
  readonly writers: Int32Array;
  /** Those that use it in an interrupt's handler, and those that use it where an interrupt may come. */
  readonly handlers: Int32Array;
  readonly interruptible: Int32Array;
  /** Cells of CPUs' own blocks that another CPU uses, or that an invariant is read from: of all CPUs alike. */
  readonly exposed: Uint8Array;
  /** Cells that several CPUs use, one of them for writing; and all cells of the same kind. */
  readonly contended: Uint8Array;
  /** Of these, those whose accesses can come in either order; and all cells of the same kind. */
  readonly racy: Uint8Array;
  /** Cells that the reader's questions were evaluated from. */
  readonly observedCells: Set<number>;
  /** Functions in whose frames the reader's questions are evaluated. */
  readonly observedFunctions: Set<string>;
  /** Has an access contradicted an assumption since this was last set to false? */
  refuted = false;
  /** Was anything learned since this was last set to false, even if it contradicts nothing? */
  grown = false;
  /** The cells of each kind: the same member of all objects, so that what is learned of one CPU holds for its like. */
  private readonly kinds: ReadonlyMap<string, readonly number[]>;

  /** `of`: what an earlier search of the same machine has learned. */
  constructor(
    private readonly machine: Machine,
    of?: Assumptions,
  ) {
    const { layout: l, hidden, watched } = machine;
    this.kinds = of?.kinds ?? kindsOf(machine);
    this.readers = of?.readers.slice() ?? new Int32Array(l.size);
    this.writers = of?.writers.slice() ?? new Int32Array(l.size);
    this.handlers = of?.handlers.slice() ?? new Int32Array(l.size);
    this.interruptible = of?.interruptible.slice() ?? new Int32Array(l.size);
    this.exposed = of?.exposed.slice() ?? new Uint8Array(l.size);
    this.contended = of?.contended.slice() ?? new Uint8Array(l.size);
    this.racy = of?.racy.slice() ?? new Uint8Array(l.size);
    this.observedCells = new Set(of?.observedCells);
    this.observedFunctions = new Set(of?.observedFunctions);
    if (of) return;
    for (const cell of watched) this.expose(cell);
    for (const cell of [...watched, ...hidden.reads]) {
      this.readers[cell] = ANYBODY;
      this.racy[cell] = 1;
    }
    for (const cell of hidden.writes) {
      const { cpu } = l.cells[cell];
      // What belongs to no CPU is written at any moment, also between two steps of the CPU that reads it.
      this.writers[cell] = this.handlers[cell] = cpu === undefined ? ANYBODY : 1 << cpu;
      this.racy[cell] = 1;
    }
  }

  noteRead(cell: number, c: number): void {
    if ((this.readers[cell] >> c) & 1) return;
    this.readers[cell] |= 1 << c;
    this.grown = true;
    this.contend(cell);
  }

  noteWrite(cell: number, c: number): void {
    const { readers, writers } = this;
    if ((writers[cell] >> c) & 1) return;
    // Whoever was the only one to write it, and reads it, was sure of what it reads.
    if (this.racy[cell] && writers[cell] !== 0 && (readers[cell] & ~(1 << c)) !== 0) this.refuted = true;
    if (writers[cell] === 0 && (this.handlers[cell] & this.interruptible[cell]) !== 0) this.refuted = true;
    writers[cell] |= 1 << c;
    this.grown = true;
    this.contend(cell);
  }

  /** CPU `c` uses the cell in the handler of an interrupt. */
  noteHandler(cell: number, c: number): void {
    this.noteContext(this.handlers, this.interruptible, cell, c);
  }

  /** CPU `c` uses the cell where an interrupt may come before or after. */
  noteInterruptible(cell: number, c: number): void {
    this.noteContext(this.interruptible, this.handlers, cell, c);
  }

  private noteContext(here: Int32Array, there: Int32Array, cell: number, c: number): void {
    if ((here[cell] >> c) & 1) return;
    this.grown = true;
    for (const like of this.like(cell)) {
      here[like] |= this.inTheSameWay(cell, c, like);
      if (this.writers[like] !== 0 && (here[like] & there[like]) !== 0) this.refuted = true;
    }
  }

  /** Conflicting accesses to this cell can come in either order. */
  noteRace(cell: number): void {
    if (this.racy[cell]) return;
    for (const like of this.like(cell)) this.racy[like] = 1;
    this.refuted = true;
  }

  /** Another CPU uses this cell of a CPU's own block. */
  noteForeign(cell: number): void {
    if (this.exposed[cell]) return;
    this.expose(cell);
    this.refuted = true;
  }

  /** Marks the cell, and the same one of all other CPUs. */
  private expose(cell: number): void {
    const { cpu } = this.machine.layout;
    const own = cpu.filter((at) => at <= cell).at(-1)!;
    for (const at of cpu) this.exposed[at + cell - own] = 1;
  }

  /** A question was evaluated from this cell. */
  markObserved(cell: number): void {
    if (this.observedCells.has(cell)) return;
    this.observedCells.add(cell);
    this.refuted = true;
  }

  private contend(cell: number): void {
    const users = this.readers[cell] | this.writers[cell];
    if (this.contended[cell] || this.writers[cell] === 0 || (users & (users - 1)) === 0) return;
    for (const like of this.like(cell)) this.contended[like] = 1;
    this.refuted = true;
  }

  /** The CPUs, as bits, that use `like` in the way in which CPU `c` uses `cell`: as their own, or as another CPU's. */
  private inTheSameWay(cell: number, c: number, like: number): number {
    const { cells, cpuCount } = this.machine.layout;
    const owner = cells[like]?.cpu;
    const everyone = (1 << cpuCount) - 1;
    if (owner === undefined) return everyone;
    return cells[cell]?.cpu === c ? 1 << owner : everyone & ~(1 << owner);
  }

  private like(cell: number): readonly number[] {
    const key = this.machine.layout.cells[cell]?.key;
    return (key !== undefined && this.kinds.get(key)) || [cell];
  }
}

function kindsOf({ layout }: Machine): Map<string, number[]> {
  const kinds = new Map<string, number[]>();
  layout.cells.forEach(({ key }, cell) => {
    if (key === undefined) return;
    const list = kinds.get(key);
    if (list) list.push(cell);
    else kinds.set(key, [cell]);
  });
  return kinds;
}
