/** What expressions are lowered to: values, and places that can be assigned to. */
import { INT, type CType } from "../../ctype";
import { num, type Const, type Value } from "../../ir";

/** A value with its C type. */
export interface Operand {
  v: Value;
  t: CType;
  /** A constant to be added to `v` (an address not yet summed up). */
  off?: Const;
  /** Which kind of cell it was read from (`tlb_state.state`), so that comparisons can name its values. */
  from?: string;
  /** The constant that this is, where a cell can't hold it: `v` has its lower 32 bits. */
  wide?: bigint;
  /** A size in cells, of a type whose size in bytes isn't known: two of them can be divided. */
  cells?: true;
  /** A pointer that was cast to a number: it is shown as what it is, and counted with as a number. */
  asNumber?: true;
  /** For a pointer into a constant table: what it points to, so that no load is needed. */
  points?: Value;
}

/** Something that can be assigned to: a register slot, or a cell of memory at `base` + `off`. */
export type Lvalue =
  | { k: "slot"; slot: number; t: CType }
  | {
      k: "mem";
      base: Value;
      off: Const;
      t: CType;
      key?: string;
      /** Part of something that no open file declares; there is a diagnostic already. */
      unknown?: true;
      /** A struct member that no open file declares, so that its type isn't known. */
      undeclared?: { struct: string; member: string };
    };

/** The number 0: the value of what can't be lowered or has none. */
export const ZERO: Operand = { v: num(0), t: INT };

/** The numbers that two values are, where both are known. */
export function constantsIn(a: Value, b: Value): [number, number] | undefined {
  const known = a.k === "const" && b.k === "const" && a.c.syms.length === 0 && b.c.syms.length === 0;
  return known ? [a.c.n, b.c.n] : undefined;
}
