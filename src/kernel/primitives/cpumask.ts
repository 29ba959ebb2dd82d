/**
 * Sets of CPUs. One cell each; setting and clearing a bit is one LOCKed operation, the set operations are plain loads
 * and stores.
 */
import type { BinOp } from "../arithmetic";
import type { Expr } from "../syntax/tree/ast";
import { BOOL, CPU, MASK, ptr } from "../ctype";
import { constant, num, type RmwOp, type Value } from "../ir";
import type { Lowering } from "../lower/lowering";
import { ZERO, type Lvalue, type Operand } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";
import { MAX_CPUS } from "./vocabulary";

const where = "include/linux/cpumask.h";
const cpuCount: Value = { k: "const", c: constant(0, { k: "cpuCount" }) };
const allCpus: Value = { k: "const", c: constant(0, { k: "allCpus" }) };

/** The mask that an argument points to (today's interface), or is (the cpus_*() macros of before 2.6.29). */
type MaskOf = (x: Lowering, e: Expr) => Lvalue;
const pointed: MaskOf = (x, e) => x.b.deref(x.expr(e), MASK);
const named: MaskOf = (x, e) => x.place(e);
const read = (x: Lowering, lv: Lvalue): Value => x.b.value(x.b.load(lv));
/** The set that an argument points to; one of the constant table's needs no load. */
const readAt = (x: Lowering, of: MaskOf, e: Expr): Value => {
  if (of !== pointed) return read(x, of(x, e));
  const p = x.expr(e);
  return p.points ?? read(x, x.b.deref(p, MASK));
};
const nonEmpty = (x: Lowering, v: Value): Operand => ({ v: x.b.bin("!=", v, num(0)), t: BOOL });

const bitOp = (names: string[], f: RmwOp, of: MaskOf, does: string, old = false): Primitive => ({
  names,
  does,
  where,
  args: 2,
  value(x, [cpu, mask]) {
    const bit = x.val(cpu);
    const was = x.b.rmw(f, of(x, mask), bit, old);
    return old ? { v: x.b.bin("bit", was, bit), t: BOOL } : ZERO;
  },
});

const testBit = (names: string[], of: MaskOf, bitFirst: boolean): Primitive => ({
  names,
  does: "Is the CPU in the set?",
  where,
  args: 2,
  value(x, [a, b]) {
    const [cpu, mask] = bitFirst ? [a, b] : [b, a];
    const bit = x.val(cpu);
    return { v: x.b.bin("bit", read(x, of(x, mask)), bit), t: BOOL };
  },
});

const combine = (names: string[], f: BinOp, of: MaskOf, does: string, complement = false): Primitive => ({
  names,
  does,
  where,
  args: 3,
  value(x, [dst, a, b]) {
    const left = readAt(x, of, a);
    const right = readAt(x, of, b);
    const v = x.b.bin("&", x.b.bin(f, left, complement ? x.b.bin("^", right, num(-1)) : right), allCpus);
    x.b.store(of(x, dst), v);
    return nonEmpty(x, v);
  },
});

const fill = (names: string[], of: MaskOf, v: Value, does: string): Primitive => ({
  names,
  does,
  where,
  args: 1,
  value(x, [mask]) {
    x.b.store(of(x, mask), v);
    return ZERO;
  },
});

const query = (
  names: string[],
  of: MaskOf,
  does: string,
  answer: (x: Lowering, v: Value, args: Expr[]) => Operand,
  args = 1,
): Primitive => ({
  names,
  does,
  where,
  args,
  value: (x, list) => answer(x, readAt(x, of, list[0]), list),
});

const empty = (x: Lowering, v: Value): Operand => ({ v: x.b.bin("==", v, num(0)), t: BOOL });
const first = (x: Lowering, v: Value): Operand => ({ v: x.b.bin("first", v, cpuCount), t: CPU });
const without = (x: Lowering, v: Value, cpu: Expr): Value =>
  x.b.bin("&", v, x.b.bin("^", x.b.bin("<<", num(1), x.val(cpu)), num(-1)));

export const cpumaskPrimitives: Primitive[] = [
  bitOp(["cpumask_set_cpu", "__cpumask_set_cpu"], "setbit", pointed, "Adds the CPU to the set, LOCKed."),
  bitOp(["cpumask_clear_cpu", "__cpumask_clear_cpu"], "clearbit", pointed, "Takes the CPU out of the set, LOCKed."),
  bitOp(
    ["cpumask_test_and_set_cpu"],
    "setbit",
    pointed,
    "Adds the CPU to the set, LOCKed, and says whether it was in it.",
    true,
  ),
  bitOp(
    ["cpumask_test_and_clear_cpu"],
    "clearbit",
    pointed,
    "Takes the CPU out of the set, LOCKed, and says whether it was in it.",
    true,
  ),
  bitOp(["cpu_set"], "setbit", named, "Adds the CPU to the set, LOCKed."),
  bitOp(["cpu_clear"], "clearbit", named, "Takes the CPU out of the set, LOCKed."),
  bitOp(["cpu_test_and_set"], "setbit", named, "Adds the CPU to the set, LOCKed, and says whether it was in it.", true),
  testBit(["cpumask_test_cpu"], pointed, true),
  testBit(["cpu_isset"], named, true),
  combine(["cpumask_and"], "&", pointed, "Stores the CPUs that are in both sets; are there any?"),
  combine(["cpumask_or"], "|", pointed, "Stores the CPUs that are in either set."),
  combine(["cpumask_xor"], "^", pointed, "Stores the CPUs that are in one set only."),
  combine(
    ["cpumask_andnot"],
    "&",
    pointed,
    "Stores the CPUs of the first set that aren't in the second; are there any?",
    true,
  ),
  combine(["cpus_and"], "&", named, "Stores the CPUs that are in both sets."),
  combine(["cpus_or"], "|", named, "Stores the CPUs that are in either set."),
  combine(["cpus_andnot"], "&", named, "Stores the CPUs of the first set that aren't in the second.", true),
  fill(["cpumask_clear"], pointed, num(0), "Empties the set."),
  fill(["cpumask_setall"], pointed, allCpus, "Puts every CPU in the set."),
  fill(["cpus_clear"], named, num(0), "Empties the set."),
  fill(["cpus_setall"], named, allCpus, "Puts every CPU in the set."),
  query(["cpumask_empty"], pointed, "Is the set empty?", empty),
  query(["cpus_empty"], named, "Is the set empty?", empty),
  query(
    ["cpumask_first", "cpumask_any", "first_cpu"],
    pointed,
    "The first CPU of the set, or nr_cpu_ids when it is empty.",
    first,
  ),
  query(["cpumask_weight"], pointed, "How many CPUs are in the set.", (x, v) => ({
    v: x.b.bin("weight", v, num(0)),
    t: CPU,
  })),
  query(
    ["cpumask_any_but"],
    pointed,
    "A CPU of the set other than the given one, or nr_cpu_ids when there is none.",
    (x, v, args) => first(x, without(x, v, args[1])),
    2,
  ),
  query(
    ["cpumask_equal"],
    pointed,
    "Are the two sets the same?",
    (x, v, args) => ({ v: x.b.bin("==", v, read(x, pointed(x, args[1]))), t: BOOL }),
    2,
  ),
  query(
    ["cpumask_intersects"],
    pointed,
    "Have the two sets a CPU in common?",
    (x, v, args) => nonEmpty(x, x.b.bin("&", v, read(x, pointed(x, args[1])))),
    2,
  ),
  query(
    ["cpumask_subset"],
    pointed,
    "Are all CPUs of the first set in the second?",
    (x, v, args) => empty(x, x.b.bin("&", v, x.b.bin("^", read(x, pointed(x, args[1])), num(-1)))),
    2,
  ),
  {
    names: ["cpumask_copy"],
    does: "Copies the second set into the first.",
    where,
    args: 2,
    value(x, [dst, src]) {
      const from = readAt(x, pointed, src);
      x.b.store(pointed(x, dst), from);
      return ZERO;
    },
  },
  {
    names: ["cpumask_of", "get_cpu_mask"],
    does: "The set of just this one CPU (a constant table).",
    where,
    args: 1,
    value(x, [cpu]) {
      const table: Lvalue = {
        k: "mem",
        base: { k: "const", c: constant(0, { k: "global", name: x.symbols.variables.global("cpu_bit_bitmap")!.name }) },
        off: constant(0),
        t: { k: "array", of: MASK, n: MAX_CPUS },
      };
      const bit = x.val(cpu);
      return { ...x.b.addressOf(x.element(table, bit)), points: x.b.bin("<<", num(1), bit) };
    },
  },
  {
    names: ["cpumask_of_node"],
    does: "The CPUs of a memory node: all of them, there being one node.",
    where: "include/linux/topology.h",
    value: (x) => ({
      v: { k: "const", c: constant(0, { k: "global", name: x.symbols.variables.global("cpu_online_bits")!.name }) },
      t: ptr(MASK),
    }),
  },
  {
    names: ["mm_cpumask"],
    does: "The CPUs that have to hear of changes to this mm's page tables.",
    where: "include/linux/mm_types.h",
    args: 1,
    value: (x, [mm], call) => x.b.addressOf(x.field(x.b.deref(x.expr(mm)), "cpumask", call)),
  },
  {
    names: ["to_cpumask", "cpumask_bits"],
    does: "The same set, seen as a bitmap or as a cpumask.",
    where,
    args: 1,
    value: (x, [bits]) => ({ ...x.expr(bits), t: ptr(MASK) }),
  },
  {
    names: ["alloc_cpumask_var", "alloc_cpumask_var_node", "zalloc_cpumask_var"],
    does: "Makes room for a set; here it never fails.",
    where,
    value: () => ({ v: num(1), t: BOOL }),
  },
];
