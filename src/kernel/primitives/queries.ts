/**
 * Questions that the compiler or the boot code has answered: configuration options, CPU features, static keys, what
 * the tree defines.
 */
import type { BinOp } from "../arithmetic";
import { byName } from "../by-name";
import type { Expr } from "../syntax/tree/ast";
import { BOOL, INT } from "../ctype";
import { constant, num, type Value } from "../ir";
import type { Lowering } from "../lower/lowering";
import { featureOf } from "../settings";
import type { Primitive } from "./primitive";

/** The name that an argument is, with macro parameters replaced and an `&` left out. */
function nameOf(x: Lowering, e: Expr): string | undefined {
  if (e.k === "unary" && e.op === "&") return nameOf(x, e.e);
  if (e.k !== "id") return undefined;
  const substituted = x.macros.argument(e.name);
  return substituted ? x.macros.atUse(() => nameOf(x, substituted)) : e.name;
}

const query = (
  names: string[],
  does: string,
  where: string,
  args: number,
  answer: (x: Lowering, args: Expr[]) => number,
): Primitive => ({
  names,
  does,
  where,
  args,
  known: answer,
  value: (x, list) => ({ v: num(answer(x, list)), t: BOOL }),
});

/** Options that arch/x86/Kconfig selects in some versions only, by the code that came with them. */
const selected: Record<string, (x: Lowering) => boolean> = byName({
  // From 6.16 on; activate_mm() is called with interrupts off then, and switches without switch_mm()'s own irq_save.
  CONFIG_ARCH_WANT_IRQS_OFF_ACTIVATE_MM: (x) =>
    /\bswitch_mm_irqs_off\b/.test(x.symbols.macro("activate_mm")?.body ?? ""),
});

const option = (x: Lowering, [e]: Expr[]): number => {
  const name = nameOf(x, e) ?? "";
  const value = Object.hasOwn(x.symbols.settings, name)
    ? x.symbols.settings[name]
    : (x.symbols.config.get(name) ?? +(selected[name]?.(x) ?? false));
  return x.out.useSetting(name, "option", +(value !== 0));
};
const feature =
  (at: number) =>
  (x: Lowering, args: Expr[]): number => {
    const name = nameOf(x, args[at]) ?? "";
    return x.out.useSetting(name, "feature", featureOf(name, x.symbols.settings, x.symbols.platform));
  };
/** A static key is as the session sets it, else as it is defined, else off. */
const key = (x: Lowering, [e]: Expr[]): number => {
  const name = nameOf(x, e);
  if (name === undefined) return 0;
  const { settings, variables } = x.symbols;
  return x.out.useSetting(name, "key", Object.hasOwn(settings, name) ? settings[name] : +variables.isTrueKey(name));
};

/** Comparisons of times. Where time doesn't pass, no deadline is ever reached. */
const deadline = (
  names: string[],
  does: string,
  args: number,
  compared: (x: Lowering, args: Expr[]) => [Value, BinOp, Value],
): Primitive => {
  const timeStands = (x: Lowering): boolean => x.out.useSetting("time_passes", "option", x.symbols.timePasses) === 0;
  return {
    names,
    does,
    where: "include/linux/jiffies.h",
    args,
    known: (x) => (timeStands(x) ? 0 : undefined),
    value(x, list) {
      if (timeStands(x)) return { v: num(0), t: BOOL };
      const [later, f, earlier] = compared(x, list);
      return { v: x.b.bin(f, x.b.bin("-", later, earlier), num(0)), t: BOOL };
    },
  };
};
const jiffies = (x: Lowering): Value =>
  x.b.value(
    x.b.load({
      k: "mem",
      base: { k: "const", c: constant(0, { k: "global", name: x.symbols.variables.global("jiffies")!.name }) },
      off: constant(0),
      t: INT,
    }),
  );

export const queryPrimitives: Primitive[] = [
  query(
    ["IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE", "config_enabled"],
    "Is this configuration option set?",
    "include/linux/kconfig.h",
    1,
    option,
  ),
  query(
    ["static_cpu_has", "boot_cpu_has", "this_cpu_has", "cpu_feature_enabled", "static_cpu_has_safe"],
    "Has the CPU this feature?",
    "arch/x86/include/asm/cpufeature.h",
    1,
    feature(0),
  ),
  query(["cpu_has", "cpu_data_has"], "Has the CPU this feature?", "arch/x86/include/asm/cpufeature.h", 2, feature(1)),
  query(
    [
      "static_branch_likely",
      "static_branch_unlikely",
      "static_branch_maybe",
      "static_key_enabled",
      "static_key_false",
      "static_key_true",
    ],
    "Is this static key on?",
    "include/linux/jump_label.h",
    1,
    key,
  ),
  deadline(["time_after"], "Is the first of two times the later?", 2, (x, [a, b]) => [x.val(a), ">", x.val(b)]),
  deadline(["time_after_eq"], "Is the first of two times the later, or are they one?", 2, (x, [a, b]) => [
    x.val(a),
    ">=",
    x.val(b),
  ]),
  deadline(["time_before"], "Is the first of two times the earlier?", 2, (x, [a, b]) => [x.val(a), "<", x.val(b)]),
  deadline(["time_before_eq"], "Is the first of two times the earlier, or are they one?", 2, (x, [a, b]) => [
    x.val(a),
    "<=",
    x.val(b),
  ]),
  deadline(["time_is_before_jiffies"], "Has this time passed?", 1, (x, [a]) => [jiffies(x), ">", x.val(a)]),
  query(
    ["preempt_count", "in_nmi", "in_irq", "in_interrupt", "in_atomic", "in_task", "preemptible"],
    "How deep preemption is disabled isn't kept, as in a kernel without PREEMPT_COUNT: 0.",
    "include/linux/preempt.h",
    0,
    () => 0,
  ),
  query(
    ["has_large_page"],
    "Is there a large page in the range? There are none here.",
    "arch/x86/mm/tlb.c",
    0,
    () => 0,
  ),
  query(
    ["get_dumpable"],
    "May the mm be dumped? It may, as any program that isn't set-uid.",
    "include/linux/sched/coredump.h",
    0,
    () => 1,
  ),
  query(
    ["tlbscope_setting"],
    "How the session decides this; as the second argument says unless it is set.",
    "walkthroughs/environment.c",
    2,
    (x, [e, unset]) => {
      const name = nameOf(x, e) ?? "";
      return x.out.useSetting(
        name,
        "option",
        Object.hasOwn(x.symbols.settings, name) ? x.symbols.settings[name] : (x.known(unset) ?? 0),
      );
    },
  ),
  query(
    ["tlbscope_defined"],
    "Do the open files define this function, macro or structure?",
    "walkthroughs/environment.c",
    1,
    (x, [e]) => {
      const name = nameOf(x, e) ?? "";
      return +(x.symbols.hasFunction(name) || x.symbols.macro(name) !== undefined || x.symbols.types.declares(name));
    },
  ),
  {
    names: ["task_thread_info"],
    does: "The part of a task that the architecture keeps.",
    where: "include/linux/sched.h",
    args: 1,
    value: (x, [task], call) => x.b.addressOf(x.field(x.b.deref(x.expr(task)), "thread_info", call)),
  },
  {
    names: [
      "read_task_thread_flags",
      "task_thread_info_flags",
      "test_thread_flag",
      "test_tsk_thread_flag",
      "test_ti_thread_flag",
    ],
    does: "Flags of a task's thread: none is set.",
    where: "include/linux/thread_info.h",
    value: () => ({ v: num(0), t: INT }),
  },
];
