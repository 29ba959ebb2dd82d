/** Operations on 64-bit numbers, of which cells hold the lower 32 bits and the sign: a run notes what doesn't fit. */
import { fitsCell, foldLong, type BinOp } from "../../arithmetic";
import { num, type Op, type Value } from "../../ir";
import type { FnBuilder } from "../builder";
import { constantsIn } from "./operand";

/** An arithmetic operation. `note`: what a run rests on where a cell can't hold the result. */
export function computeLong(b: FnBuilder, f: BinOp, l: Value, r: Value, note: number): Value {
  const known = constantsIn(l, r);
  if (known && fitsCell(foldLong(f, ...known))) return num(foldLong(f, ...known) | 0);
  const dst = b.newTemp();
  b.emit({ op: "bin", f, dst, a: l, b: r, wide: note });
  return dst;
}

/**
 * A comparison. What was computed for it alone need not fit: that it is beyond all that do is enough. So it is with a
 * constant on the side `beyond`, which stands for one that doesn't fit.
 */
export function compareLong(
  b: FnBuilder,
  f: BinOp,
  { l, r, beyond }: { l: Value; r: Value; beyond: "a" | "b" | undefined },
  note: number,
): Value {
  const [lOp, rOp] = [computedBy(b, l), computedBy(b, r)];
  if (!beyond && (lOp === undefined) === (rOp === undefined)) return b.bin(f, l, r);
  if (!beyond) (lOp ?? rOp)!.saturates = true;
  const dst = b.newTemp();
  b.emit({ op: "bin", f, dst, a: l, b: r, wide: note, beyond: beyond ?? (lOp ? "a" : "b") });
  return dst;
}

/** The instruction that computes this as a 64-bit number, if there is one and nothing uses the number so far. */
function computedBy({ code }: FnBuilder, v: Value): (Op & { op: "bin" }) | undefined {
  if (v.k !== "temp") return undefined;
  for (let at = code.length - 1; at >= 0; at--) {
    const i = code[at];
    if ("dst" in i && i.dst === v) return i.op === "bin" && i.wide !== undefined && !i.beyond ? i : undefined;
    if (Object.values(i).some((part) => part === v || (Array.isArray(part) && part.includes(v)))) return undefined;
  }
  return undefined;
}
