/** Operations on integers with C's width and sign. Cells have 32 bits: what may need more is watched for in the run. */
import type { BinOp } from "../../arithmetic";
import { BOOL, isPacked, type CType } from "../../ctype";
import {
  common,
  compute,
  constantIn,
  constantOf,
  differsBySign,
  inCell,
  isComparison,
  isLong,
  isShift,
  isUnsigned,
  isUnsignedInt,
  narrowing,
  promoted,
  valueIn,
  type Typed,
} from "../../integers";
import { num, type Value } from "../../ir";
import type { Expr, Node } from "../../syntax/tree/ast";
import type { Lowering } from "../lowering";
import { reportWide } from "../output";
import { compareLong, computeLong } from "./long";
import type { Operand } from "./operand";

/** The constant that an operand is; undefined when it is none, or no number. */
export function constantIs(o: Operand): Typed | undefined {
  if (o.wide !== undefined) return { n: o.wide, t: o.t };
  if (o.v.k !== "const" || o.v.c.syms.length || o.off || o.t.k !== "int" || isPacked(o.t)) return undefined;
  return constantOf(o.v.c.n, o.t);
}

/** A constant as an operand: `wide` where a cell can't hold it. */
export function constantOperand(c: Typed): Operand {
  const n = inCell(c);
  return n === undefined ? { v: num(Number(BigInt.asIntN(32, c.n))), t: c.t, wide: c.n } : { v: num(n), t: c.t };
}

/** An operator on two numbers. `at` is where it stands. */
export function operate(x: Lowering, at: Node, op: string, l: Operand, r: Operand): Operand {
  const [a, b] = [constantIs(l), constantIs(r)];
  if (a && b) return constantOperand(compute(op, a, b));
  const t = isPacked(l.t) ? l.t : isPacked(r.t) ? r.t : isShift(op) ? promoted(l.t) : common(l.t, r.t);
  const f = (differsBySign(op) && isUnsigned(t) ? `${op}u` : op) as BinOp;
  if (isLong(t)) return operateLong(x, at, f, op, l, r, t);
  for (const o of [l, r]) if (o.wide !== undefined) reportWide(x.out, at);
  return { v: x.b.bin(f, x.b.value(l), x.b.value(r)), t: isComparison(op) ? BOOL : t };
}

/** The same on numbers of 64 bits: a run notes where the result doesn't fit into a cell. */
function operateLong(x: Lowering, at: Node, f: BinOp, op: string, l: Operand, r: Operand, t: CType): Operand {
  const note = x.out.noteWide(at);
  const widened = (o: Operand): Value => {
    const v = x.b.value(o);
    return isUnsignedInt(o.t) ? computeLong(x.b, "zext", v, num(0), note) : v;
  };
  if (op === "&" && (l.wide ?? r.wide) !== undefined) {
    // The mask's upper bits matter only where the number has some, which is where it is negative.
    const [mask, of] = l.wide !== undefined ? [l, r] : [r, l];
    return { v: x.b.bin("&", computeLong(x.b, "zext", widened(of), num(0), note), mask.v), t };
  }
  if (isComparison(op)) {
    const sides = { l: bound(l) ?? widened(l), r: bound(r) ?? widened(r) };
    const beyond = l.wide !== undefined ? "a" : r.wide !== undefined ? "b" : undefined;
    return { v: compareLong(x.b, f, { ...sides, beyond }, note), t: BOOL };
  }
  for (const o of [l, r]) if (o.wide !== undefined) reportWide(x.out, at);
  const a = widened(l);
  return { v: computeLong(x.b, f, a, isShift(op) ? x.b.value(r) : widened(r), note), t };
}

/** In a comparison a cell's outermost number stands for a constant that is wider: all others lie on the same side. */
function bound({ wide }: Operand): Value | undefined {
  if (wide === undefined) return undefined;
  return num(BigInt.asIntN(64, wide) > 0n ? 0x7fffffff : -0x80000000);
}

/** A value of type `from` as it is kept in type `to`: cut to its width, or true and false. */
export function converted(x: Lowering, v: Value, from: CType, to: CType): Value {
  if (to.k !== "int" || (from.k === "int" && sameInteger(from, to))) return v;
  if (v.k === "const" && v.c.syms.length === 0 && !isUnsignedInt(from)) return num(valueIn(to, v.c.n));
  if (to.role === "bool") return from.k === "int" && from.role === "bool" ? v : x.b.bin("!=", v, num(0));
  if (isLong(to) && isUnsignedInt(from))
    return computeLong(x.b, "zext", v, num(0), x.out.noteWide(x.b.here ?? x.b.item));
  const narrow = narrowing(to);
  if (!narrow || (from.k === "int" && from.role === "bool" && to.bits !== 1)) return v;
  if (to.unsigned) return x.b.bin("&", v, num(narrow.mask));
  return x.b.bin(">>", x.b.bin("<<", v, num(narrow.shift)), num(narrow.shift));
}

/** An expression's value as an assignment to a place of type `to` keeps it. */
export function assigned(x: Lowering, e: Expr, to: CType): Value {
  const o = x.expr(e);
  return converted(x, x.b.value(o), o.t, to);
}

type Integer = CType & { k: "int" };
const sameInteger = (a: Integer, b: Integer): boolean =>
  a.role === b.role && a.bits === b.bits && a.unsigned === b.unsigned;

/** An operand as it is kept in an integer type. */
export function convertedOperand(x: Lowering, o: Operand, to: CType): Operand {
  const c = constantIs(o);
  if (c && to.k === "int" && !isPacked(to)) return constantOperand(constantIn(to, c.n));
  const v = x.b.value(o);
  const kept = converted(x, v, o.t, to);
  return kept === v ? { ...o, t: to } : { v: kept, t: to };
}
