/**
 * What lowering one function offers to its parts. Expressions, statements, calls and primitives need each other; they
 * know only this interface (an argument called `x` throughout), and lower.ts, which implements it, knows them all.
 */
import type { Expr, Node, Stmt } from "../syntax/tree/ast";
import type { Value } from "../ir";
import type { Symbols } from "../symbols/symbols";
import type { FnBuilder } from "./builder";
import type { ControlFlow } from "./statements/control-flow";
import type { MacroStack } from "./expressions/macro-stack";
import type { Lvalue, Operand } from "./expressions/operand";
import type { Output } from "./output";

export type Call = Expr & { k: "call" };

export interface Lowering {
  /** What names mean in the open files. */
  readonly symbols: Symbols;
  /** Where diagnostics go, and what the program uses. */
  readonly out: Output;
  /** The instructions of the function so far. */
  readonly b: FnBuilder;
  readonly flow: ControlFlow;
  readonly macros: MacroStack;
  /** Where the caller wants a structure returned, if the function returns one. */
  readonly resultAt: Lvalue | undefined;
  /**
   * In what a reader types, a per-CPU variable's bare name means this CPU's copy, as in a debugger of the real kernel.
   */
  readonly barePerCpu: boolean;

  /** Begins a step at `node`, unless the statements here are part of the present one. */
  begin(node: Node): void;
  /** Runs `body` with all its statements part of the present step. */
  withinStep<T>(body: () => T): T;

  stmt(s: Stmt): void;
  stmts(list: readonly Stmt[]): void;

  expr(e: Expr): Operand;
  /** The same where a constant that is wider than a cell can still be computed with (Operand.wide). */
  exact(e: Expr): Operand;
  /** The expression as one value that any instruction can read. */
  val(e: Expr): Value;
  /** The expression as a place that can be assigned to. */
  place(e: Expr): Lvalue;
  /** The expression's value where it doesn't depend on the state, as a compiler would know it. */
  known(e: Expr): number | undefined;

  call(e: Call): Operand;
  /** A call as a place, as in `per_cpu(x, cpu) = …`; undefined where it is none. */
  callPlace(e: Call): Lvalue | undefined;
  /** Calls a function of the open files with values that are already computed. */
  callFunction(name: string, args: Value[]): Operand;

  /** `place.field`, following anonymous members and the field's other names. */
  field(lv: Lvalue, field: string, node: Node): Lvalue;
  /** `array[index]`. */
  element(lv: Lvalue, index: Value): Lvalue;
  /** A per-CPU variable named by an expression like `cpu_tlbstate.active_mm`; this CPU's copy unless `cpu` is given. */
  percpu(e: Expr, cpu?: Value): Lvalue;
}
