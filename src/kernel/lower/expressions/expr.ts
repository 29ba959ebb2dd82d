/** Expressions as values. */
import type { Expr, Stmt } from "../../syntax/tree/ast";
import { INT, ptr, VOID } from "../../ctype";
import { constant, num } from "../../ir";
import { lowerLiteral } from "./aggregates";
import { lowerConditional } from "./branch";
import { converted } from "./integers";
import { isNoType } from "../statements/locals";
import type { Lowering } from "../lowering";
import { resolveType, sameType, typeOf } from "./lower-types";
import { expandMacro } from "./macros";
import { ZERO, type Operand } from "./operand";
import { reportWide } from "../output";
import { functionAddress, lowerAssign, lowerBinary, lowerStep, lowerUnary } from "./operators";
import { scoped } from "../statements/scopes";

export function lowerExpr(x: Lowering, e: Expr): Operand {
  switch (e.k) {
    case "num":
      if (e.wide) reportWide(x.out, e);
      return { v: num(e.value), t: e.type ? x.symbols.types.resolve({ base: e.type, pointers: 0, dims: [] }) : INT };
    case "str":
    case "type":
      return ZERO;
    case "id":
      return lowerName(x, e);
    case "unary":
      return lowerUnary(x, e);
    case "step":
      return lowerStep(x, e);
    case "bin":
      return lowerBinary(x, e);
    case "assign":
      return lowerAssign(x, e);
    case "cond":
      return lowerConditional(x, e);
    case "call":
      return x.call(e);
    case "member":
    case "index":
      return x.b.load(x.place(e));
    case "cast": {
      if (e.type.pointers === 0 && isNoType(x, e.type.base))
        x.out.error(e, `${e.type.base} is no type: an operator is missing behind it.`);
      const o = x.expr(e.e);
      const t = resolveType(x, e.type);
      // A pointer kept as an unsigned long is still worth showing as a pointer.
      if (t.k === "int" && o.t.k === "ptr" && t.role !== "bool") return { ...o, asNumber: true };
      if (t.k !== "int") return { ...o, t: t.k === "void" ? VOID : t, asNumber: undefined };
      const v = x.b.value(o);
      const kept = converted(x, v, o.t, t);
      return kept === v ? { ...o, t } : { v: kept, t };
    }
    case "sizeof":
      return {
        v: { k: "const", c: constant(0, { k: "size", type: e.type ? resolveType(x, e.type) : typeOf(x, e.e!) }) },
        t: INT,
      };
    case "comma":
      x.expr(e.l);
      return x.expr(e.r);
    case "stmts":
      return lowerStatementExpr(x, e.body);
    case "init":
      x.out.error(e, "An initializer list is read only where a variable is declared.");
      return ZERO;
    case "literal": {
      const made = lowerLiteral(x, e);
      return "v" in made ? made : x.b.load(made);
    }
    case "generic": {
      const of = typeOf(x, e.of);
      const choice =
        e.choices.find((c) => c.type && sameType(resolveType(x, c.type), of)) ?? e.choices.find((c) => !c.type);
      if (choice) return x.expr(choice.value);
      x.out.error(e, "No choice of this _Generic is for a value of this type.");
      return ZERO;
    }
    case "offsetof": {
      const t = resolveType(x, e.type);
      const place = x.field({ k: "mem", base: num(0), off: constant(0), t }, e.field, e);
      return { v: { k: "const", c: place.k === "mem" ? place.off : constant(0) }, t: INT };
    }
    case "bad":
      return ZERO;
  }
}

function lowerName(x: Lowering, e: Expr & { k: "id" }): Operand {
  const substituted = x.macros.argument(e.name);
  if (substituted) return x.macros.atUse(() => x.expr(substituted));
  const local = x.b.lookup(e.name);
  if (local) return x.b.load(x.place(e));
  const value = x.symbols.constantNamed(e.name);
  if (value) return value;
  const macro = x.symbols.macro(e.name);
  if (macro && !macro.params) return expandMacro(x, macro, [], e);
  if (x.symbols.variables.global(e.name)) return x.b.load(x.place(e));
  if (x.symbols.hasFunction(e.name)) return functionAddress(x, e.name);
  if (x.barePerCpu && x.symbols.variables.percpu(e.name)) return x.b.load(x.percpu(e));
  x.out.warnNotModelled(
    e.name,
    e,
    x.b.item.name,
    `${e.name} isn't declared in the open files: open the file that declares it. It counts as 0.`,
  );
  return ZERO;
}

/** `({ …; value; })`: its statements are part of the step around it. */
function lowerStatementExpr(x: Lowering, body: Stmt[]): Operand {
  const last = body.at(-1);
  const value = x.withinStep(() =>
    scoped(x, body, last?.end ?? 0, undefined, () => {
      x.stmts(last?.k === "expr" ? body.slice(0, -1) : body);
      return last?.k === "expr" ? x.expr(last.e) : ZERO;
    }),
  );
  return { ...value, t: value.t.k === "array" ? ptr(value.t.of) : value.t };
}
