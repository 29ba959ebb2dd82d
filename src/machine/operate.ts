/** What single instructions compute: LOCKed operations, and numbers of 64 bits. */
import { fitsCell, fold, foldLong, HIGHEST, LOWEST, type BinOp } from "../kernel/arithmetic";
import type { RmwOp } from "../kernel/ir";
import type { Observer } from "./effects";
import type { Linked } from "./link";

/** The new value of a cell; `expected` is what a compare-and-exchange asks it to hold. */
export function modify(f: RmwOp, old: number, a: number, expected = 0): number {
  switch (f) {
    case "add":
      return (old + a) | 0;
    case "setbit":
      return old | (1 << a);
    case "clearbit":
      return old & ~(1 << a);
    case "xchg":
      return a;
    case "or":
      return old | a;
    case "andnot":
      return old & ~a;
    case "cmpxchg":
      return old === expected ? a : old;
  }
}

/** Arithmetic on 64-bit numbers, or a comparison of such: what a cell can't hold is something unknown. */
export function operateLong(i: Linked, a: number, b: number, o: Observer): number {
  const f = i.f as BinOp;
  if (i.op === "compare") {
    if (isOutermost(i.else ? b : a)) o.unknown?.(i.to);
    return fold(f, a, b);
  }
  const v = foldLong(f, a, b);
  if (fitsCell(v)) return v | 0;
  if (i.else) return v > 0 ? HIGHEST : LOWEST;
  o.unknown?.(i.to);
  return v | 0;
}

const isOutermost = (n: number): boolean => n === HIGHEST || n === LOWEST;
