import { search, type Goal, type NotReached, type Reached, type ReachOptions } from "../../src/check/search/reach";
import type { Machine } from "../../src/machine/machine";

/** The shortest execution of a machine's scenario to a state that `goal` accepts, in one go. */
export function reach(machine: Machine, goal: Goal, options?: ReachOptions): Reached | NotReached {
  const work = search(machine, machine.initial().state, goal, options);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
