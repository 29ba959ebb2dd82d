/** Is a CPU about to execute an anchor's statement? */
import { W } from "../../machine/layout";
import type { Machine, State } from "../../machine/machine";
import type { Found } from "../anchor/anchor";

/** A test for states: the CPU stands at the statement's beginning, or has just entered the function. */
export function standsAt(machine: Machine, cpu: number, { fn, statement }: Found): (s: State) => boolean {
  const at = machine.layout.cpu[cpu];
  const linked = machine.code.fns.get(fn.item.name);
  const pcs = new Set<number>();
  if (linked && statement) {
    for (let pc = linked.entry; pc < linked.entry + linked.code.length; pc++) {
      const place = machine.program.places[machine.code.instrs[pc].src];
      if (machine.code.begins[pc] && place.file === statement.file && place.start === statement.start) pcs.add(pc);
    }
  } else if (linked) pcs.add(linked.entry);
  return (s) => s[at + W.fp] !== 0 && pcs.has(s[at + W.pc]);
}

/** Can the machine get to this place at all: is its function part of what runs? */
export const runsIn = (machine: Machine, { fn }: Found): boolean => machine.code.fns.has(fn.item.name);
