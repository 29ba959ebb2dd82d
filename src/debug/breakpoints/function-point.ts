/** Functions of the program, by name. */
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import type { Machine } from "../../machine/machine";
import { didYouMean } from "../../scenario/suggest";

/** Where a function's first statement begins, or why there is none. */
export function functionPoint(
  machine: Machine,
  name: string,
): { pc: number; file: SourceFile; line: number } | { why: string } {
  const { code, program } = machine;
  const plain = name.trim().replace(/\(\s*\)$/, "");
  const fn = code.fns.get(plain);
  if (fn) {
    let pc = fn.entry;
    while (pc < fn.entry + fn.code.length - 1 && !code.begins[pc]) pc++;
    const place = program.places[code.instrs[pc].src];
    return { pc, file: place.file, line: positionAt(place.file, place.start).line };
  }
  return {
    why:
      `${plain}() takes no part in this simulation. ` +
      `${didYouMean(plain, [...code.fns.keys()], "The program has no functions.")}`,
  };
}
