/** Functions of the program, by name. */
import { positionAt, type SourceFile } from "../kernel/source";
import type { Machine } from "../machine/machine";
import { didYouMean } from "../scenario/suggest";

/** Where a function's first statement begins, or why there is none. Function-like macros that hold steps count as functions. */
export function functionPoint(machine: Machine, name: string): { pc: number; file: SourceFile; line: number } | { why: string } {
  const { code, program } = machine;
  const plain = name.trim().replace(/\(\s*\)$/, "");
  const at = (pc: number) => {
    const place = program.places[code.instrs[pc].src];
    return { pc, file: place.file, line: positionAt(place.file, place.start).line };
  };
  const fn = code.fns.get(plain);
  if (fn) {
    let pc = fn.entry;
    while (pc < fn.entry + fn.code.length - 1 && !code.begins[pc]) pc++;
    return at(pc);
  }
  for (let pc = 1; pc < code.instrs.length; pc++) if (code.begins[pc] && program.places[code.instrs[pc].src].fn === plain) return at(pc);
  return { why: `${plain}() takes no part in this simulation. ${didYouMean(plain, [...code.fns.keys()], "The program has no functions.")}` };
}
