/** Interrupts between CPUs: the flush vectors, and function calls. */
import type { Expr } from "../ast";
import { MASK } from "../ctype";
import { constant, num, type Value } from "../ir";
import { ZERO, type Lower } from "../lower/lower";
import { callWith } from "../lower/call";
import type { Primitive } from "./primitive";

const all: Value = { k: "const", c: constant(0, { k: "allCpus" }) };
const maskAt = (x: Lower, e: Expr): Value => {
  const p = x.expr(e);
  return p.points ?? x.b.value(x.load(x.b.deref(p, MASK)));
};

/** Sends the call to the CPUs of `mask` (never to this one) and, if `wait` isn't 0, waits until all have done it. */
function sendCall(x: Lower, mask: Value, fn: Expr, info: Expr, wait: Expr | undefined): void {
  x.b.hw("send_call", [mask, x.val(fn), x.val(info)]);
  if (!wait || wait.k !== "num" || wait.value !== 0) x.b.hw("await_calls", []);
}

/** Runs the function on this CPU too, interrupts off, as the handlers of the others do. */
function callHere(x: Lower, fn: Expr, info: Expr): void {
  const flags = x.b.hw("irq_save", [], true);
  const args = [x.val(info)];
  if (fn.k === "id" && x.symbols.hasFunction(fn.name)) callWith(x, fn.name, args);
  else x.b.emit({ op: "icall", fn: x.val(fn), args });
  x.b.hw("irq_restore", [flags]);
}

const where = "kernel/smp.c";

export const interruptPrimitives: Primitive[] = [
  {
    names: ["apic->send_IPI_mask", "send_IPI_mask"], does: "Sends an interrupt with this vector to every CPU of the set.", where: "arch/x86/include/asm/apic.h", args: 2,
    value(x, [mask, vector]) {
      const to = maskAt(x, mask);
      x.b.hw("send_ipi", [to, x.val(vector)]);
      return ZERO;
    },
  },
  {
    names: ["apic->send_IPI_allbutself", "send_IPI_allbutself"], does: "Sends an interrupt with this vector to every other CPU.", where: "arch/x86/include/asm/apic.h", args: 1,
    value(x, [vector]) {
      const others = x.b.bin("^", all, x.b.bin("<<", num(1), { k: "cpu" }));
      x.b.hw("send_ipi", [others, x.val(vector)]);
      return ZERO;
    },
  },
  {
    names: ["ack_APIC_irq", "apic_eoi"], does: "Tells the interrupt controller that the interrupt is handled.", where: "arch/x86/include/asm/apic.h",
    value(x) {
      x.b.hw("ack_ipi", []);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function_many"], does: "Has the CPUs of the set call a function, and waits for them if asked to.", where, args: 4,
    value(x, [mask, fn, info, wait]) {
      sendCall(x, maskAt(x, mask), fn, info, wait);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function_mask"], does: "Has the CPUs of the set call a function, and waits for them if asked to.", where, args: 4,
    value(x, [mask, fn, info, wait]) {
      sendCall(x, x.val(mask), fn, info, wait);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function"], does: "Has every other CPU call a function.", where, args: 3,
    value(x, [fn, info, wait]) {
      sendCall(x, all, fn, info, wait);
      return ZERO;
    },
  },
  {
    names: ["smp_call_function_single"], does: "Has one CPU call a function; this one calls it at once.", where, args: 4,
    value(x, [cpu, fn, info, wait]) {
      const to = x.val(cpu);
      const here = x.b.label(), there = x.b.label(), done = x.b.label();
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
    names: ["on_each_cpu"], does: "Has every CPU call a function, this one too.", where, args: 3,
    value(x, [fn, info, wait]) {
      sendCall(x, all, fn, info, wait);
      callHere(x, fn, info);
      return ZERO;
    },
  },
];
