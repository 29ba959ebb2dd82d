/**
 * What an action asks of the task that does it: the machine offers a CPU that chooses for itself only what its task can
 * do. A script is followed action by action in scenario-meaning.ts.
 */
import type { Action } from "./scenario";

/**
 * `any`: also an idle task. `task`: no idle task, which belongs to its CPU for ever. `user`: a task that has an mm of
 * its own.
 */
export type Doer = "any" | "task" | "user";

export const doerOf: Record<Action["do"], Doer> = {
  schedule: "any",
  touch: "user",
  munmap: "user",
  munmap_table: "user",
  mmap: "user",
  reclaim: "any",
  exec: "task",
  global_asid: "any",
  exit: "user",
};
