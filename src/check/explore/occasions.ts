/**
 * When could a property have been broken? A property that holds because nothing that it speaks of ever happened says
 * little: the verdict calls it "never reached".
 */
import { propertyIds, type Effect, type PropertyId } from "../../machine/effects";
import type { Machine } from "../../machine/machine";

/** Steps of plain moves and jumps that lead from a branch to its BUG() or WARN at most. */
const LEAD = 16;

export class Occasions {
  readonly seen = new Set<PropertyId>(["oops", "deadlock"]);
  /** Per step start: 1 where the step may decide a BUG_ON's condition, 2 a WARN_ON's, 3 both. */
  private readonly guards: Uint8Array;
  private readonly countCells: Set<number>;

  constructor(machine: Machine) {
    this.guards = guardsOf(machine);
    this.countCells = new Set(
      machine.layout.cells.flatMap((c, i) =>
        c.key === "mm_struct.mm_count" || c.key === "mm_struct.mm_users" ? [i] : [],
      ),
    );
  }

  /** A step that begins at `pc` was taken. */
  step(pc: number): void {
    const g = this.guards[pc];
    if (g & 1) this.seen.add("bug");
    if (g & 2) this.seen.add("warn");
  }

  userMode(): void {
    this.seen.add("own-page-tables");
  }

  effect(e: Effect): void {
    switch (e.k) {
      case "bug":
        this.seen.add("bug");
        return;
      case "warn":
        this.seen.add("warn");
        return;
      case "userRead":
        this.seen.add("stale-use");
        return;
      case "write":
        if (e.locked && this.countCells.has(e.cell)) this.seen.add("counts");
        return;
      case "free":
        if (e.of === "frame" || e.of === "tables") this.seen.add("stale-translation");
        if (e.of === "pgd" || e.of === "pin") this.seen.add("page-tables-in-use");
        if (e.of === "mm") this.seen.add("counts");
    }
  }

  /** Properties of which nothing that they speak of has happened. */
  missing(): PropertyId[] {
    return propertyIds.filter((p) => !this.seen.has(p));
  }
}

function guardsOf({ code }: Machine): Uint8Array {
  const guards = new Uint8Array(code.instrs.length);
  const leadsTo = (pc: number): number => {
    for (let n = 0; n < LEAD; n++) {
      const i = code.instrs[pc];
      if (i?.op === "hw") return i.f === "bug" ? 1 : i.f === "warn" ? 2 : 0;
      if (i?.op === "jump") pc = i.to;
      else if (i?.op === "nop" || i?.op === "move" || i?.op === "bin") pc++;
      else return 0;
    }
    return 0;
  };
  let start = 0;
  code.instrs.forEach((i, pc) => {
    if (code.boundary[pc] || code.fnOf[pc]?.entry === pc) start = pc;
    if (i.op === "branch") guards[start] |= leadsTo(i.to) | leadsTo(i.else);
  });
  return guards;
}
