/** Conditions, hit counts and log messages of breakpoints. */
import { evaluate, type FrameRef } from "../../machine/evaluate";
import type { Machine, State } from "../../machine/machine";

/** What a reader may attach to a breakpoint. */
export interface Attached {
  condition?: string;
  hitCondition?: string;
  logMessage?: string;
}

/** Does the n-th hit count? `5` and `==5` mean the fifth, `>3` from the fourth on, `%2` every second. */
export function countsHit(hitCondition: string | undefined, n: number): boolean | { error: string } {
  if (hitCondition === undefined || hitCondition.trim() === "") return true;
  const m = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d+)\s*$/.exec(hitCondition);
  if (!m)
    return { error: `"${hitCondition}" is no hit count: write a number, or one of ==, >, >=, <, <=, % and a number.` };
  const k = Number(m[2]);
  switch (m[1]) {
    case ">":
      return n > k;
    case ">=":
      return n >= k;
    case "<":
      return n < k;
    case "<=":
      return n <= k;
    case "%":
      return k > 0 && n % k === 0;
    default:
      return n === k;
  }
}

/** The CPU's innermost frame, in which conditions are evaluated. */
const topFrame = (machine: Machine, s: State, cpu: number): FrameRef | undefined => machine.stack(s, cpu)[0];

/** Does the condition hold on this CPU? */
export function holds(
  machine: Machine,
  s: State,
  cpu: number,
  condition: string | undefined,
): boolean | { error: string } {
  if (condition === undefined || condition.trim() === "") return true;
  const result = evaluate(machine, s, cpu, topFrame(machine, s, cpu), condition);
  return "error" in result
    ? { error: `The condition ${condition} can't be worked out: ${result.error}.` }
    : result.value !== 0;
}

/** A log message with each `{expression}` replaced by its value. */
export function logText(machine: Machine, s: State, cpu: number, message: string): string {
  return message.replace(/\{([^{}]+)\}/g, (_, text: string) => {
    const result = evaluate(machine, s, cpu, topFrame(machine, s, cpu), text);
    return "error" in result ? `{${text}: ${result.error}}` : result.shown;
  });
}
