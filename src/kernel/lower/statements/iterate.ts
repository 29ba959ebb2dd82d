/** for_each_cpu(cpu, mask) and its family: loops over the CPUs in a set. Source: include/linux/cpumask.h. */
import { byName } from "../../by-name";
import type { Expr, Stmt } from "../../syntax/tree/ast";
import { INT } from "../../ctype";
import { num, type Value } from "../../ir";
import type { Lowering } from "../lowering";

type Loop = Stmt & { k: "each" };
type Body = (body: Stmt, end: { at: number }, next: { at: number }) => void;

const allCpus: Value = { k: "const", c: { n: 0, syms: [{ k: "allCpus" }] } };
const cpuCount: Value = { k: "const", c: { n: 0, syms: [{ k: "cpuCount" }] } };

/** Which CPUs an iterator walks: all, or those of its second argument; `not` walks the others. */
const iterators: Record<string, { over: "all" | "mask" | "maskValue"; not?: boolean } | { nodes: true }> = byName({
  for_each_online_cpu: { over: "all" },
  for_each_possible_cpu: { over: "all" },
  for_each_present_cpu: { over: "all" },
  for_each_cpu: { over: "mask" },
  for_each_cpu_mask: { over: "maskValue" },
  for_each_cpu_mask_nr: { over: "maskValue" },
  for_each_cpu_not: { over: "mask", not: true },
  for_each_online_node: { nodes: true },
  for_each_node: { nodes: true },
});

export function iterate(x: Lowering, s: Loop, lowerBody: Body): void {
  const kind = iterators[s.macro];
  const variable = s.args[0];
  if (!kind || !variable) {
    x.begin(s);
    x.out.warnNotModelled(
      s.macro,
      { ...s, end: s.start + s.macro.length },
      x.b.item.name,
      `The loop ${s.macro} isn't modelled: its body never runs.`,
    );
    x.b.finishStatement();
    return;
  }
  const overSet = "over" in kind && kind.over !== "all";
  if (s.args.length !== (overSet ? 2 : 1)) {
    x.begin(s);
    x.out.error(
      s,
      `${s.macro}() needs a variable${overSet ? " and a set of CPUs" : ""}, no more: its body never runs.`,
    );
    x.b.finishStatement();
    return;
  }
  const head = { ...s, end: (s.args.at(-1) as Expr).end + 1 };
  const lv = x.place(variable);
  const again = x.b.label(),
    inside = x.b.label(),
    test = x.b.label(),
    next = x.b.label(),
    end = x.b.label();
  x.begin(head);
  x.b.store(lv, num(0));
  x.b.mark(again);
  x.begin(head);
  x.b.condition(inside);
  const i = x.b.value(x.b.load(lv));
  // All machines here have one memory node.
  const limit = "nodes" in kind ? num(1) : cpuCount;
  x.b.emit({ op: "branch", a: x.b.bin("<", i, limit), then: test, else: end });
  x.b.mark(test);
  if ("nodes" in kind) x.b.jump(inside);
  else {
    const mask =
      kind.over === "all"
        ? allCpus
        : kind.over === "mask"
          ? x.b.value(x.b.load(x.b.deref(x.expr(s.args[1]))))
          : x.val(s.args[1]);
    const bit = x.b.bin("bit", mask, x.b.value({ v: i, t: INT }));
    x.b.emit(
      kind.not
        ? { op: "branch", a: bit, then: next, else: inside }
        : { op: "branch", a: bit, then: inside, else: next },
    );
  }
  x.b.mark(inside);
  lowerBody(s.body, end, next);
  x.b.mark(next);
  x.b.store(lv, x.b.bin("+", x.b.value(x.b.load(lv)), num(1)));
  x.b.jump(again);
  x.b.mark(end);
}
