/**
 * Per-CPU variables and the number of this CPU. Plain loads and stores: only this CPU and its interrupts touch them,
 * unless per_cpu() names another.
 */
import { CPU, INT } from "../ctype";
import { num } from "../ir";
import { assigned, converted, operate } from "../lower/expressions/integers";
import { ZERO } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

const arith = (names: string[], op: string, does: string, one?: boolean): Primitive => ({
  names,
  does,
  where: "arch/x86/include/asm/percpu.h",
  args: one ? 1 : 2,
  value(x, [v, by], call) {
    const lv = x.percpu(v);
    const old = x.b.load(lv);
    const sum = operate(x, call, op, old, one ? { v: num(1), t: INT } : x.exact(by));
    const r = converted(x, sum.v, sum.t, lv.t);
    x.b.store(lv, r);
    return { v: r, t: old.t };
  },
});

export const percpuPrimitives: Primitive[] = [
  {
    names: [
      "percpu_read",
      "percpu_read_stable",
      "x86_read_percpu",
      "this_cpu_read",
      "__this_cpu_read",
      "this_cpu_read_stable",
      "raw_cpu_read",
      "read_pda",
    ],
    does: "Reads this CPU's copy of a per-CPU variable.",
    where: "arch/x86/include/asm/percpu.h (pda.h before 2.6.30)",
    args: 1,
    place: (x, [v]) => x.percpu(v),
  },
  {
    names: ["percpu_write", "x86_write_percpu", "this_cpu_write", "__this_cpu_write", "raw_cpu_write", "write_pda"],
    does: "Writes this CPU's copy of a per-CPU variable, by a plain store.",
    where: "arch/x86/include/asm/percpu.h (pda.h before 2.6.30)",
    args: 2,
    value(x, [v, a]) {
      const lv = x.percpu(v);
      if (lv.k === "mem" && lv.key) x.symbols.nameValue(lv.key, a);
      x.b.store(lv, assigned(x, a, lv.t));
      return ZERO;
    },
  },
  arith(
    ["percpu_add", "x86_add_percpu", "this_cpu_add", "__this_cpu_add", "raw_cpu_add"],
    "+",
    "Adds to this CPU's copy.",
  ),
  arith(["percpu_sub", "x86_sub_percpu", "this_cpu_sub", "__this_cpu_sub"], "-", "Subtracts from this CPU's copy."),
  arith(["percpu_and", "this_cpu_and", "__this_cpu_and"], "&", "Clears bits of this CPU's copy."),
  arith(["percpu_or", "x86_or_percpu", "this_cpu_or", "__this_cpu_or"], "|", "Sets bits of this CPU's copy."),
  arith(
    ["this_cpu_add_return", "__this_cpu_add_return", "raw_cpu_add_return"],
    "+",
    "Adds to this CPU's copy, and gives the new value.",
  ),
  arith(
    ["this_cpu_inc_return", "__this_cpu_inc_return"],
    "+",
    "Adds 1 to this CPU's copy, and gives the new value.",
    true,
  ),
  arith(
    ["this_cpu_dec_return", "__this_cpu_dec_return"],
    "-",
    "Subtracts 1 from this CPU's copy, and gives the new value.",
    true,
  ),
  arith(["percpu_inc", "this_cpu_inc", "__this_cpu_inc", "raw_cpu_inc"], "+", "Adds 1 to this CPU's copy.", true),
  arith(["percpu_dec", "this_cpu_dec", "__this_cpu_dec"], "-", "Subtracts 1 from this CPU's copy.", true),
  {
    names: ["per_cpu"],
    does: "The given CPU's copy of a per-CPU variable.",
    where: "include/asm-generic/percpu.h",
    args: 2,
    place: (x, [v, cpu]) => x.percpu(v, x.val(cpu)),
  },
  {
    names: ["per_cpu_ptr"],
    does: "The address of the given CPU's copy.",
    where: "include/linux/percpu.h",
    args: 2,
    value: (x, [v, cpu]) => x.b.addressOf(x.percpu(v, x.val(cpu))),
  },
  {
    names: ["__get_cpu_var", "get_cpu_var", "__raw_get_cpu_var"],
    does: "This CPU's copy of a per-CPU variable.",
    where: "include/asm-generic/percpu.h",
    args: 1,
    place: (x, [v]) => x.percpu(v),
  },
  {
    names: ["this_cpu_ptr", "__this_cpu_ptr", "raw_cpu_ptr", "get_cpu_ptr"],
    does: "The address of this CPU's copy.",
    where: "include/linux/percpu.h",
    args: 1,
    value: (x, [v]) => x.b.addressOf(x.percpu(v)),
  },
  {
    names: ["smp_processor_id", "raw_smp_processor_id", "__smp_processor_id", "safe_smp_processor_id", "get_cpu"],
    does: "This CPU's number.",
    where: "include/linux/smp.h",
    value: () => ({ v: { k: "cpu" }, t: CPU }),
  },
];
