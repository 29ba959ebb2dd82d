/** Coverage: in how many states each line of the source is reached. */
import { positionAt } from "../../kernel/syntax/source";
import type { Machine } from "../../machine/machine";

export interface Coverage {
  /**
   * By file URI, then by line (from 1): in how many states a CPU stands on a statement of that line. Lines with code
   * that no state reaches have 0.
   */
  lines: Map<string, Map<number, number>>;
}

/** Sums up visits: `visits[c].get(p)` says in how many states CPU `c` was about to run instruction `p`. */
export function coverageOf(machine: Machine, visits: readonly Map<number, number>[]): Coverage {
  const lines: Coverage["lines"] = new Map();
  const add = (pc: number, n: number): void => {
    const place = machine.program.places[machine.code.instrs[pc].src];
    let file = lines.get(place.file.uri);
    if (!file) lines.set(place.file.uri, (file = new Map<number, number>()));
    const last = positionAt(place.file, Math.max(place.start, place.end - 1)).line;
    for (let line = positionAt(place.file, place.start).line; line <= last; line++)
      file.set(line, (file.get(line) ?? 0) + n);
  };
  for (let pc = 1; pc < machine.code.instrs.length; pc++) add(pc, 0);
  for (const cpu of visits) for (const [pc, n] of cpu) if (pc !== 0) add(pc, n);
  return { lines };
}

/** Adds up several searches, for instance of several scenarios on one program's files. */
export function joinCoverage(all: readonly Coverage[]): Coverage {
  const lines: Coverage["lines"] = new Map();
  for (const c of all)
    for (const [uri, file] of c.lines) {
      let sum = lines.get(uri);
      if (!sum) lines.set(uri, (sum = new Map<number, number>()));
      for (const [line, n] of file) sum.set(line, (sum.get(line) ?? 0) + n);
    }
  return { lines };
}
