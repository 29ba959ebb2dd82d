/** Atomic counters, bits and exchanges (LOCKed on x86), fences, and accesses that the compiler must not merge. */
import { BOOL, INT, type CType } from "../ctype";
import { LONG } from "../integers";
import { num, type RmwOp, type Value } from "../ir";
import { assigned, operate } from "../lower/expressions/integers";
import type { Call, Lowering } from "../lower/lowering";
import { ZERO, type Operand } from "../lower/expressions/operand";
import type { Expr } from "../syntax/tree/ast";
import type { Primitive } from "./primitive";

const where = "arch/x86/include/asm/atomic.h";
/** The counters' types, by what their operations' names begin with: atomic64_t and atomic_long_t hold an s64. */
const counters: [prefix: string, type: CType][] = [
  ["atomic_", INT],
  ["atomic64_", LONG],
  ["atomic_long_", LONG],
];
type Of = (x: Lowering, args: Expr[], call: Call, counter: CType) => Operand;
/** `atomic_inc`, `atomic64_inc`, `atomic_long_inc`: entries for the same operation on each type of counter. */
const widths = (ops: string[], does: string, args: number, value: Of): Primitive[] =>
  [INT, LONG].map((counter) => ({
    names: counters.flatMap(([prefix, type]) => (type === counter ? ops.map((op) => prefix + op) : [])),
    does,
    where,
    args,
    value: (x, list, call) => value(x, list, call, counter),
  }));
const cell = (x: Lowering, e: Expr, t: CType = INT) => x.b.deref(x.expr(e), t);

/** The same in the weaker orders that x86 doesn't have: linux/atomic/atomic-arch-fallback.h. */
const inEveryOrder = (op: string): string[] => ["", "_relaxed", "_acquire", "_release"].map((order) => op + order);

type Answer = "nothing" | "old" | "new" | "newIsZero";
const add = (
  ops: string[],
  by: (x: Lowering, args: Expr[], call: Call, counter: CType) => [Expr, Value],
  answer: Answer,
  does: string,
  args: number,
): Primitive[] =>
  widths(ops, does, args, (x, list, call, t) => {
    const [at, amount] = by(x, list, call, t);
    const old = x.b.rmw("add", cell(x, at, t), amount, answer !== "nothing" || t === LONG);
    if (answer === "nothing" && t === INT) return ZERO;
    // Whether anybody asks for the sum or not, the counter has it: one that a cell can't hold is told of.
    const now = x.b.newTemp();
    x.b.emit({ op: "move", dst: now, a: operate(x, call, "+", { v: old, t }, { v: amount, t }).v });
    if (answer === "nothing") return ZERO;
    if (answer === "old") return { v: old, t };
    return answer === "new" ? { v: now, t } : operate(x, call, "==", { v: now, t }, { v: num(0), t: INT });
  });
const one =
  (sign: number) =>
  (_x: Lowering, args: Expr[]): [Expr, Value] => [args[0], num(sign)];
const amount =
  (sign: number) =>
  (x: Lowering, args: Expr[], call: Call, t: CType): [Expr, Value] => {
    const v = assigned(x, args[0], t);
    return [args[1], sign > 0 ? v : operate(x, call, "-", ZERO, { v, t }).v];
  };

/**
 * The cell that a bit is in. A bit has the same number in the low bytes of an unsigned long, which is what the
 * operations ask for: `(unsigned long *)&flags` of a shorter number names its bits.
 */
const bitsAt = (x: Lowering, e: Expr) => cell(x, e.k === "cast" && e.type.pointers === 1 ? e.e : e);

/** Bits that a cell has. */
const CELL_BITS = 32;

/** The number of a bit. One beyond a cell's rests on what isn't known: an unsigned long has 64 in C. */
function bitNumber(x: Lowering, nr: Expr, call: Call): Value {
  const bit = x.val(nr);
  const known = bit.k === "const" && bit.c.syms.length === 0 ? bit.c.n : undefined;
  if (known !== undefined && known >= 0 && known < CELL_BITS) return bit;
  const beyond = x.b.label(),
    done = x.b.label();
  x.b.emit({ op: "branch", a: x.b.bin("&", bit, num(~(CELL_BITS - 1))), then: beyond, else: done });
  x.b.mark(beyond);
  x.b.emit({ op: "unknown", n: x.out.noteWide(call) });
  x.b.mark(done);
  return bit;
}

const bitmap = (names: string[], f: RmwOp, does: string, old: boolean): Primitive => ({
  names,
  does,
  where: "arch/x86/include/asm/bitops.h",
  args: 2,
  value(x, [nr, addr], call) {
    const bit = bitNumber(x, nr, call);
    const was = x.b.rmw(f, bitsAt(x, addr), bit, old);
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
  value(x, [nr, addr], call) {
    const bit = x.b.bin("<<", num(1), bitNumber(x, nr, call)),
      at = bitsAt(x, addr);
    x.b.store(at, change(x, x.b.value(x.b.load(at)), bit));
    return ZERO;
  },
});

export const atomicPrimitives: Primitive[] = [
  ...add(["inc"], one(1), "nothing", "Adds 1, LOCKed.", 1),
  ...add(["dec"], one(-1), "nothing", "Subtracts 1, LOCKed.", 1),
  ...add(["add"], amount(1), "nothing", "Adds, LOCKed.", 2),
  ...add(["sub"], amount(-1), "nothing", "Subtracts, LOCKed.", 2),
  ...add(inEveryOrder("fetch_add"), amount(1), "old", "Adds, LOCKed, and gives the old value.", 2),
  ...add(inEveryOrder("fetch_sub"), amount(-1), "old", "Subtracts, LOCKed, and gives the old value.", 2),
  ...add(inEveryOrder("inc_return"), one(1), "new", "Adds 1, LOCKed, and gives the new value.", 1),
  ...add(inEveryOrder("dec_return"), one(-1), "new", "Subtracts 1, LOCKed, and gives the new value.", 1),
  ...add(inEveryOrder("add_return"), amount(1), "new", "Adds, LOCKed, and gives the new value.", 2),
  ...add(["dec_and_test"], one(-1), "newIsZero", "Subtracts 1, LOCKed; is it 0 now?", 1),
  ...add(["inc_and_test"], one(1), "newIsZero", "Adds 1, LOCKed; is it 0 now?", 1),
  ...add(["sub_and_test"], amount(-1), "newIsZero", "Subtracts, LOCKed; is it 0 now?", 2),
  ...widths(
    inEveryOrder("xchg"),
    "Exchanges the counter's value, LOCKed, and gives the old one.",
    2,
    (x, [v, a], _c, t) => ({
      v: x.b.rmw("xchg", cell(x, v, t), assigned(x, a, t), true),
      t,
    }),
  ),
  ...widths(
    inEveryOrder("cmpxchg"),
    "Sets the counter where it has the expected value, LOCKed, and gives the one that it had.",
    3,
    (x, [v, expected, a], _call, t) => ({
      v: x.b.compareAndExchange(cell(x, v, t), assigned(x, expected, t), assigned(x, a, t)),
      t,
    }),
  ),
  ...widths(["read"], "Reads the counter, by a plain load.", 1, (x, [v], _call, t) => x.b.load(cell(x, v, t))),
  ...widths(["set"], "Writes the counter, by a plain store.", 2, (x, [v, a], _call, t) => {
    x.b.store(cell(x, v, t), assigned(x, a, t));
    return ZERO;
  }),
  {
    names: ["xchg"],
    does: "Exchanges a value with memory; LOCKed even without the prefix.",
    where: "arch/x86/include/asm/cmpxchg.h",
    args: 2,
    value(x, [p, a]) {
      const at = x.expr(p);
      const lv = x.b.deref(at);
      return { v: x.b.rmw("xchg", lv, assigned(x, a, lv.t), true), t: lv.t };
    },
  },
  {
    names: ["cmpxchg"],
    does: "Puts a value in memory where it holds the expected one, LOCKed, and gives what it held.",
    where: "arch/x86/include/asm/cmpxchg.h",
    args: 3,
    value(x, [p, expected, a]) {
      const lv = x.b.deref(x.expr(p));
      return { v: x.b.compareAndExchange(lv, assigned(x, expected, lv.t), assigned(x, a, lv.t)), t: lv.t };
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
    value(x, [nr, addr], call) {
      const bit = bitNumber(x, nr, call);
      return { v: x.b.bin("bit", x.b.value(x.b.load(bitsAt(x, addr))), bit), t: BOOL };
    },
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
      const lv = x.b.deref(x.expr(p));
      x.b.store(lv, assigned(x, a, lv.t));
      return ZERO;
    },
  },
  {
    names: ["smp_store_mb", "set_mb"],
    does: "Writes a variable and waits until all can see it (XCHG).",
    where: "arch/x86/include/asm/barrier.h",
    args: 2,
    value(x, [v, a]) {
      const lv = x.place(v);
      x.b.rmw("xchg", lv, assigned(x, a, lv.t), false);
      return ZERO;
    },
  },
  {
    names: ["WRITE_ONCE"],
    does: "Writes a variable once, by a plain store.",
    where: "include/linux/compiler.h",
    args: 2,
    value(x, [v, a]) {
      const lv = x.place(v);
      x.b.store(lv, assigned(x, a, lv.t));
      return ZERO;
    },
  },
];
