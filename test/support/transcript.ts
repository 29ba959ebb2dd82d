/** A recorded execution as text: what each step did, and every CPU, mm and interrupt after it. */
import { describe } from "../../src/machine/view/describe";
import { moveCpu, type Machine } from "../../src/machine/machine";
import { placeOf } from "../../src/machine/view/narrate";
import { W } from "../../src/machine/layout";
import type { CpuView, IpiView, MachineView, MmView, ValueView } from "../../src/machine/view/view";
import { ipisAt } from "../../src/trace/ipis";
import type { Trace } from "../../src/trace/trace";

export interface TranscriptOptions {
  /** First and last entry to print; the state before the first stands at the head. All, unless said otherwise. */
  from?: number;
  to?: number;
}

/**
 * Two lines for each step: its number, place and sentence; then the state that it left, with `*` after each value that
 * it changed. A broken promise has a line of its own, which begins with `!`.
 */
export function transcript(trace: Trace, { from = 1, to = trace.last }: TranscriptOptions = {}): string {
  const { machine } = trace;
  const shown = trace.cursor;
  const first = Math.max(1, from);
  const places = Array.from({ length: Math.max(0, to - first + 1) }, (_, i) => placeName(trace, first + i));
  const width = Math.max(0, ...places.map((p) => p.length));
  const numbers = String(to).length;
  const indent = " ".repeat(numbers + 2);
  const lines: string[] = [];
  try {
    trace.goto(first - 1);
    lines.push(`${indent}${stateLine(trace, first - 1)}`, ...violationLines(trace, first - 1, indent));
    for (let i = first; i <= to; i++) {
      trace.goto(i);
      lines.push(
        `${String(i).padStart(numbers)}  ${places[i - first].padEnd(width)}  ${trace.sentence(i)}`,
        `${indent}${stateLine(trace, i)}`,
        ...violationLines(trace, i, indent),
      );
    }
  } finally {
    trace.goto(shown);
  }
  return [...heading(machine), "", ...lines, ""].join("\n");
}

function heading({ scenario, layout }: Machine): string[] {
  return [
    `${scenario.id} · ${scenario.platform} · ${scenario.order.toUpperCase()} · ${layout.cpuCount} ` +
      `CPU${layout.cpuCount === 1 ? "" : "s"}`,
    scenario.about,
  ];
}

/** `switch_mm:60`, or a dash for what has no place in the source. */
function placeName(trace: Trace, index: number): string {
  const { cause } = trace.entry(index);
  if (cause.k !== "move") return "-";
  const before = trace.entry(index - 1).state;
  const place = placeOf(trace.machine, before[trace.machine.layout.cpu[moveCpu(cause.move)] + W.pc]);
  return place ? `${place.fn}:${place.line}` : "-";
}

function stateLine(trace: Trace, index: number): string {
  const state = trace.entry(index).state,
    before = trace.entry(Math.max(0, index - 1)).state;
  const view = describe(trace.machine, state, before);
  return [
    ...view.cpus.map((cpu) => cpuText(cpu, state[cpu.taskCell] !== before[cpu.taskCell])),
    ...view.mms.map(mmText),
    ...frameTexts(view),
    ...ipisAt(trace).map(ipiText),
  ].join(" | ");
}

const violationLines = (trace: Trace, index: number, indent: string): string[] =>
  trace.entry(index).violations.map((v) => `${indent}! ${v.property}: ${v.why}`);

const mark = (text: string, changed: boolean): string => (changed ? `${text}*` : text);
const valueText = (v: ValueView): string =>
  mark(`${v.name.replace(/^cpu_tlbstate\./, "")}=${v.value.replace(/^TLBSTATE_/, "")}`, v.changed);

function cpuText(cpu: CpuView, switched: boolean): string {
  const entries = cpu.tlb
    .filter((e) => !e.dropped)
    .map((e) =>
      mark(
        `${e.mm}:${e.page}→${e.frame}${e.pcid === undefined ? "" : ` PCID ${e.pcid}`}` +
          (e.freed ? " freed" : e.stale ? " stale" : ""),
        e.changed,
      ),
    );
  const values = [
    mark(`IF=${cpu.irqsOn ? 1 : 0}`, cpu.irqsChanged),
    valueText(cpu.cr3),
    ...cpu.perCpu.map(valueText),
    `TLB{${entries.join(", ")}}`,
  ];
  return `CPU${cpu.id} ${mark(cpu.task, switched)} ${values.join(" ")}${cpu.waits ? ` (${cpu.waits})` : ""}`;
}

function mmText(mm: MmView): string {
  const cpus = mm.cpumask.flatMap((set, c) => (set ? [String(c)] : []));
  const mask = mark(`mask={${cpus.join(",")}}`, mm.cpumaskChanged.some(Boolean));
  const pages = mm.pages.map((p) => mark(`${p.name}→${p.frame ?? "none"}`, p.changed));
  return [`${mm.name}`, mask, ...mm.counts.map(valueText), ...pages, ...(mm.freed ? ["page tables freed"] : [])].join(
    " ",
  );
}

/** Frames that somebody has given back; the others are in use, as the pages say. */
const frameTexts = (view: MachineView): string[] =>
  view.frames.filter((f) => f.state !== "in use" || f.changed).map((f) => mark(`${f.name} ${f.state}`, f.changed));

const ipiText = (ipi: IpiView): string =>
  `IPI CPU${ipi.from}→CPU${ipi.to} ${ipi.what}: ${ipi.stage}${ipi.held ? ", held by IF=0" : ""}`;
