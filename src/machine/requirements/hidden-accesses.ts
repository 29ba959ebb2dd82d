/**
 * What the machine itself reads and writes of the kernel's memory, beside the accesses that effects list: page walks,
 * checks of promises, choices. The checker takes these cells for ones that every CPU uses at any time.
 */
import type { Layout } from "../layout";

export interface HiddenAccesses {
  reads: number[];
  writes: number[];
}

/** The cells of such accesses. */
export function hiddenAccesses(l: Layout): HiddenAccesses {
  const field = (task: number, name: string): number[] =>
    l.program.fields.get("task_struct")?.has(name) ? [l.fieldAt(task, "task_struct", name)] : [];
  const clock = l.globals.get("jiffies");
  return {
    reads: [
      // Page walks; what is given back is looked for in page tables.
      ...l.pgds.flatMap((at) => Array.from({ length: l.slots }, (_, p) => at + p)),
      // Who is in user mode, and who may choose what; who still has an mm that is given back.
      ...[...l.tasks.values()].flatMap((task) => [l.mmOf(task), ...field(task, "active_mm")]),
    ],
    writes: [
      // Time passes on a CPU whatever that does.
      ...(clock === undefined ? [] : [clock]),
      // Xen's note of what CR3 holds, and the registers that an interrupt's entry saves.
      ...l.percpu.flatMap((at) => [
        ...stretch(l, at, "xen_current_cr3", 1),
        ...stretch(l, at, "irq_regs", l.sizeOf({ k: "struct", name: "pt_regs" })),
      ]),
    ],
  };
}

function stretch(l: Layout, percpu: number, name: string, size: number): number[] {
  const offset = l.percpuOffset.get(name);
  return offset === undefined ? [] : Array.from({ length: size }, (_, i) => percpu + offset + i);
}
