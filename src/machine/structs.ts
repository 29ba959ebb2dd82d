/** Sizes of types and offsets of fields, in words of the state record; no addresses are needed for that. */
import type { CType } from "../kernel/ctype";
import type { Program } from "../kernel/ir";
import type { Scenario } from "../scenario/scenario";

/** The program and scenario can't be put together; the message says why and what to do. */
export class LayoutError extends Error {}

/** How many entries an mm's page tables have. */
export interface PageTableSize {
  /** User pages of an mm, at most. */
  pages: number;
  /** Does the scenario free page tables on their own? Then each mm with pages has one below its top-level table. */
  tables: boolean;
  /**
   * Entries that an mm's page tables and a TLB have for it: its pages, and after them (see `tables`) the page table
   * that maps them.
   */
  slots: number;
}

export function pageTableSize(scenario: Scenario): PageTableSize {
  const pages = Math.max(1, ...scenario.mms.map((m) => m.pages.length));
  const tables = scenario.cpus.some((c) => c.does.some((d) => d.action.do === "munmap_table"));
  return { pages, tables, slots: pages + (tables ? 1 : 0) };
}

/** How often pages can be mapped again, each time to a new frame. */
export const mostMmaps = ({ cpus }: Scenario): number =>
  cpus.reduce((sum, { does, actions }) => {
    const mmaps = does.filter((d) => d.action.do === "mmap").length;
    return sum + (actions === undefined ? mmaps : mmaps && actions);
  }, 0);

export class Structs {
  private readonly sizes = new Map<string, number>();

  /** `slots`: entries of a top-level page table (see PageTableSize). */
  constructor(
    private readonly program: Program,
    private readonly slots: number,
  ) {}

  /** Cells that a value of this type takes: scalars one, structs the sum of the fields that the program uses. */
  sizeOf(t: CType): number {
    if (t.k === "array") return t.n * this.sizeOf(t.of);
    if (t.k !== "struct") return 1;
    if (t.name === "pgd") return this.slots;
    let size = this.sizes.get(t.name);
    if (size === undefined) {
      this.sizes.set(t.name, 0); // a struct can't hold itself
      size = Math.max(
        1,
        [...(this.program.fields.get(t.name)?.values() ?? [])].reduce((n, f) => n + this.sizeOf(f), 0),
      );
      this.sizes.set(t.name, size);
    }
    return size;
  }

  /** Offset of a field in its struct, in cells. Throws a LayoutError when the program uses no such field. */
  offsetOf(structName: string, field: string): number {
    let offset = 0;
    for (const [name, type] of this.program.fields.get(structName) ?? []) {
      if (name === field) return offset;
      offset += this.sizeOf(type);
    }
    throw new LayoutError(`struct ${structName} has no field ${field} in this program.`);
  }

  /** Address of a field of the object at `base`, following a path of field names. */
  fieldAt(base: number, structName: string, path: readonly string[]): number {
    let at = base,
      name = structName;
    for (const field of path) {
      at += this.offsetOf(name, field);
      const t = this.program.fields.get(name)!.get(field)!;
      if (t.k === "struct") name = t.name;
    }
    return at;
  }
}
