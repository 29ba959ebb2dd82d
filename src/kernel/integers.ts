/** Width and sign of integers: the type in which C computes, and what constants become in it. */
import { BOOL, INT, type CType } from "./ctype";

export const LONG: CType = { k: "int", role: "number", bits: 64 };

/** A constant with the type that it is computed with; `n` lies in that type's range. */
export interface Typed {
  n: bigint;
  t: CType;
}

export const isShift = (op: string): boolean => op === "<<" || op === ">>";
export const isComparison = (op: string): boolean => ["==", "!=", "<", ">", "<=", ">="].includes(op);
/** Do signed and unsigned numbers differ in this operator? */
export const differsBySign = (op: string): boolean => ["<", ">", "<=", ">=", "/", "%", ">>"].includes(op);

/** Is this an integer of 64 bits? A cell holds the lower 32 of it, and its sign. */
export const isLong = (t: CType): boolean => t.k === "int" && t.role === "number" && t.bits === 64;
/** An unsigned int: in a long it may be more than a cell holds. */
export const isUnsignedInt = (t: CType): boolean =>
  t.k === "int" && t.role === "number" && t.bits === 32 && t.unsigned === true;

/** The type in which a number takes part in arithmetic: an int at least (C standard, 6.3.1.1). */
export function promoted(t: CType): CType {
  return t.k === "int" && t.role === "number" && (t.bits ?? 0) >= 32 ? t : INT;
}

/** The type of `c ? a : b`: numbers have that in which both are computed with. */
export function ofBoth(a: CType, b: CType): CType {
  if (a.k === "ptr") return a;
  return isCounted(a) && isCounted(b) ? common(a, b) : b;
}

/** Is this a number that C computes with? */
export const isCounted = (t: CType): boolean => t.k === "int" && (t.role === "number" || t.role === "bool");

/** The type in which two numbers are computed with (C standard, 6.3.1.8). */
export function common(a: CType, b: CType): CType {
  const [l, r] = [promoted(a), promoted(b)];
  const [wl, wr] = [widthOf(l), widthOf(r)];
  if (wl !== wr) return wl > wr ? l : r;
  return isUnsigned(l) ? l : r;
}

const widthOf = (t: CType): number => (t.k === "int" ? (t.bits ?? 32) : 64);
export const isUnsigned = (t: CType): boolean => t.k === "int" && t.unsigned === true;

/** The bits of a type that is narrower than a cell, and how far its sign is from the cell's. */
export function narrowing(t: CType): { mask: number; shift: number } | undefined {
  if (t.k !== "int" || t.bits === undefined || t.bits >= 32) return undefined;
  return { mask: (1 << t.bits) - 1, shift: 32 - t.bits };
}

/** A cell's number as it is kept in a type: cut to its width, or true and false. */
export function valueIn(to: CType, n: number): number {
  if (to.k !== "int") return n;
  if (to.role === "bool") return +(n !== 0);
  const narrow = narrowing(to);
  if (!narrow) return n;
  return to.unsigned ? n & narrow.mask : (n << narrow.shift) >> narrow.shift;
}

/** A constant as it is kept in a type. */
export function constantIn(to: CType, n: bigint): Typed {
  if (to.k !== "int") return { n: BigInt.asIntN(64, n), t: to };
  if (to.role === "bool") return { n: n === 0n ? 0n : 1n, t: to };
  return { n: isUnsigned(to) ? BigInt.asUintN(widthOf(to), n) : BigInt.asIntN(widthOf(to), n), t: to };
}

/** The constant that a cell of this type holds with `n` in it. */
export const constantOf = (n: number, t: CType): Typed => constantIn(t, BigInt(n | 0));

/** A constant as a cell holds it; undefined when it takes more bits. */
export function inCell({ n, t }: Typed): number | undefined {
  const cell = BigInt.asIntN(32, n);
  return widthOf(t) <= 32 || cell === BigInt.asIntN(64, n) ? Number(cell) : undefined;
}

const operators = new Set(["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "&&", "||"]);
/** Is this an operator that `compute` knows? */
export const isOperator = (op: string): boolean => operators.has(op) || isComparison(op);

/** What an operator gives for two constants. Division by zero gives 0, as it does where the program runs. */
export function compute(op: string, a: Typed, b: Typed): Typed {
  const t = isShift(op) ? promoted(a.t) : common(a.t, b.t);
  const l = constantIn(t, a.n).n,
    r = isShift(op) ? b.n & (widthOf(t) === 64 ? 63n : 31n) : constantIn(t, b.n).n;
  const truth = (holds: boolean): Typed => ({ n: holds ? 1n : 0n, t: BOOL });
  switch (op) {
    case "+":
      return constantIn(t, l + r);
    case "-":
      return constantIn(t, l - r);
    case "*":
      return constantIn(t, l * r);
    case "/":
      return constantIn(t, r === 0n ? 0n : l / r);
    case "%":
      return constantIn(t, r === 0n ? 0n : l % r);
    case "&":
      return constantIn(t, l & r);
    case "|":
      return constantIn(t, l | r);
    case "^":
      return constantIn(t, l ^ r);
    case "<<":
      return constantIn(t, l << r);
    case ">>":
      return constantIn(t, l >> r);
    case "==":
      return truth(l === r);
    case "!=":
      return truth(l !== r);
    case "<":
      return truth(l < r);
    case ">":
      return truth(l > r);
    case "<=":
      return truth(l <= r);
    case ">=":
      return truth(l >= r);
    case "&&":
      return truth(l !== 0n && r !== 0n);
    case "||":
      return truth(l !== 0n || r !== 0n);
    default:
      throw new Error(`no operator of C: ${op}`);
  }
}

/** What a unary operator gives for a constant. */
export function computeUnary(op: "-" | "~" | "+" | "!", a: Typed): Typed {
  const t = promoted(a.t);
  if (op === "!") return { n: a.n === 0n ? 1n : 0n, t: BOOL };
  return constantIn(t, op === "-" ? -a.n : op === "~" ? ~a.n : a.n);
}
