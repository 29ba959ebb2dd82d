/** Gives objects their places in the state record, one after the other, and names their cells. */
import type { CType } from "../kernel/ctype";
import type { Program } from "../kernel/ir";
import { nameCells, type Cell } from "./cells";
import type { Structs } from "./structs";

/** A stretch of the record, `end` excluded. */
export interface Placed {
  start: number;
  end: number;
  name: string;
}

export class Placer {
  readonly cells: Cell[] = [];
  readonly objects: Placed[] = [];

  /** `at`: where the first object goes. */
  constructor(
    private at: number,
    private readonly program: Program,
    private readonly structs: Structs,
  ) {}

  /** Address of the next object. */
  get next(): number {
    return this.at;
  }

  /** Takes words for an object whose cells have no names, or get them elsewhere; gives its address. */
  take(size: number, name: string): number {
    this.objects.push({ start: this.at, end: this.at + size, name });
    this.at += size;
    return this.at - size;
  }

  /** Takes words for a value of this type, and names its cells after it; gives its address. */
  object(type: CType, name: string): number {
    const start = this.take(this.structs.sizeOf(type), name);
    nameCells(this.cells, start, type, name, this.program, (t) => this.structs.sizeOf(t));
    return start;
  }

  /** The same for CPU `cpu`'s copy of a per-CPU variable. */
  perCpu(type: CType, name: string, cpu: number): void {
    const start = this.take(this.structs.sizeOf(type), `CPU${cpu}'s ${name}`);
    nameCells(this.cells, start, type, name, this.program, (t) => this.structs.sizeOf(t), cpu);
  }

  /** Takes one word for a flag (or another number); gives its address. */
  word(object: string, cell: Cell): number {
    const at = this.take(1, object);
    this.cells[at] = cell;
    return at;
  }
}
