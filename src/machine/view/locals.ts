/** Local variables as cells: a stack address, named and shown by the variable that lives there. */
import type { Local } from "../../kernel/ir";
import { formatValue } from "../cells";
import { FRAME, type Layout } from "../layout";
import type { LinkedFn } from "../link";
import type { Machine, State } from "../machine";

/** The cell of a parameter or local variable in a frame. */
export const localCell = (l: Layout, fn: LinkedFn, fp: number, local: Local): number =>
  local.global !== undefined
    ? l.globals.get(local.global)!
    : fp + (local.slot === undefined ? fn.aggregateAt[local.aggregate!] : FRAME.size + local.slot);

/** Variables of a frame's function that are in scope at its program counter. */
export function localsInScope(machine: Machine, fn: LinkedFn, pc: number): Local[] {
  const at = machine.program.places[machine.code.instrs[pc].src].start;
  const inScope = [...fn.params, ...fn.locals].filter((v) => at >= v.scope.start && at <= v.scope.end);
  // An inner variable hides an outer one of the same name.
  return inScope.filter((v, i) => !inScope.slice(i + 1).some((w) => w.name === v.name));
}

/**
 * Name of any cell: on a stack a local variable's, else the layout's. `cpu`'s own are named without their
 * CPU.
 */
export function cellName(machine: Machine, s: State, cell: number, cpu?: number): string {
  const found = localAt(machine, s, cell);
  return found ? found.name : machine.layout.cellName(cell, cpu);
}

/** A value as it would be shown in this cell. */
export function showIn(machine: Machine, s: State, cell: number, value: number): string {
  const found = localAt(machine, s, cell);
  if (!found) return machine.layout.format(cell, value);
  const { type } = found;
  return formatValue(type.k === "array" ? type.of : type, undefined, value, machine.layout);
}

function localAt(machine: Machine, s: State, cell: number): Local | undefined {
  const { layout: l } = machine;
  const c = l.stack.findIndex((at) => cell >= at && cell < at + l.stackWords);
  if (c < 0) return undefined;
  for (const f of machine.stack(s, c)) {
    if (cell < f.fp || cell >= f.fp + f.fn.frame) continue;
    return [...f.fn.params, ...f.fn.locals].find((v) => {
      const at = localCell(l, f.fn, f.fp, v);
      return cell >= at && cell < at + (v.slot === undefined ? l.sizeOf(v.type) : 1);
    });
  }
  return undefined;
}
