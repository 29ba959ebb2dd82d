/** The scope "This CPU": what runs there, its registers, its TLB and its per-CPU variables. */
import type { CType } from "../../kernel/ctype";
import { describe } from "../../machine/view/describe";
import { W } from "../../machine/layout";
import type { CpuView } from "../../machine/view/view";
import type { Simulation } from "../launch/simulation";
import { memoryItem, type Item } from "./named-values";

export function cpuItems(sim: Simulation, cpu: number): Item[] {
  const { machine, trace, program, scenario } = sim;
  const { layout: l } = machine;
  const at = l.cpu[cpu];
  const view = describe(machine, trace.state).cpus[cpu];
  const register = (name: string, w: number, evaluateName?: string): Item => ({
    ...memoryItem(sim, name, l.cells[at + w].type, at + w),
    evaluateName,
  });
  return [
    register("current", W.current, "current"),
    { name: "mode", value: view.waits ? `${view.mode}, ${view.waits}` : view.mode },
    { name: "is asked to", value: view.action || "nothing more" },
    register("interrupts", W.irqsOn),
    { name: "pending", value: pending(sim, cpu) },
    register("CR3", W.cr3),
    ...(l.pcids.length > 1 ? [register("PCID", W.pcid)] : []),
    { name: "TLB", value: tlbSummary(view), children: () => tlbItems(sim, cpu, view) },
    ...(view.storeBuffer
      ? [
          {
            name: "waiting stores",
            value: view.storeBuffer.stores.map((w) => `${w.name} = ${w.value}`).join(", ") || "none",
          },
        ]
      : []),
    ...[...program.percpu]
      .filter(([name]) => l.percpuOffset.has(name) && (name !== "xen_current_cr3" || scenario.platform === "xen"))
      .map(([name, v]) => memoryItem(sim, name, v.type, l.percpu[cpu] + l.percpuOffset.get(name)!, undefined, name)),
  ];
}

/** `A:page0 → frame1 (stale)`, for each translation that is held. */
function tlbSummary(view: CpuView): string {
  const held = view.tlb.filter((e) => !e.dropped);
  const entry = (e: CpuView["tlb"][number]): string => {
    const pcid = e.pcid === undefined ? "" : `, PCID ${e.pcid}`;
    return `${e.mm}:${e.page} → ${e.frame}${pcid}${flaw(e)}`;
  };
  return held.length === 0 ? "empty" : held.map(entry).join(", ");
}

/** What is wrong with a translation, worst first. */
const flaw = (e: { freed?: boolean; stale?: boolean } | undefined): string =>
  e?.freed ? " (freed)" : e?.stale ? " (stale)" : "";

const PTE: CType = { k: "int", role: "pte" };

/** One item for each translation that there could be. */
function tlbItems({ machine, trace, scenario }: Simulation, cpu: number, view: CpuView): Item[] {
  const { layout: l } = machine;
  return l.pcids.flatMap((id) =>
    scenario.mms.flatMap((mm, m) =>
      l.slotsOf(m).map((p): Item => {
        const cell = l.tlbCell(cpu, id, m, p);
        const entry = view.tlb.find((e) => e.cell === cell && !e.dropped);
        return {
          name: `${mm.name}:${l.pageName(m, p)}${l.pcids.length > 1 ? `, PCID ${id}` : ""}`,
          value: l.format(cell, trace.state[cell]) + flaw(entry),
          type: PTE,
          cell,
          key: "tlb",
        };
      }),
    ),
  );
}

/** Interrupts that are pending on this CPU. */
function pending({ machine, trace }: Simulation, cpu: number): string {
  const { layout: l } = machine;
  const s = trace.state;
  const vectors = Array.from({ length: 32 }, (_, n) => n)
    .filter((n) => (s[l.cpu[cpu] + W.vectors] >> n) & 1)
    .map((n) => `flush interrupt (vector ${n})`);
  const calls = l.cpu.flatMap((from, c) => ((s[from + W.callQueued] >> cpu) & 1 ? [`CPU${c}'s function call`] : []));
  const all = [...vectors, ...calls];
  return all.length === 0 ? "none" : `${all.join(", ")}${s[l.cpu[cpu] + W.irqsOn] ? "" : ", held: interrupts off"}`;
}
