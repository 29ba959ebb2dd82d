/** How often a program's code uses each field of a per-CPU struct: what it looks at most is shown first. */
import type { Program } from "../../kernel/ir";

const counted = new WeakMap<Program, Map<string, number>>();

/**
 * Loads, stores and LOCKed operations on a CPU's own copy, in the program's text, by `struct.field`. What pointers
 * lead to isn't counted.
 */
export function usesOf(program: Program): ReadonlyMap<string, number> {
  let uses = counted.get(program);
  if (uses) return uses;
  uses = new Map();
  for (const fn of program.fns.values())
    for (const i of fn.code) {
      if ((i.op !== "load" && i.op !== "store" && i.op !== "rmw") || i.base.k !== "percpu") continue;
      const field = i.off.syms.flatMap((s) => (s.k === "field" ? [`${s.struct}.${s.field}`] : [])).at(-1);
      if (field !== undefined) uses.set(field, (uses.get(field) ?? 0) + 1);
    }
  counted.set(program, uses);
  return uses;
}
