/** Inline assembly: the few instructions that the protocol's functions are written with. Source: Intel SDM vol. 2. */
import type { Stmt } from "../syntax/tree/ast";
import type { HwOp } from "../ir";
import type { Lowering } from "../lower/lowering";

type Asm = Stmt & { k: "asm" };

/** What a template does: `action` with the first `inputs` of its input operands; without one, nothing. */
const instructions: { like: RegExp; does: string; action?: HwOp; inputs?: number }[] = [
  { like: /^$/, does: "Keeps the compiler from moving accesses across it." },
  { like: /^\s*invlpg\b/, does: "Drops a page's translation.", action: "flush_one", inputs: 1 },
  { like: /^\s*mov[lq]?\s+%0\s*,\s*%%cr3\s*$/, does: "Loads CR3.", action: "load_cr3", inputs: 1 },
  {
    like: /^\s*(mfence|lock;?\s*addl\s+\$0.*)$/,
    does: "Waits until this CPU's stores are visible to all.",
    action: "fence",
  },
  { like: /^\s*cli\b/, does: "Turns interrupts off.", action: "irq_off" },
  { like: /^\s*sti\b/, does: "Turns interrupts on.", action: "irq_on" },
];

export function lowerAsm(x: Lowering, s: Asm): void {
  // An output has the first number, and is a value that isn't computed here.
  const known = instructions.find(
    (i) => i.like.test(s.template) && s.inputs.length >= (i.inputs ?? 0) && !(i.action && s.outputs),
  );
  if (known?.action)
    x.b.hw(
      known.action,
      s.inputs.slice(0, known.inputs ?? 0).map((e) => x.val(e)),
    );
  else if (!known)
    x.out.warnNotModelled(
      "asm",
      s,
      x.b.item.name,
      "Assembly isn't modelled: nothing happens here. If it touches memory that other CPUs see, the simulation " +
        "is wrong from here on.",
    );
}
