/** Takes a running session's trace along a tour's script. */
import { moveCpu, type Move } from "../../machine/machine";
import { follow } from "../../trace/follow";
import type { Trace } from "../../trace/trace";
import { say } from "../say";

/**
 * Goes along the script as `follow` does. Checks that the machine allows each move, for the session may run another
 * text than
 * the tour does; then the trace stays where it was, and the reason is returned.
 */
export function adopt(trace: Trace, script: readonly Move[]): string | undefined {
  const stuck = follow(trace, script);
  return stuck === undefined ? undefined : say.notOnTheWay(stuck + 1, script.length, moveCpu(script[stuck]));
}
