/**
 * The lock of the reverse map: while reclaim holds it, the page tables in which it has found a page stay
 * (walkthroughs/environment.c). In a scenario in which no mm ends while pages are reclaimed nobody would ever wait for
 * it: there it isn't taken, and costs no states.
 */
import type { Instr } from "../kernel/ir";
import type { Action, Scenario } from "../scenario/scenario";

const holds: readonly Action["do"][] = ["reclaim", "global_asid"];
const frees: readonly Action["do"][] = ["exit", "exec", "munmap_table"];

/** A function's code as a scenario runs it: an mm leaves the reverse map only where somebody holds on to it. */
export const withRmapLock = (code: readonly Instr[], scenario: Scenario): Instr[] =>
  code.map((i) =>
    i.op === "hw" && i.f === "leave_rmap" && !needsRmapLock(scenario) ? { op: "nop", src: i.src, begins: i.begins } : i,
  );

/** Can page tables of this scenario be freed while somebody else needs them? */
export const needsRmapLock = ({ cpus }: Scenario): boolean => {
  const actions = cpus.flatMap((c) => c.does.map((d) => d.action.do));
  return actions.some((a) => holds.includes(a)) && actions.some((a) => frees.includes(a));
};
