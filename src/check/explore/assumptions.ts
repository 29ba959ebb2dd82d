/**
 * What a reduced search assumes of the machine's memory: that a cell of a CPU's own block is used by that CPU alone,
 * and that a cell of shared memory is never written. Both are assumed of every cell at first; an access that proves one
 * wrong is learned, and the search begins again with fewer assumptions. A search that ends without a refutation has
 * proved those that it used.
 */
import type { Machine } from "../../machine/machine";

export class Assumptions {
  /** Cells that the scenario's steps write. */
  readonly written: Uint8Array;
  /** Cells of a CPU's own block that another CPU reads or writes, or that an invariant is read from. */
  readonly exposed: Uint8Array;
  /** Cells that the reader's questions were evaluated from. */
  readonly observedCells: Set<number>;
  /** Functions in whose frames the reader's questions are evaluated. */
  readonly observedFunctions: Set<string>;
  /** Has an access contradicted an assumption since this was last set to false? */
  refuted = false;

  /** `of`: what an earlier search of the same machine has learned. */
  constructor({ layout, watched }: Machine, of?: Assumptions) {
    this.written = of?.written.slice() ?? new Uint8Array(layout.size);
    this.exposed = of?.exposed.slice() ?? new Uint8Array(layout.size);
    this.observedCells = new Set(of?.observedCells);
    this.observedFunctions = new Set(of?.observedFunctions);
    for (const cell of watched) this.exposed[cell] = 1;
  }

  /** Takes back what was assumed of a cell: `cells` is `written` or `exposed`. */
  mark(cells: Uint8Array, cell: number): void {
    if (cells[cell]) return;
    cells[cell] = 1;
    this.refuted = true;
  }

  /** A question was evaluated from this cell. */
  markObserved(cell: number): void {
    if (this.observedCells.has(cell)) return;
    this.observedCells.add(cell);
    this.refuted = true;
  }
}
