/** Sets of accesses to cells that several CPUs use, numbered: equal sets have the same number, the empty one has 0. */

/** An access: the cell, and in the lowest bit whether it writes. */
export type Access = number;
export const readOf = (cell: number): Access => 2 * cell;
export const writeOf = (cell: number): Access => 2 * cell + 1;

const cellOf = (a: Access): number => a >> 1;
const writes = (a: Access): boolean => (a & 1) !== 0;

/** What is known of two sets. */
const UNKNOWN = 0,
  NONE = 1,
  SOME = 2;

export class AccessSets {
  private readonly sets: (readonly Access[])[] = [[]];
  private readonly numbers = new Map<string, number>([["", 0]]);
  private readonly unions = new Map<string, number>();
  /** For each two sets, whether they conflict; `width` sets fit. */
  private known = new Uint8Array(64 * 64);
  private width = 64;

  /** The number of a set; the accesses may come in any order, and more than once. */
  of(accesses: readonly Access[]): number {
    if (accesses.length === 0) return 0;
    const set = [...new Set(accesses)].sort((a, b) => a - b);
    const name = set.join();
    let number = this.numbers.get(name);
    if (number === undefined) {
      this.numbers.set(name, (number = this.sets.push(set) - 1));
      if (number >= this.width) this.widen();
    }
    return number;
  }

  union(a: number, b: number): number {
    if (a === 0 || a === b) return b;
    if (b === 0) return a;
    const name = `${a},${b}`;
    let number = this.unions.get(name);
    if (number === undefined) this.unions.set(name, (number = this.of([...this.sets[a], ...this.sets[b]])));
    return number;
  }

  /** Do both use a cell, and one of them writes it? */
  conflict(a: number, b: number): boolean {
    const at = a * this.width + b;
    if (this.known[at] === UNKNOWN) this.known[at] = this.cellsOf(a, b).length > 0 ? SOME : NONE;
    return this.known[at] === SOME;
  }

  /** The cells on which they conflict. */
  cellsOf(a: number, b: number): number[] {
    const others = new Map<number, boolean>();
    for (const access of this.sets[b]) others.set(cellOf(access), others.get(cellOf(access)) || writes(access));
    return this.sets[a].flatMap((access) => {
      const other = others.get(cellOf(access));
      return other !== undefined && (other || writes(access)) ? [cellOf(access)] : [];
    });
  }

  private widen(): void {
    this.width *= 2;
    this.known = new Uint8Array(this.width * this.width);
  }
}
