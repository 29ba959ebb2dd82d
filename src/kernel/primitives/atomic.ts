/** Atomic counters, bits and exchanges (LOCKed on x86), fences, and accesses that the compiler must not merge. */
import { BOOL, INT } from "../ctype";
import { num, type RmwOp, type Value } from "../ir";
import type { Lowering } from "../lower/lowering";
import { ZERO } from "../lower/expressions/operand";
import type { Expr } from "../syntax/tree/ast";
import type { Primitive } from "./primitive";

const where = "arch/x86/include/asm/atomic.h";
/** `atomic_inc`, `atomic64_inc`, `atomic_long_inc`. */
const widths = (op: string) => ["atomic_", "atomic64_", "atomic_long_"].map((p) => p + op);
const cell = (x: Lowering, e: Expr) => x.b.deref(x.expr(e), INT);

type Answer = "nothing" | "new" | "newIsZero";
const add = (
  ops: string[],
  by: (x: Lowering, args: Expr[]) => [Expr, Value],
  answer: Answer,
  does: string,
  args: number,
): Primitive => ({
  names: ops.flatMap(widths),
  does,
  where,
  args,
  value(x, list) {
    const [at, amount] = by(x, list);
    const old = x.b.rmw("add", cell(x, at), amount, answer !== "nothing");
    if (answer === "nothing") return ZERO;
    const now = x.b.bin("+", old, amount);
    return answer === "new" ? { v: now, t: INT } : { v: x.b.bin("==", now, num(0)), t: BOOL };
  },
});
const one =
  (sign: number) =>
  (_x: Lowering, args: Expr[]): [Expr, Value] => [args[0], num(sign)];
const amount =
  (sign: number) =>
  (x: Lowering, args: Expr[]): [Expr, Value] => [
    args[1],
    sign > 0 ? x.val(args[0]) : x.b.bin("-", num(0), x.val(args[0])),
  ];

const bitmap = (names: string[], f: RmwOp, does: string, old: boolean): Primitive => ({
  names,
  does,
  where: "arch/x86/include/asm/bitops.h",
  args: 2,
  value(x, [nr, addr]) {
    const bit = x.val(nr);
    const was = x.b.rmw(f, cell(x, addr), bit, old);
    return old ? { v: x.b.bin("bit", was, bit), t: BOOL } : ZERO;
  },
});

const plainBit = (
  names: string[],
  does: string,
  change: (x: Lowering, old: Value, bit: Value) => Value,
): Primitive => ({
  names,
  does,
  where: "arch/x86/include/asm/bitops.h",
  args: 2,
  value(x, [nr, addr]) {
    const bit = x.b.bin("<<", num(1), x.val(nr)),
      at = cell(x, addr);
    x.b.store(at, change(x, x.b.value(x.b.load(at)), bit));
    return ZERO;
  },
});

export const atomicPrimitives: Primitive[] = [
  add(["inc"], one(1), "nothing", "Adds 1, LOCKed.", 1),
  add(["dec"], one(-1), "nothing", "Subtracts 1, LOCKed.", 1),
  add(["add"], amount(1), "nothing", "Adds, LOCKed.", 2),
  add(["sub"], amount(-1), "nothing", "Subtracts, LOCKed.", 2),
  add(["inc_return"], one(1), "new", "Adds 1, LOCKed, and gives the new value.", 1),
  add(["dec_return"], one(-1), "new", "Subtracts 1, LOCKed, and gives the new value.", 1),
  add(["add_return"], amount(1), "new", "Adds, LOCKed, and gives the new value.", 2),
  add(["dec_and_test"], one(-1), "newIsZero", "Subtracts 1, LOCKed; is it 0 now?", 1),
  add(["inc_and_test"], one(1), "newIsZero", "Adds 1, LOCKed; is it 0 now?", 1),
  add(["sub_and_test"], amount(-1), "newIsZero", "Subtracts, LOCKed; is it 0 now?", 2),
  {
    names: widths("read"),
    does: "Reads the counter, by a plain load.",
    where,
    args: 1,
    value: (x, [v]) => x.b.load(cell(x, v)),
  },
  {
    names: widths("set"),
    does: "Writes the counter, by a plain store.",
    where,
    args: 2,
    value(x, [v, a]) {
      x.b.store(cell(x, v), x.val(a));
      return ZERO;
    },
  },
  {
    names: ["xchg"],
    does: "Exchanges a value with memory; LOCKed even without the prefix.",
    where: "arch/x86/include/asm/cmpxchg.h",
    args: 2,
    value(x, [p, a]) {
      const at = x.expr(p);
      const lv = x.b.deref(at);
      return { v: x.b.rmw("xchg", lv, x.val(a), true), t: lv.t };
    },
  },
  bitmap(["set_bit"], "setbit", "Sets a bit, LOCKed.", false),
  bitmap(["clear_bit"], "clearbit", "Clears a bit, LOCKed.", false),
  plainBit(["__set_bit"], "Sets a bit, by a plain load and store.", (x, old, bit) => x.b.bin("|", old, bit)),
  plainBit(["__clear_bit"], "Clears a bit, by a plain load and store.", (x, old, bit) =>
    x.b.bin("&", old, x.b.bin("^", bit, num(-1))),
  ),
  bitmap(["test_and_set_bit"], "setbit", "Sets a bit, LOCKed, and gives the old one.", true),
  bitmap(["test_and_clear_bit"], "clearbit", "Clears a bit, LOCKed, and gives the old one.", true),
  {
    names: ["test_bit"],
    does: "Reads a bit.",
    where: "arch/x86/include/asm/bitops.h",
    args: 2,
    value: (x, [nr, addr]) => ({ v: x.b.bin("bit", x.b.value(x.b.load(cell(x, addr))), x.val(nr)), t: BOOL }),
  },
  {
    names: ["smp_mb", "mb", "smp_mb__after_atomic", "smp_mb__before_atomic", "smp_mb__after_spinlock"],
    does: "Waits until this CPU's stores are visible to all (MFENCE).",
    where: "arch/x86/include/asm/system.h (barrier.h from 3.4)",
    value(x) {
      x.b.hw("fence", []);
      return ZERO;
    },
  },
  {
    names: ["ACCESS_ONCE", "READ_ONCE"],
    does: "Reads or names a variable once, as written.",
    where: "include/linux/compiler.h",
    args: 1,
    place: (x, [v]) => x.place(v),
  },
  {
    names: ["smp_load_acquire"],
    does: "Reads what a pointer points to; on x86 a plain load.",
    where: "arch/x86/include/asm/barrier.h",
    args: 1,
    value: (x, [p]) => x.b.load(x.b.deref(x.expr(p))),
  },
  {
    names: ["smp_store_release"],
    does: "Writes what a pointer points to; on x86 a plain store.",
    where: "arch/x86/include/asm/barrier.h",
    args: 2,
    value(x, [p, a]) {
      const at = x.expr(p);
      x.b.store(x.b.deref(at), x.val(a));
      return ZERO;
    },
  },
  {
    names: ["smp_store_mb", "set_mb"],
    does: "Writes a variable and waits until all can see it (XCHG).",
    where: "arch/x86/include/asm/barrier.h",
    args: 2,
    value(x, [v, a]) {
      x.b.rmw("xchg", x.place(v), x.val(a), false);
      return ZERO;
    },
  },
  {
    names: ["WRITE_ONCE"],
    does: "Writes a variable once, by a plain store.",
    where: "include/linux/compiler.h",
    args: 2,
    value(x, [v, a]) {
      x.b.store(x.place(v), x.val(a));
      return ZERO;
    },
  },
];
