/** Points of the history that the reader can name. */
import { W } from "../../machine/layout";
import { moveCpu } from "../../machine/machine";
import type { Trace } from "../../trace/trace";

/** Index of the state in which this frame of a CPU's stack had just been entered. */
export function enteredAt(trace: Trace, cpu: number, fp: number, fn: string): number {
  const { machine } = trace;
  for (let i = trace.cursor; i > 0; i--) {
    const { cause, effects, state } = trace.entry(i);
    if (cause.k !== "move" || moveCpu(cause.move) !== cpu || state[machine.layout.cpu[cpu] + W.fp] !== fp) continue;
    const entered = effects.some((e) => ((e.k === "call" || e.k === "take") && e.fn === fn) || e.k === "action");
    if (entered && machine.stack(state, cpu)[0].fn.name === fn) return i;
  }
  return 0;
}
