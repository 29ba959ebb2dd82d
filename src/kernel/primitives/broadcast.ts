/**
 * Flushes that the processors broadcast themselves: AMD's INVLPGB and TLBSYNC (kernels from 6.15 on), and the bitmaps
 * in which the kernel keeps the PCIDs for them.
 */
import type { Expr } from "../syntax/tree/ast";
import { INT, MASK } from "../ctype";
import { num, type Value } from "../ir";
import type { Lowering } from "../lower/lowering";
import { ZERO, type Lvalue } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

const where = "arch/x86/include/asm/tlb.h";
const bitops = "include/linux/bitmap.h, find.h";
const bitsAt = (x: Lowering, e: Expr): Lvalue => x.b.deref(x.expr(e), MASK);
/** Bits from `start` on. */
const from = (x: Lowering, start: Value): Value => x.b.bin("<<", num(-1), start);

const find = (names: string[], does: string, found: (x: Lowering, bits: Value) => Value): Primitive => ({
  names,
  does,
  where: bitops,
  args: 3,
  fallback: true,
  value(x, [map, size, start]) {
    const bits = found(x, x.b.value(x.b.load(bitsAt(x, map))));
    return { v: x.b.bin("first", x.b.bin("&", bits, from(x, x.val(start))), x.val(size)), t: INT };
  },
});

export const broadcastPrimitives: Primitive[] = [
  {
    names: ["__invlpgb"],
    does: "Has the TLBs of all CPUs drop translations by address, PCID or both, without waiting for them (INVLPGB).",
    where,
    args: 6,
    value(x, [, pcid, address, pages, large, flags]) {
      x.b.hw(
        "invlpgb",
        [flags, pcid, address, pages, large].map((e) => x.val(e)),
      );
      return ZERO;
    },
  },
  {
    names: ["__invlpgb_all"],
    does: "Has the TLBs of all CPUs drop the translations of one PCID or of all, without waiting for them (INVLPGB).",
    where,
    args: 3,
    value(x, [, pcid, flags]) {
      x.b.hw("invlpgb", [x.val(flags), x.val(pcid), num(0), num(1), num(0)]);
      return ZERO;
    },
  },
  {
    names: ["__tlbsync"],
    does: "Waits until every CPU has done what this CPU's INVLPGBs ask for (TLBSYNC).",
    where,
    value(x) {
      x.b.hw("tlbsync", []);
      return ZERO;
    },
  },
  {
    names: ["bitmap_andnot"],
    does: "The bits of one bitmap that aren't in another.",
    where: bitops,
    args: 3,
    fallback: true,
    value(x, [to, a, b]) {
      const left = x.b.value(x.b.load(bitsAt(x, a))),
        right = x.b.value(x.b.load(bitsAt(x, b)));
      x.b.store(bitsAt(x, to), x.b.bin("&", left, x.b.bin("^", right, num(-1))));
      return ZERO;
    },
  },
  {
    names: ["bitmap_clear"],
    does: "Clears a bitmap from one bit on; a bitmap has 32 bits here.",
    where: bitops,
    args: 3,
    fallback: true,
    value(x, [map, start, count]) {
      const n = x.val(count),
        at = x.val(start),
        place = bitsAt(x, map);
      const whole = n.k === "const" && n.c.syms.length === 0 && n.c.n >= 32;
      const bits = whole ? from(x, at) : x.b.bin("<<", x.b.bin("-", x.b.bin("<<", num(1), n), num(1)), at);
      x.b.store(place, x.b.bin("&", x.b.value(x.b.load(place)), x.b.bin("^", bits, num(-1))));
      return ZERO;
    },
  },
  find(["find_next_bit"], "The first bit that is set, from one on.", (_x, bits) => bits),
  find(["find_next_zero_bit"], "The first bit that is clear, from one on.", (x, bits) => x.b.bin("^", bits, num(-1))),
];
