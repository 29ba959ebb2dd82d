/** From a line of a file to the shortest run that gets there. */
import { search } from "../check/reach";
import { Lines } from "../debug/lines";
import type { Program } from "../kernel/ir";
import { W } from "../machine/layout";
import { Machine } from "../machine/machine";
import type { Scenario } from "../scenario/model";

export interface LineSearch {
  /** The line to stop at: the asked one, or the next one below with a step. */
  line: number;
  /** Moves of the shortest run on which some CPU comes to begin a statement there; undefined when there is none. */
  moves: number | undefined;
  /** Was every state visited that there is? */
  complete: boolean;
}

/** Milliseconds of searching between two turns of everything else. */
const slice = 20;

/**
 * Searches a scenario's executions for the line, or says why there is nothing to search for; undefined when `cancelled` said so.
 * Throws a LayoutError when the program can't be run.
 */
export async function searchLine(program: Program, scenario: Scenario, uri: string, line: number, maxStates: number, cancelled: () => boolean): Promise<LineSearch | { why: string } | undefined> {
  const machine = new Machine(program, scenario);
  const file = program.files.find((f) => f.uri === uri);
  if (!file) return { why: `${uri} takes no part in the program: it is not code of x86, or not of this tree.` };
  const found = new Lines(machine).nearest(file, line);
  if ("why" in found) return found;
  const { cpu } = machine.layout;
  const work = search(machine, machine.initial().state, (s) => cpu.some((c) => s[c + W.fp] !== 0 && found.pcs.has(s[c + W.pc])), { maxStates });
  for (let until = performance.now() + slice; ; ) {
    const { done, value } = work.next();
    if (done) return { line: found.line, ...("moves" in value ? { moves: value.moves.length, complete: true } : { moves: undefined, complete: value.complete }) };
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (cancelled()) return undefined;
    until = performance.now() + slice;
  }
}
