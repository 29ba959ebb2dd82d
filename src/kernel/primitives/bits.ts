/** Which bits of a number are set. Source: include/linux/bitops.h and asm-generic/bitops/. */
import { fold, type BinOp } from "../arithmetic";
import { INT } from "../ctype";
import { num, type Value } from "../ir";
import type { Primitive } from "./primitive";

/** Arithmetic on values of one kind: numbers that are known, or what the machine computes. */
type Bin<V> = (f: BinOp, a: V, b: V) => V;

/** The highest set bit is known by the bits at and below it, counted. */
function lastSet<V>(bin: Bin<V>, constant: (n: number) => V, v: V): V {
  for (const by of [1, 2, 4, 8, 16]) v = bin("|", v, bin(">>", v, constant(by)));
  return bin("weight", v, constant(0));
}

const entry = (
  names: string[],
  does: string,
  compute: <V>(bin: Bin<V>, constant: (n: number) => V, v: V) => V,
): Primitive => ({
  names,
  does,
  where: "include/linux/bitops.h",
  args: 1,
  fallback: true,
  known(_x, [e], of) {
    const v = of(e);
    return v === undefined ? undefined : compute(fold, (n) => n, v);
  },
  value: (x, [e]) => ({ v: compute<Value>((f, a, b) => x.b.bin(f, a, b), num, x.val(e)), t: INT }),
});

export const bitPrimitives: Primitive[] = [
  entry(
    ["fls", "fls64", "fls_long"],
    "The number of the highest set bit, counted from 1; 0 if there is none.",
    lastSet,
  ),
  entry(["__fls"], "The number of the highest set bit, counted from 0; there is one.", (bin, constant, v) =>
    bin("-", lastSet(bin, constant, v), constant(1)),
  ),
  entry(["ffs"], "The number of the lowest set bit, counted from 1; 0 if there is none.", (bin, constant, v) =>
    bin("+", bin("first", v, constant(-1)), constant(1)),
  ),
  entry(["__ffs", "__ffs64"], "The number of the lowest set bit, counted from 0; there is one.", (bin, constant, v) =>
    bin("first", v, constant(0)),
  ),
  entry(["ffz"], "The number of the lowest bit that isn't set, counted from 0.", (bin, constant, v) =>
    bin("first", bin("^", v, constant(-1)), constant(0)),
  ),
  entry(
    ["hweight8", "hweight16", "hweight32", "hweight64", "hweight_long"],
    "How many bits are set.",
    (bin, constant, v) => bin("weight", v, constant(0)),
  ),
];
