/** Width and sign of integers: which operator C means, and what a value becomes in another type. */
import { fold } from "../../arithmetic";
import { INT, type CType } from "../../ctype";
import { num, type BinOp, type Value } from "../../ir";
import type { Lowering } from "../lowering";

export const LONG: CType = { k: "int", role: "number", bits: 64 };

export const isShift = (op: string): boolean => op === "<<" || op === ">>";

/** The type in which a number takes part in arithmetic: an int at least (C standard, 6.3.1.1). */
export function promoted(t: CType): CType {
  return t.k === "int" && t.role === "number" && (t.bits ?? 0) >= 32 ? t : INT;
}

/** The type in which two numbers are computed with (C standard, 6.3.1.8). */
export function common(a: CType, b: CType): CType {
  const [l, r] = [promoted(a), promoted(b)];
  const [wl, wr] = [widthOf(l), widthOf(r)];
  if (wl !== wr) return wl > wr ? l : r;
  return isUnsigned(l) ? l : r;
}

const widthOf = (t: CType): number => (t.k === "int" ? (t.bits ?? 32) : 64);
const isUnsigned = (t: CType): boolean => t.k === "int" && t.unsigned === true;

/** Do signed and unsigned numbers differ in this operator? */
export const differsBySign = (op: string): boolean => ["<", ">", "<=", ">=", "/", "%", ">>"].includes(op);

/** The operation that an operator means for operands of these types. */
export function operatorFor(op: string, l: CType, r: CType): BinOp {
  const t = isShift(op) ? promoted(l) : common(l, r);
  return (differsBySign(op) && isUnsigned(t) ? `${op}u` : op) as BinOp;
}

/** A value of type `from` as it is kept in type `to`: cut to its width, or true and false. */
export function converted(x: Lowering, v: Value, from: CType, to: CType): Value {
  if (to.k !== "int" || (from.k === "int" && sameInteger(from, to))) return v;
  if (v.k === "const" && v.c.syms.length === 0) return num(valueIn(to, v.c.n));
  if (to.role === "bool") return x.b.bin("!=", v, num(0));
  const narrow = narrowing(to);
  if (!narrow || (from.k === "int" && from.role === "bool" && to.bits !== 1)) return v;
  if (to.unsigned) return x.b.bin("&", v, num(narrow.mask));
  return x.b.bin(">>", x.b.bin("<<", v, num(narrow.shift)), num(narrow.shift));
}

type Integer = CType & { k: "int" };
const sameInteger = (a: Integer, b: Integer): boolean =>
  a.role === b.role && a.bits === b.bits && a.unsigned === b.unsigned;

/** A known value as it is kept in a type. */
export function valueIn(to: CType, n: number): number {
  if (to.k !== "int") return n;
  if (to.role === "bool") return +(n !== 0);
  const narrow = narrowing(to);
  if (!narrow) return n;
  return to.unsigned ? n & narrow.mask : fold(">>", n << narrow.shift, narrow.shift);
}

function narrowing(t: CType): { mask: number; shift: number } | undefined {
  if (t.k !== "int" || t.bits === undefined || t.bits >= 32) return undefined;
  return { mask: (1 << t.bits) - 1, shift: 32 - t.bits };
}
