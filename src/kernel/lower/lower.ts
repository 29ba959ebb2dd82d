/** The lowering of one function, for its parts: brings expressions, statements, places and calls together. */
import type { Expr, Node, Stmt } from "../syntax/tree/ast";
import type { CType } from "../ctype";
import type { Value } from "../ir";
import type { Symbols } from "../symbols/symbols";
import type { FunctionItem } from "../syntax/items";
import { FnBuilder } from "./builder";
import { callFunction, lowerCall, lowerCallPlace } from "./expressions/call";
import { ControlFlow } from "./statements/control-flow";
import { lowerExpr } from "./expressions/expr";
import { known } from "./expressions/known";
import type { Call, Lowering } from "./lowering";
import { MacroStack } from "./expressions/macro-stack";
import { ZERO, type Lvalue, type Operand } from "./expressions/operand";
import { reportSize, reportWide, type Output } from "./output";
import { elementOf, fieldOf, lowerPlace, percpuPlace } from "./expressions/place";
import { lowerStmt, lowerStmts } from "./statements/stmt";

/** Expressions within each other, macros expanded. */
const NESTING_LIMIT = 500;

export class Lower implements Lowering {
  readonly b: FnBuilder;
  readonly flow = new ControlFlow();
  readonly macros = new MacroStack();
  resultAt: Lvalue | undefined;
  barePerCpu = false;
  private nesting = 0;
  /** Bodies around whose statements are part of one step. */
  private withinSteps = 0;

  /** `addressed` names the variables whose address is taken. */
  constructor(
    readonly symbols: Symbols,
    readonly out: Output,
    item: FunctionItem,
    returns: CType,
    addressed?: ReadonlySet<string>,
  ) {
    this.b = new FnBuilder(item, returns, out.places, addressed);
  }

  begin(node: Node): void {
    if (this.withinSteps === 0) this.b.begin(node);
  }

  withinStep<T>(body: () => T): T {
    this.withinSteps++;
    const value = body();
    this.withinSteps--;
    return value;
  }

  stmt(s: Stmt): void {
    lowerStmt(this, s);
  }

  stmts(list: readonly Stmt[]): void {
    lowerStmts(this, list);
  }

  expr(e: Expr): Operand {
    const o = this.exact(e);
    if (o.wide !== undefined) reportWide(this.out, e);
    if (o.cells) reportSize(this.out, e);
    return o;
  }

  exact(e: Expr): Operand {
    if (this.nesting >= NESTING_LIMIT) {
      this.out.error(e, "Macros and expressions are nested too deeply here: it counts as 0.");
      return ZERO;
    }
    if (this.macros.tooMuch()) {
      if (this.macros.isFirstTooMuch())
        this.out.error(
          this.b.pinnedAt ?? e,
          `The macros of ${this.b.item.name}() expand to too much: from here on they do nothing.`,
        );
      return ZERO;
    }
    this.nesting++;
    const value = lowerExpr(this, e);
    this.nesting--;
    return value;
  }

  val(e: Expr): Value {
    return this.b.value(this.expr(e));
  }

  place(e: Expr): Lvalue {
    return lowerPlace(this, e);
  }

  known(e: Expr): number | undefined {
    return known(this, e);
  }

  call(e: Call): Operand {
    return lowerCall(this, e);
  }

  callPlace(e: Call): Lvalue | undefined {
    return lowerCallPlace(this, e);
  }

  callFunction(name: string, args: Value[]): Operand {
    return callFunction(this, name, args);
  }

  field(lv: Lvalue, field: string, node: Node): Lvalue {
    return fieldOf(this, lv, field, node);
  }

  element(lv: Lvalue, index: Value): Lvalue {
    return elementOf(this, lv, index);
  }

  percpu(e: Expr, cpu?: Value): Lvalue {
    return percpuPlace(this, e, cpu);
  }
}
