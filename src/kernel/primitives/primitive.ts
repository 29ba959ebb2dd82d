/** An entry of the table of primitives: a function or macro of the kernel that TLBscope lowers itself. */
import type { Expr } from "../syntax/tree/ast";
import type { Lvalue, Operand } from "../lower/expressions/operand";
import type { Call, Lowering } from "../lower/lowering";

export interface Primitive {
  /** Every spelling, from all eras. */
  names: string[];
  /** What it does, in a line. */
  does: string;
  /** Where the kernel defines it. */
  where: string;
  /** Fewest arguments it makes sense with. */
  args?: number;
  /** Only on this platform; elsewhere the open files' own definition counts. */
  platform?: "native" | "xen";
  /** Stands in for a function or macro of the kernel only where no open file defines it. */
  fallback?: boolean;
  /** A field that it acts on: where no open file declares it, their own function is run. */
  assumes?: { struct: string; field: string };
  /** A fallback (as above) only under page table isolation, where the kernel's function does more. */
  unlessIsolated?: boolean;
  /** Its value where that doesn't depend on the state; `of` gives an argument's value in the same sense. */
  known?(x: Lowering, args: Expr[], of: (e: Expr) => number | undefined): number | undefined;
  /** As a value, or as a statement. */
  value?(x: Lowering, args: Expr[], call: Call): Operand;
  /** As a place that can be assigned to. One of the two is given. */
  place?(x: Lowering, args: Expr[], call: Call): Lvalue;
}
