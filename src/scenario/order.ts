/** Which scenario comes first: where none is named, where several do, and in lists. */
import type { Scenario } from "./scenario";

/** What is run where no other scenario is named: the question of the mail that TLBscope began with. */
export const DEFAULT_SCENARIO = "lazy-return";

/** How much a reader has to keep in mind: CPUs above all, then a hypervisor; the default scenario is the best known. */
function size({ id, cpus, mms, tasks, platform }: Scenario): number {
  const rest =
    id === DEFAULT_SCENARIO ? 0 : mms.length + tasks.length + cpus.reduce((sum, cpu) => sum + cpu.does.length, 0);
  return 100 * cpus.length + (platform === "xen" ? 50 : 0) + rest;
}

/** Compares two scenarios: those with less to keep in mind first. */
export const simplestFirst = (a: Scenario, b: Scenario): number => size(a) - size(b);

/** The world of workloads that is looked at first: the one that tells most. */
export const FIRST_WORLD = "two-cpus";
