/** Takes a running session's trace along a tour's script. */
import { moveCpu, type Move } from "../machine/machine";
import type { Trace } from "../trace/trace";
import { say } from "./say";

/**
 * Goes back to the scenario's start and along these moves. The history that is there is kept where it agrees, and forked where
 * it doesn't, as any other step of the reader's would. Checks that the machine allows each move, for the session may run
 * another text than the tour does; then the trace stays where it was, and the reason is returned.
 */
export function adopt(trace: Trace, script: readonly Move[]): string | undefined {
  const { machine } = trace;
  let state = trace.entry(0).state;
  for (const [i, m] of script.entries()) {
    const known = i < trace.last ? trace.entry(i + 1) : undefined;
    const agrees = known?.cause.k === "move" && known.cause.move === m && trace.entry(i).state === state;
    if (!agrees && !machine.moves(state).includes(m)) return say.notOnTheWay(i + 1, script.length, moveCpu(m));
    state = agrees ? known.state : machine.apply(state, m).state;
  }
  trace.goto(0);
  for (const m of script) trace.step(m);
  return undefined;
}
