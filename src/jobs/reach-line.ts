/** From a line of a file to the shortest run that gets there. */
import { search } from "../check/search/reach";
import type { Program } from "../kernel/ir";
import { whyNotApplicable } from "../machine/requirements/applies";
import { evaluate } from "../machine/evaluate";
import { W } from "../machine/layout";
import { Lines } from "../machine/view/lines";
import { Machine } from "../machine/machine";
import { Refused } from "./refused";
import type { LineFound, ReachJob } from "./protocol";

/**
 * Searches a scenario's executions for the line, yielding the number of states, or says why there is nothing to search
 * for.
 */
export function* reachLine(
  program: Program,
  { scenario, uri, line, condition, maxStates }: ReachJob,
): Generator<number, LineFound | { why: string }> {
  const no = whyNotApplicable(program, scenario);
  if (no !== undefined) return { why: no };
  const machine = new Machine(program, scenario);
  const file = program.files.find((f) => f.uri === uri);
  if (!file) return { why: `${uri} takes no part in the program: it is not code of x86, or not of this tree.` };
  const found = new Lines(machine).nearest(file, line);
  if ("why" in found) return found;
  const { cpu } = machine.layout;
  // An expression may fail in some states (a null pointer) and be right in others; one that never works out is a
  // mistake.
  let mistake: string | undefined,
    worked = false;
  const holds = (s: Int32Array, c: number): boolean => {
    if (condition === undefined) return true;
    const result = evaluate(machine, s, c, machine.stack(s, c)[0], condition);
    if ("error" in result) {
      mistake = result.error;
      return false;
    }
    worked = true;
    return result.value !== 0;
  };
  const standsThere = (s: Int32Array): boolean =>
    cpu.some((at, c) => s[at + W.fp] !== 0 && found.pcs.has(s[at + W.pc]) && holds(s, c));
  const end = yield* search(machine, machine.initial().state, standsThere, {
    maxStates,
    fills: condition !== undefined,
  });
  if (!("moves" in end) && mistake !== undefined && !worked)
    throw new Refused(
      `The condition ${condition} can't be worked out on line ${found.line}: ${mistake.replace(/\.$/, "")}.`,
    );
  return { line: found.line, ...("moves" in end ? { moves: end.moves, complete: true } : { complete: end.complete }) };
}
