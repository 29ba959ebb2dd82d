/** BUG, WARN, hints to the compiler, and the few queries with a constant answer. */
import type { Expr } from "../syntax/tree/ast";
import { BOOL, INT } from "../ctype";
import { constant, num } from "../ir";
import { branchOn } from "../lower/expressions/branch";
import type { Lowering } from "../lower/lowering";
import { ZERO } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

/** A bug or a warning where the condition holds; the value of a warning is whether it holds. */
function reportIf(x: Lowering, condition: Expr, f: "bug" | "warn") {
  const yes = x.b.label(),
    no = x.b.label();
  const held = f === "warn" ? x.b.newTemp() : undefined;
  if (held) x.b.emit({ op: "move", dst: held, a: num(0) });
  x.b.condition(yes);
  branchOn(x, condition, yes, no);
  x.b.mark(yes);
  x.b.hw(f, []);
  if (held) x.b.emit({ op: "move", dst: held, a: num(1) });
  x.b.mark(no);
  return { v: held ?? num(0), t: BOOL };
}

const hasDebugVm = (x: Lowering): boolean =>
  x.out.useSetting("CONFIG_DEBUG_VM", "option", x.symbols.config.get("CONFIG_DEBUG_VM") ?? 0) !== 0;

export const checkPrimitives: Primitive[] = [
  {
    names: ["BUG"],
    does: "The kernel stops here: this must never be reached.",
    where: "include/asm-generic/bug.h",
    value(x) {
      x.b.hw("bug", []);
      return ZERO;
    },
  },
  {
    names: ["BUG_ON"],
    does: "The kernel stops here if the condition holds.",
    where: "include/asm-generic/bug.h",
    args: 1,
    value: (x, [c]) => reportIf(x, c, "bug"),
  },
  {
    names: ["WARN_ON", "WARN_ON_ONCE", "WARN", "WARN_ONCE"],
    does: "The kernel complains if the condition holds, and goes on.",
    where: "include/asm-generic/bug.h",
    args: 1,
    value: (x, [c]) => reportIf(x, c, "warn"),
  },
  {
    names: ["VM_BUG_ON", "VM_BUG_ON_MM"],
    does: "With CONFIG_DEBUG_VM, as BUG_ON; else nothing.",
    where: "include/linux/mmdebug.h",
    args: 1,
    value: (x, [c]) => (hasDebugVm(x) ? reportIf(x, c, "bug") : ZERO),
  },
  {
    names: ["VM_WARN_ON", "VM_WARN_ON_ONCE", "VM_WARN", "VM_WARN_ONCE"],
    does: "With CONFIG_DEBUG_VM, as WARN_ON; else nothing.",
    where: "include/linux/mmdebug.h",
    args: 1,
    value: (x, [c]) => (hasDebugVm(x) ? reportIf(x, c, "warn") : ZERO),
  },
  {
    names: ["likely", "unlikely", "__builtin_expect"],
    does: "The condition itself; the rest is a hint to the compiler.",
    where: "include/linux/compiler.h",
    args: 1,
    value: (x, [c]) => x.expr(c),
  },
  {
    names: ["ARRAY_SIZE"],
    does: "How many elements the array has.",
    where: "include/linux/kernel.h",
    args: 1,
    value(x, [a]) {
      const lv = x.place(a);
      return { v: num(lv.t.k === "array" ? lv.t.n : 1), t: INT };
    },
  },
  {
    names: ["num_online_cpus", "num_possible_cpus"],
    does: "How many CPUs there are.",
    where: "include/linux/cpumask.h",
    value: () => ({ v: { k: "const", c: constant(0, { k: "cpuCount" }) }, t: INT }),
  },
  {
    names: ["cpu_online", "cpu_possible", "cpu_present"],
    does: "Is this CPU running? All of them are.",
    where: "include/linux/cpumask.h",
    value: () => ({ v: num(1), t: BOOL }),
  },
];
