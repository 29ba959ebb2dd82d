/** Takes a trace along moves that were found elsewhere: a tour's script, or a counterexample. */
import type { Move } from "../machine/machine";
import type { Trace } from "./trace";

/**
 * Goes back to the scenario's start and along these moves. Where they agree with the recorded history it is kept;
 * where they don't it is forked, as by any other step of the reader's. Gives the index of the first move that the
 * machine doesn't allow; then the trace stays where it was.
 */
export function follow(trace: Trace, moves: readonly Move[]): number | undefined {
  const { machine } = trace;
  let state = trace.entry(0).state;
  for (const [i, m] of moves.entries()) {
    const known = i < trace.last ? trace.entry(i + 1) : undefined;
    const agrees = known?.cause.k === "move" && known.cause.move === m && trace.entry(i).state === state;
    if (!agrees && !machine.moves(state).includes(m)) return i;
    state = agrees ? known.state : machine.apply(state, m).state;
  }
  trace.goto(0);
  for (const m of moves) trace.step(m);
  return undefined;
}

/** Is the shown history a prefix of these moves? */
export function onTheWay(trace: Trace, moves: readonly Move[]): boolean {
  if (trace.cursor > moves.length) return false;
  for (let i = 0; i < trace.cursor; i++) {
    const { cause } = trace.entry(i + 1);
    if (cause.k !== "move" || cause.move !== moves[i]) return false;
  }
  return true;
}
