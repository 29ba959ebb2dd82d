/** C's operators on values and places: unary, binary, assignment, ++ and --. */
import type { Expr } from "../../syntax/tree/ast";
import { BOOL, FN, INT, isPacked, ptr, type CType } from "../../ctype";
import { constant, num, type BinOp, type Value } from "../../ir";
import { copyStruct } from "./aggregates";
import { lowerTruth } from "./branch";
import type { Lowering } from "../lowering";
import { ZERO, type Operand } from "./operand";

const arithmetic = new Set(["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"]);
const comparisons = new Set(["==", "!=", "<", ">", "<=", ">="]);

export function lowerUnary(x: Lowering, e: Expr & { k: "unary" }): Operand {
  switch (e.op) {
    case "&": {
      if (
        e.e.k === "id" &&
        !x.b.lookup(e.e.name) &&
        !x.macros.argument(e.e.name) &&
        !x.symbols.variables.global(e.e.name) &&
        x.symbols.hasFunction(e.e.name)
      )
        return functionAddress(x, e.e.name);
      const lv = x.place(e.e);
      if (lv.k === "mem") return x.b.addressOf(lv);
      x.out.error(
        e,
        "The address of a plain local variable is taken: TLBscope keeps those in registers. Make it a static or " +
          "a struct member.",
      );
      return ZERO;
    }
    case "*":
      return x.b.load(x.b.deref(x.expr(e.e)));
    case "!":
      return { v: x.b.bin("==", x.val(e.e), num(0)), t: BOOL };
    case "~":
      return { v: x.b.bin("^", x.val(e.e), num(-1)), t: INT };
    case "-":
      return { v: x.b.bin("-", num(0), x.val(e.e)), t: INT };
    case "+":
      return x.expr(e.e);
  }
}

/** The address of a function, for callbacks. */
export function functionAddress(x: Lowering, name: string): Operand {
  x.out.useFunction(name);
  return { v: { k: "const", c: constant(0, { k: "fn", name }) }, t: ptr(FN) };
}

export function lowerBinary(x: Lowering, e: Expr & { k: "bin" }): Operand {
  if (e.op === "&&" || e.op === "||") return lowerTruth(x, e);
  const l = x.expr(e.l);
  const lv = x.b.value(l);
  const r = x.expr(e.r);
  const rv = x.b.value(r);
  if (comparisons.has(e.op)) {
    if (l.from) x.symbols.nameValue(l.from, e.r);
    if (r.from) x.symbols.nameValue(r.from, e.l);
    return { v: x.b.bin(e.op as BinOp, lv, rv), t: BOOL };
  }
  if (!arithmetic.has(e.op)) {
    x.out.error(e, `TLBscope doesn't read the operator ${e.op}.`);
    return ZERO;
  }
  if (l.t.k === "ptr" && r.t.k !== "ptr" && (e.op === "+" || e.op === "-")) {
    const size: Value = { k: "const", c: constant(0, { k: "size", type: l.t.to }) };
    return { v: x.b.bin(e.op, lv, x.b.bin("*", rv, size)), t: l.t };
  }
  return { v: x.b.bin(e.op as BinOp, lv, rv), t: isPacked(l.t) ? l.t : isPacked(r.t) ? r.t : INT };
}

export function lowerAssign(x: Lowering, e: Expr & { k: "assign" }): Operand {
  const lv = x.place(e.l);
  if (e.op === "=") {
    const r = x.expr(e.r);
    if (lv.t.k === "struct") {
      copyStruct(x, lv, r, e);
      return lv.k === "mem" ? x.b.load(lv) : ZERO;
    }
    const v = x.b.value(r);
    if (lv.k === "mem" && lv.key) x.symbols.nameValue(lv.key, e.r);
    x.b.store(lv, v);
    return { v, t: r.t };
  }
  const old = x.b.load(lv);
  const v = x.b.bin(e.op.slice(0, -1) as BinOp, x.b.value(old), x.val(e.r));
  x.b.store(lv, v);
  return { v, t: old.t };
}

/** `++` and `--`. */
export function lowerStep(x: Lowering, e: Expr & { k: "step" }): Operand {
  const lv = x.place(e.e);
  const old = x.b.load(lv);
  const before = e.prefix ? undefined : keep(x, x.b.value(old));
  const after = x.b.bin(e.op === "++" ? "+" : "-", x.b.value(old), stride(old.t));
  x.b.store(lv, after);
  return { v: before ?? after, t: old.t };
}

/** The amount that ++ and -- add: a pointer moves by what it points to. */
const stride = (t: CType): Value => ({
  k: "const",
  c: t.k === "ptr" ? constant(0, { k: "size", type: t.to }) : constant(1),
});

/** A value that stays as it is when its variable is assigned to. */
function keep(x: Lowering, v: Value): Value {
  if (v.k !== "slot") return v;
  const dst = x.b.newTemp();
  x.b.emit({ op: "move", dst, a: v });
  return dst;
}
