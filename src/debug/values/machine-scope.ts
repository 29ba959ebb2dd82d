/** The scope "Machine": what all CPUs share. */
import { struct } from "../../kernel/ctype";
import { ipisAt } from "../../trace/ipis";
import { formatMask, frameStates } from "../../machine/cells";
import type { Simulation } from "../launch/simulation";
import { partsOf } from "./c-type-text";
import { memoryItem, type Item } from "./named-values";

/** Objects that every kernel has and the protocol doesn't change. */
const constant = new Set(["init_mm", "swapper_pg_dir", "cpu_online_bits", "cpu_bit_bitmap"]);

export function machineItems(sim: Simulation): Item[] {
  const { machine, program, trace } = sim;
  const { layout: l } = machine;
  const s = trace.state;
  const frames = l.frames.map((cell, i): Item => ({
    name: `frame${i + 1}`,
    value: frameStates()[s[cell]] ?? String(s[cell]),
    type: { k: "int", role: "number" },
    cell,
    key: "frame",
  }));
  const globals = [...program.globals.values()]
    .filter((v) => !constant.has(v.name))
    .map((v) =>
      memoryItem(sim, v.name, v.type, l.globals.get(v.name)!, undefined, v.fn === undefined ? v.name : undefined),
    );
  const ipis = ipisAt(trace);
  return [
    ...l.mmNames.map((_, m) => mmItem(sim, m)),
    { name: "frames", value: frames.map((f) => `${f.name} ${f.value}`).join(", "), children: () => frames },
    {
      name: "tasks",
      value: [...l.tasks.keys()].join(", "),
      children: () => [...l.tasks].map(([name, at]) => memoryItem(sim, name, struct("task_struct"), at)),
    },
    {
      name: "interrupts",
      value:
        ipis.length === 0
          ? "none on their way"
          : ipis.map((i) => `CPU${i.from} → CPU${i.to}: ${i.what}, ${i.held ? "held" : i.stage}`).join("; "),
    },
    ...globals,
  ];
}

/** One mm: its mask, its counts, its pages. */
function mmItem(sim: Simulation, m: number): Item {
  const { layout: l } = sim.machine;
  const at = l.mms[m];
  const mask = l.fieldAt(at, "mm_struct", "cpumask");
  const s = sim.trace.state;
  const gone = s[l.mmFreed[m]] ? ", given back" : s[l.pgdFreed[m]] ? ", page tables given back" : "";
  return {
    name: l.mmNames[m],
    value: `mm_cpumask ${formatMask(s[mask], l.cpuCount)}${gone}`,
    children: () => [
      ...partsOf(l, struct("mm_struct"), at).map((p) =>
        memoryItem(sim, p.name === "cpumask" ? "mm_cpumask" : p.name, p.type, p.at, p.key),
      ),
      ...l.slotsOf(m).map((p) => memoryItem(sim, l.pageName(m, p), { k: "int", role: "pte" }, l.pgds[m] + p, "pte")),
    ],
  };
}
