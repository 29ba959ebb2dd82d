/** C's operators on values and places: unary, binary, assignment, ++ and --. */
import type { Expr } from "../../syntax/tree/ast";
import { BOOL, FN, INT, ptr, type CType } from "../../ctype";
import { constant, num, type Value } from "../../ir";
import { copyStruct } from "./aggregates";
import { lowerTruth } from "./branch";
import { computeUnary, isComparison, isOperator, LONG, promoted } from "../../integers";
import { constantIs, constantOperand, converted, operate } from "./integers";
import type { Lowering } from "../lowering";
import { reportSize, reportWide } from "../output";
import { ZERO, type Operand } from "./operand";

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
    case "~":
    case "-":
    case "+": {
      const o = x.exact(e.e);
      if (o.cells) reportSize(x.out, e);
      const c = constantIs(o);
      if (c) return constantOperand(computeUnary(e.op, c));
      if (e.op === "!") return { v: x.b.bin("==", x.b.value(o), num(0)), t: BOOL };
      if (e.op === "-") return operate(x, e, "-", ZERO, o);
      return e.op === "~" ? { v: x.b.bin("^", x.b.value(o), num(-1)), t: promoted(o.t) } : { ...o, t: promoted(o.t) };
    }
  }
}

/** The address of a function, for callbacks. */
export function functionAddress(x: Lowering, name: string): Operand {
  x.out.useFunction(name);
  return { v: { k: "const", c: constant(0, { k: "fn", name }) }, t: ptr(FN) };
}

export function lowerBinary(x: Lowering, e: Expr & { k: "bin" }): Operand {
  if (e.op === "&&" || e.op === "||") return lowerTruth(x, e);
  const cast = typeOfCast(x, e);
  if (cast !== undefined) {
    const { l, r } = e;
    const type = { base: cast, pointers: 0, dims: [] };
    return x.expr({ ...e, k: "cast", type, e: { ...r, start: l.end, k: "unary", op: e.op as "-", e: r } });
  }
  const l = summed(x, x.exact(e.l));
  const r = summed(x, x.exact(e.r));
  if (isComparison(e.op)) {
    if (l.from) x.symbols.nameValue(l.from, e.r);
    if (r.from) x.symbols.nameValue(r.from, e.l);
  } else if (!isOperator(e.op)) {
    x.out.error(e, `TLBscope doesn't read the operator ${e.op}.`);
    return ZERO;
  }
  if (l.cells && r.cells && e.op === "/") return { v: x.b.bin("/", l.v, r.v), t: LONG };
  if (l.cells || r.cells) reportSize(x.out, e);
  return movePointer(x, e.op, l, r) ?? operate(x, e, e.op, l, r);
}

/** An operand without an offset that is still to be added. */
const summed = (x: Lowering, o: Operand): Operand => ({ ...o, v: x.b.value(o), off: undefined });

/** The grammar, which knows no types, takes `(u16)-1` for a difference: the type's name. */
function typeOfCast(x: Lowering, { op, l, r }: Expr & { k: "bin" }): string | undefined {
  if (l.k !== "id" || l.file.text[l.start] !== "(" || r.k === "bin" || !["-", "+", "*", "&"].includes(op))
    return undefined;
  const given = x.macros.argument(l.name) ?? l;
  const isType = given.k === "id" && x.b.lookup(given.name) === undefined && x.symbols.types.isTypeName(given.name);
  return isType ? given.name : undefined;
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
  const old = summed(x, x.b.load(lv));
  const r = summed(x, x.exact(e.r));
  const op = e.op.slice(0, -1);
  const sum = movePointer(x, op, old, r) ?? operate(x, e, op, old, r);
  if (r.cells) reportSize(x.out, e);
  if (sum.wide !== undefined) reportWide(x.out, e);
  const v = converted(x, sum.v, sum.t, lv.t);
  x.b.store(lv, v);
  return { v, t: old.t };
}

/** `++` and `--`. */
export function lowerStep(x: Lowering, e: Expr & { k: "step" }): Operand {
  const lv = x.place(e.e);
  const old = x.b.load(lv);
  const before = e.prefix ? undefined : keep(x, x.b.value(old));
  const op = e.op === "++" ? "+" : "-";
  const sum =
    old.t.k === "ptr"
      ? { v: x.b.bin(op, x.b.value(old), sizeOf(old.t.to)), t: old.t }
      : operate(x, e, op, old, { v: num(1), t: INT });
  const after = converted(x, sum.v, sum.t, lv.t);
  x.b.store(lv, after);
  return { v: before ?? after, t: old.t };
}

/** A value that stays as it is when its variable is assigned to. */
function keep(x: Lowering, v: Value): Value {
  if (v.k !== "slot") return v;
  const dst = x.b.newTemp();
  x.b.emit({ op: "move", dst, a: v });
  return dst;
}
