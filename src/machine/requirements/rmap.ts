/**
 * Locks of page tables, as walkthroughs/environment.c takes them. That of the reverse map: while reclaim holds it, the
 * page tables in which it has found a page stay. In a scenario in which no mm ends while pages are reclaimed nobody
 * would ever wait for it: there it isn't taken, and costs no states.
 */
import type { Instr } from "../../kernel/ir";
import type { Action, Scenario } from "../../scenario/scenario";

const holds: readonly Action["do"][] = ["reclaim", "global_asid"];
const frees: readonly Action["do"][] = ["exit", "exec", "munmap_table"];

/** A function's code as a scenario runs it, without the operations on locks for which nobody would wait. */
export function withNeededLocks(code: readonly Instr[], scenario: Scenario): Instr[] {
  const left = [
    ...(needsRmapLock(scenario) ? [] : ["leave_rmap"]),
    ...(needsPageTableLock(scenario) ? [] : ["lock_ptes", "unlock_ptes"]),
  ];
  return code.map((i) => (i.op === "hw" && left.includes(i.f) ? { op: "nop", src: i.src, begins: i.begins } : i));
}

/**
 * Can an entry be changed while reclaim is between its load of it and its plain store? All others change entries by one
 * LOCKed operation, or (mmap) only where there is none.
 */
function needsPageTableLock({ cpus }: Scenario): boolean {
  const again = cpus.some((c) => c.actions !== undefined);
  const changes = cpus
    .flatMap((c) => c.does.map((d) => d.action))
    .filter((a) => a.do === "reclaim" || a.do === "munmap" || a.do === "munmap_table");
  return (again || changes.length > 1) && changes.some((a) => a.do === "reclaim" && a.pte === "store");
}

/** Can page tables of this scenario be freed while somebody else needs them? */
export const needsRmapLock = ({ cpus }: Scenario): boolean => {
  const actions = cpus.flatMap((c) => c.does.map((d) => d.action.do));
  return actions.some((a) => holds.includes(a)) && actions.some((a) => frees.includes(a));
};
