/** Named values of the machine's memory, each with what it holds. */
import type { CType } from "../../kernel/ctype";
import { formatValue } from "../../machine/cells";
import type { FrameRef } from "../../machine/evaluate";
import { localCell, localsInScope } from "../../machine/view/locals";
import type { Simulation } from "../launch/simulation";
import { hasParts, partsOf, typeName } from "./c-type-text";

/** The machine, and the trace whose state is shown. */
type Memory = Pick<Simulation, "machine" | "trace">;

/** One line of the Variables view. */
export interface Item {
  name: string;
  value: string;
  type?: CType;
  /** Where it stands, if it can be set or watched. */
  cell?: number;
  /** Kind of cell, for its enumerators. */
  key?: string;
  /** C text that means it. */
  evaluateName?: string;
  /** What it holds. */
  children?: () => Item[];
}

/** A value of the machine's memory. */
export function memoryItem(
  { machine, trace }: Memory,
  name: string,
  type: CType,
  at: number,
  key?: string,
  evaluateName?: string,
): Item {
  const { layout: l } = machine;
  const value = trace.state[at];
  if (hasParts(type))
    return {
      name,
      value: type.k === "struct" && type.name !== "pgd" ? "{…}" : typeName(type),
      type,
      evaluateName,
      children: () => parts({ machine, trace }, type, at, evaluateName, "."),
    };
  const item: Item = {
    name,
    value: l.cells[at] ? l.format(at, value) : formatValue(type, key, value, l),
    type,
    cell: at,
    key: l.cells[at]?.key ?? key,
    evaluateName,
  };
  if (type.k === "ptr" && hasParts(type.to) && value > 0 && value < l.size)
    item.children = () => parts({ machine, trace }, type.to, value, evaluateName, "->");
  return item;
}

function parts(m: Memory, type: CType, at: number, evaluateName: string | undefined, access: "." | "->"): Item[] {
  const whole =
    evaluateName === undefined ? undefined : /^[\w.>()[\]-]+$/.test(evaluateName) ? evaluateName : `(${evaluateName})`;
  return partsOf(m.machine.layout, type, at).map((p) => {
    const text =
      whole === undefined || p.suffix === ""
        ? undefined
        : whole + (p.suffix.startsWith(".") && access === "->" ? `->${p.suffix.slice(1)}` : p.suffix);
    return memoryItem(m, p.name, p.type, p.at, p.key, text);
  });
}

/** Parameters and local variables in scope where a frame stands. */
export function localItems(sim: Memory, frame: FrameRef): Item[] {
  return localsInScope(sim.machine, frame.fn, frame.pc).map((v) =>
    memoryItem(sim, v.name, v.type, localCell(sim.machine.layout, frame.fn, frame.fp, v), undefined, v.name),
  );
}

/** What a pointer that the reader asked for points at, if that has parts to show. */
export function partsOfPointer(m: Memory, type: CType, value: number, text: string): (() => Item[]) | undefined {
  return type.k === "ptr" && hasParts(type.to) && value > 0 && value < m.machine.layout.size
    ? () => parts(m, type.to, value, text, "->")
    : undefined;
}
