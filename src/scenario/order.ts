/** Which scenario comes first: where none is named, where several do, and in lists. */
import type { Scenario } from "./model";

/** The mail's question: what is run where no other scenario is named. */
export const DEFAULT_SCENARIO = "lazy-return";

/** How much a reader has to keep in mind: CPUs above all, then a hypervisor. */
function size({ cpus, mms, tasks, platform }: Scenario): number {
  return 100 * cpus.length + (platform === "xen" ? 50 : 0) + mms.length + tasks.length + cpus.reduce((sum, cpu) => sum + cpu.does.length, 0);
}

/** Compares two scenarios: the default one first, then those with less to keep in mind. */
export function simplestFirst(a: Scenario, b: Scenario): number {
  return +(b.id === DEFAULT_SCENARIO) - +(a.id === DEFAULT_SCENARIO) || size(a) - size(b);
}
