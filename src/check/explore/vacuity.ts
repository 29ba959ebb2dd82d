/**
 * Vacuity: a property of the form "whenever A, then B" holds vacuously when A never happens, and then says little. This
 * records whose antecedent was exercised; the verdict calls the others "never reached".
 */
import { propertyIds, type Effect, type PropertyId } from "../../machine/effects";
import type { Machine } from "../../machine/machine";

/** The most instructions, plain moves and jumps, that are followed from a branch to its BUG() or WARN. */
const LEAD = 16;

export class Vacuity {
  /** Properties whose antecedent happened; those two are about any state. */
  readonly exercised = new Set<PropertyId>(["oops", "deadlock"]);
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
    if (g & 1) this.exercised.add("bug");
    if (g & 2) this.exercised.add("warn");
  }

  userMode(): void {
    this.exercised.add("own-page-tables");
  }

  effect(e: Effect): void {
    switch (e.k) {
      case "bug":
        this.exercised.add("bug");
        return;
      case "warn":
        this.exercised.add("warn");
        return;
      case "userRead":
        this.exercised.add("stale-use");
        return;
      case "write":
        if (e.locked && this.countCells.has(e.cell)) this.exercised.add("counts");
        return;
      case "free":
        if (e.of === "frame" || e.of === "tables") this.exercised.add("stale-translation");
        if (e.of === "pgd" || e.of === "pin") this.exercised.add("page-tables-in-use");
        if (e.of === "mm") this.exercised.add("counts");
    }
  }

  /** Properties whose antecedent never happened. */
  vacuous(): PropertyId[] {
    return propertyIds.filter((p) => !this.exercised.has(p));
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
