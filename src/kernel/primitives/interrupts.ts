/** Interrupts between CPUs: the flush vectors, and function calls. */
import type { Expr } from "../syntax/tree/ast";
import { MASK } from "../ctype";
import { constant, num, type Value } from "../ir";
import type { Lowering } from "../lower/lowering";
import { ZERO } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

const all: Value = { k: "const", c: constant(0, { k: "allCpus" }) };
const maskAt = (x: Lowering, e: Expr): Value => {
  const p = x.expr(e);
  return p.points ?? x.b.value(x.b.load(x.b.deref(p, MASK)));
};

/** Sends the call to the CPUs of `mask` (never to this one) and, if `wait` isn't 0, waits until all have done it. */
function sendCall(x: Lowering, mask: Value, fn: Expr, info: Expr, wait: Expr | undefined): void {
  x.b.hw("send_call", [mask, x.val(fn), x.val(info)]);
  if (!wait || wait.k !== "num" || wait.value !== 0) x.b.hw("await_calls", []);
}

/** Runs the function on this CPU too, interrupts off, as the handlers of the others do. */
function callHere(x: Lowering, fn: Expr, info: Expr): void {
  const flags = x.b.hw("irq_save", [], true);
  const args = [x.val(info)];
  if (fn.k === "id" && x.symbols.hasFunction(fn.name)) x.callFunction(fn.name, args);
  else x.b.emit({ op: "icall", fn: x.val(fn), args });
  x.b.hw("irq_restore", [flags]);
}

/** Branches: runs `then` where the value isn't 0. */
const ifTrue = (x: Lowering, v: Value, then: () => void): void => {
  const yes = x.b.label(),
    no = x.b.label();
  x.b.emit({ op: "branch", a: v, then: yes, else: no });
  x.b.mark(yes);
  then();
  x.b.mark(no);
};

/** The arguments of smp_call_function_many_cond() and its like, all of them computed beforehand. */
interface ManyCalls {
  mask: Value;
  fn: Value;
  info: Value;
  /** `bool f(int cpu, void *info)`, which decides for each CPU whether it is called; 0 for none. */
  condition: Value;
  /** This CPU makes the call too, if it is in the set. */
  here: Value;
  wait: Value;
}

/** Queues the call on each CPU of the set in turn, then makes it on this CPU, then waits for the others. */
function callMany(x: Lowering, { mask, fn, info, condition, here, wait }: ManyCalls): void {
  const cpu = x.b.newTemp(),
    asked = x.b.newTemp();
  const ask = (of: Value): void => {
    x.b.emit({ op: "move", dst: asked, a: num(1) });
    ifTrue(x, condition, () => x.b.emit({ op: "icall", fn: condition, args: [of, info], dst: asked }));
  };
  const again = x.b.label(),
    body = x.b.label(),
    end = x.b.label();
  x.b.emit({ op: "move", dst: cpu, a: num(0) });
  x.b.mark(again);
  x.b.emit({
    op: "branch",
    a: x.b.bin("<", cpu, { k: "const", c: constant(0, { k: "cpuCount" }) }),
    then: body,
    else: end,
  });
  x.b.mark(body);
  ifTrue(x, x.b.bin("&", x.b.bin("bit", mask, cpu), x.b.bin("!=", cpu, { k: "cpu" })), () => {
    ask(cpu);
    ifTrue(x, asked, () => x.b.hw("send_call", [x.b.bin("<<", num(1), cpu), fn, info]));
  });
  x.b.emit({ op: "bin", f: "+", dst: cpu, a: cpu, b: num(1) });
  x.b.jump(again);
  x.b.mark(end);
  ifTrue(x, x.b.bin("&", here, x.b.bin("bit", mask, { k: "cpu" })), () => {
    ask({ k: "cpu" });
    ifTrue(x, asked, () => {
      const flags = x.b.hw("irq_save", [], true);
      x.b.emit({ op: "icall", fn, args: [info] });
      x.b.hw("irq_restore", [flags]);
    });
  });
  ifTrue(x, wait, () => x.b.hw("await_calls", []));
}

const where = "kernel/smp.c";

export const interruptPrimitives: Primitive[] = [
  {
    names: ["apic->send_IPI_mask", "send_IPI_mask"],
    does: "Sends an interrupt with this vector to every CPU of the set.",
    where: "arch/x86/include/asm/apic.h",
    args: 2,
    value(x, [mask, vector]) {
      const to = maskAt(x, mask);
      x.b.hw("send_ipi", [to, x.val(vector)]);
      return ZERO;
    },
  },
  {
    names: ["apic->send_IPI_allbutself", "send_IPI_allbutself"],
    does: "Sends an interrupt with this vector to every other CPU.",
    where: "arch/x86/include/asm/apic.h",
    args: 1,
    value(x, [vector]) {
      const others = x.b.bin("^", all, x.b.bin("<<", num(1), { k: "cpu" }));
      x.b.hw("send_ipi", [others, x.val(vector)]);
      return ZERO;
    },
  },
  {
    names: ["ack_APIC_irq", "apic_eoi"],
    does: "Tells the interrupt controller that the interrupt is handled.",
    where: "arch/x86/include/asm/apic.h",
    value(x) {
      x.b.hw("ack_ipi", []);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function_many"],
    does: "Has the CPUs of the set call a function, and waits for them if asked to.",
    where,
    args: 4,
    value(x, [mask, fn, info, wait]) {
      sendCall(x, maskAt(x, mask), fn, info, wait);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function_mask"],
    does: "Has the CPUs of the set call a function, and waits for them if asked to.",
    where,
    args: 4,
    value(x, [mask, fn, info, wait]) {
      sendCall(x, x.val(mask), fn, info, wait);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function"],
    does: "Has every other CPU call a function.",
    where,
    args: 3,
    value(x, [fn, info, wait]) {
      sendCall(x, all, fn, info, wait);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function_single"],
    does: "Has one CPU call a function; this one calls it at once.",
    where,
    args: 4,
    value(x, [cpu, fn, info, wait]) {
      const to = x.val(cpu);
      const here = x.b.label(),
        there = x.b.label(),
        done = x.b.label();
      x.b.emit({ op: "branch", a: x.b.bin("==", to, { k: "cpu" }), then: here, else: there });
      x.b.mark(here);
      callHere(x, fn, info);
      x.b.jump(done);
      x.b.mark(there);
      sendCall(x, x.b.bin("<<", num(1), to), fn, info, wait);
      x.b.mark(done);
      return ZERO;
    },
  },
  {
    names: ["on_each_cpu"],
    does: "Has every CPU call a function, this one too.",
    where,
    args: 3,
    value(x, [fn, info, wait]) {
      sendCall(x, all, fn, info, wait);
      callHere(x, fn, info);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function_many_cond"],
    does:
      "Has the CPUs of the set for which a question is answered with yes call a function; flags say whether this " +
      "CPU does too, and whether to wait.",
    where,
    args: 5,
    value(x, [mask, fn, info, flags, cond]) {
      const set = maskAt(x, mask),
        f = x.val(fn),
        about = x.val(info),
        how = x.val(flags),
        condition = x.val(cond);
      // Until 5.12 the fourth argument said only whether to wait (SCF_WAIT is bit 0, SCF_RUN_LOCAL bit 1 since).
      const hasFlags = x.symbols.macro("SCF_RUN_LOCAL") !== undefined;
      callMany(x, {
        mask: set,
        fn: f,
        info: about,
        condition,
        here: hasFlags ? x.b.bin("bit", how, num(1)) : num(0),
        wait: hasFlags ? x.b.bin("bit", how, num(0)) : how,
      });
      return ZERO;
    },
  },
  {
    names: ["on_each_cpu_mask"],
    does: "Has every CPU of the set call a function, this one too if it is in the set.",
    where,
    args: 4,
    fallback: true,
    value(x, [mask, fn, info, wait]) {
      const set = maskAt(x, mask),
        f = x.val(fn),
        about = x.val(info),
        waits = x.val(wait);
      callMany(x, { mask: set, fn: f, info: about, condition: num(0), here: num(1), wait: waits });
      return ZERO;
    },
  },
  {
    names: ["on_each_cpu_cond_mask"],
    does: "Has every CPU of the set for which a question is answered with yes call a function.",
    where,
    args: 5,
    fallback: true,
    value(x, args) {
      const [cond, fn, info, wait] = args;
      const condition = x.val(cond),
        f = x.val(fn),
        about = x.val(info),
        waits = x.val(wait);
      // Before 5.7 the allocation flags came before the set.
      callMany(x, { mask: maskAt(x, args.at(-1)!), fn: f, info: about, condition, here: num(1), wait: waits });
      return ZERO;
    },
  },
  {
    names: ["on_each_cpu_cond"],
    does: "Has every CPU for which a question is answered with yes call a function.",
    where,
    args: 4,
    fallback: true,
    value(x, [cond, fn, info, wait]) {
      const condition = x.val(cond),
        f = x.val(fn),
        about = x.val(info),
        waits = x.val(wait);
      callMany(x, { mask: all, fn: f, info: about, condition, here: num(1), wait: waits });
      return ZERO;
    },
  },
];
