/** C's operators on values and places: unary, binary, assignment, ++ and --. */
import type { Expr } from "../../syntax/tree/ast";
import { BOOL, FN, INT, isPacked, ptr, type CType } from "../../ctype";
import { constant, num, type Value } from "../../ir";
import { copyStruct } from "./aggregates";
import { lowerTruth } from "./branch";
import { common, converted, isShift, LONG, operatorFor, promoted } from "./integers";
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
    case "-": {
      const o = x.expr(e.e);
      const v = x.b.value(o);
      return { v: e.op === "~" ? x.b.bin("^", v, num(-1)) : x.b.bin("-", num(0), v), t: promoted(o.t) };
    }
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
  if (isCast(x, e)) {
    const { l, r } = e;
    const type = { base: l.name, pointers: 0, dims: [] };
    return x.expr({ ...e, k: "cast", type, e: { ...r, start: l.end, k: "unary", op: e.op as "-", e: r } });
  }
  // The upper bits of a mask are of no consequence: no number here has any.
  const operand = (of: Expr) => (e.op === "&" ? wideNumber(x, of) : undefined) ?? x.expr(of);
  const l = operand(e.l);
  const lv = x.b.value(l);
  const r = operand(e.r);
  const rv = x.b.value(r);
  const f = operatorFor(e.op, l.t, r.t);
  if (comparisons.has(e.op)) {
    if (l.from) x.symbols.nameValue(l.from, e.r);
    if (r.from) x.symbols.nameValue(r.from, e.l);
    return { v: x.b.bin(f, lv, rv), t: BOOL };
  }
  if (!arithmetic.has(e.op)) {
    x.out.error(e, `TLBscope doesn't read the operator ${e.op}.`);
    return ZERO;
  }
  const moved = movePointer(x, e.op, { ...l, v: lv }, { ...r, v: rv });
  if (moved) return moved;
  const t = isPacked(l.t) ? l.t : isPacked(r.t) ? r.t : isShift(e.op) ? promoted(l.t) : common(l.t, r.t);
  return { v: x.b.bin(f, lv, rv), t };
}

/** The grammar, which knows no types, takes `(u16)-1` for a difference. */
function isCast(x: Lowering, e: Expr & { k: "bin" }): e is Expr & { k: "bin"; l: { k: "id"; name: string } } {
  const { l, r } = e;
  if (l.k !== "id" || l.file.text[l.start] !== "(" || r.k === "bin" || !["-", "+", "*", "&"].includes(e.op))
    return false;
  return x.b.lookup(l.name) === undefined && !x.macros.argument(l.name) && x.symbols.types.isTypeName(l.name);
}

/** A number wider than a cell, or a macro that is one. */
function wideNumber(x: Lowering, e: Expr): Operand | undefined {
  if (e.k === "num" && e.wide) return { v: num(e.value), t: LONG };
  if (e.k !== "id" || x.b.lookup(e.name) || x.macros.argument(e.name)) return undefined;
  const macro = x.symbols.macro(e.name);
  const body = macro && !macro.params ? x.symbols.macroBody(macro) : [];
  return body.length === 1 && body[0].k === "expr" && body[0].e.k === "num" ? wideNumber(x, body[0].e) : undefined;
}

/** `p + n`, `n + p`, `p - n` in steps of what p points to, and `p - q` counted in such; undefined for numbers. */
function movePointer(x: Lowering, op: string, l: Operand, r: Operand): Operand | undefined {
  const left = pointee(l),
    right = pointee(r);
  if (op === "-" && left && right) return { v: x.b.bin("/", x.b.bin("-", l.v, r.v), sizeOf(left)), t: LONG };
  if (left && (op === "+" || op === "-")) return { v: x.b.bin(op, l.v, x.b.bin("*", r.v, sizeOf(left))), t: l.t };
  if (right && op === "+") return { v: x.b.bin("+", x.b.bin("*", l.v, sizeOf(right)), r.v), t: r.t };
  return undefined;
}

/** What a pointer points to; undefined for numbers, also for those that were cast from a pointer. */
const pointee = (o: Operand): CType | undefined => (o.t.k === "ptr" && !o.asNumber ? o.t.to : undefined);

const sizeOf = (type: CType): Value => ({ k: "const", c: constant(0, { k: "size", type }) });

export function lowerAssign(x: Lowering, e: Expr & { k: "assign" }): Operand {
  const lv = x.place(e.l);
  if (e.op === "=") {
    const r = x.expr(e.r);
    if (lv.t.k === "struct") {
      copyStruct(x, lv, r, e);
      return lv.k === "mem" ? x.b.load(lv) : ZERO;
    }
    const v = converted(x, x.b.value(r), r.t, lv.t);
    if (lv.k === "mem" && lv.key) x.symbols.nameValue(lv.key, e.r);
    x.b.store(lv, v);
    return { v, t: lv.t.k === "int" && lv.t.bits !== undefined ? lv.t : r.t };
  }
  const old = x.b.load(lv);
  const r = x.expr(e.r);
  const op = e.op.slice(0, -1);
  const [a, b] = [x.b.value(old), x.b.value(r)];
  const sum = movePointer(x, op, { ...old, v: a }, { ...r, v: b })?.v ?? x.b.bin(operatorFor(op, old.t, r.t), a, b);
  const v = converted(x, sum, INT, lv.t);
  x.b.store(lv, v);
  return { v, t: old.t };
}

/** `++` and `--`. */
export function lowerStep(x: Lowering, e: Expr & { k: "step" }): Operand {
  const lv = x.place(e.e);
  const old = x.b.load(lv);
  const before = e.prefix ? undefined : keep(x, x.b.value(old));
  const sum = x.b.bin(e.op === "++" ? "+" : "-", x.b.value(old), stride(old.t));
  const after = converted(x, sum, INT, lv.t);
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
