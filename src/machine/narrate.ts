/** Says in one English sentence what a move did. */
import { positionAt } from "../kernel/source";
import type { Effect } from "./effects";
import { formatValue } from "./cells";
import { describeAction, pageIndex, W, type Layout } from "./layout";
import { cellName, showIn } from "./locals";
import { moveArg, moveCpu, MoveKind, moveKind, type Machine, type Move, type State } from "./machine";
import type { SourcePlace } from "./view";

/** The place of a CPU's next statement, or undefined when it runs nothing of the program. */
export function placeOf(machine: Machine, pc: number): SourcePlace | undefined {
  if (pc === 0) return undefined;
  const p = machine.program.places[machine.code.instrs[pc].src];
  const start = positionAt(p.file, p.start), end = positionAt(p.file, p.end);
  return { file: p.file.uri, line: start.line, column: start.column, endLine: end.line, endColumn: end.column, fn: p.fn };
}

/** The source text of a place, on one line and not too long. */
function textOf(machine: Machine, pc: number): string {
  const p = machine.program.places[machine.code.instrs[pc].src];
  const text = p.file.text.slice(p.start, p.end).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A sentence for a move that was made from `before` with these effects. */
export function narrate(machine: Machine, before: State, m: Move, effects: Effect[]): string {
  const c = moveCpu(m);
  const who = `CPU${c}`;
  const l = machine.layout;
  switch (moveKind(m)) {
    case MoveKind.fill: {
      const mm = Math.floor(moveArg(m) / l.slots), page = moveArg(m) % l.slots;
      const fill = effects.find((e) => e.k === "fill"), walk = effects.find((e) => e.k === "walk");
      const from = walk?.cached ? "through its paging-structure cache" : "from the page tables in CR3";
      if (page === l.pages) return `${who} remembers in its paging-structure cache where ${l.mmNames[mm]}'s page table is, speculatively, from the page tables in CR3.`;
      if (walk?.cached && !fill) return `${who} walks ${l.mmNames[mm]}'s page table speculatively, through its paging-structure cache.`;
      return `${who} fills its TLB with ${l.mmNames[mm]}:${l.pageName(mm, page)} → frame${fill?.k === "fill" ? fill.frame : "?"}, speculatively, ${from}.`;
    }
    case MoveKind.drain: {
      const e = effects.find((x) => x.k === "write");
      return e?.k === "write" ? `${who}'s oldest waiting store reaches memory: ${l.cellName(e.cell, c)} = ${l.format(e.cell, e.value)} is visible to all.` : `${who}'s store buffer is empty.`;
    }
    case MoveKind.vector: case MoveKind.call: {
      const take = effects.find((e) => e.k === "take");
      const what = moveKind(m) === MoveKind.vector ? "the flush interrupt" : `CPU${moveArg(m)}'s function call`;
      return `${who} takes ${what}: ${take?.k === "take" ? `${take.fn}()` : "its handler"} runs on top, interrupts off.`;
    }
  }
  const pc = before[l.cpu[c] + W.pc];
  const names: Names = { machine, s: before, c };
  const parts = effects.map((e) => sentenceOf(e, names)).filter((p) => p !== "");
  const branch = effects.filter((e) => e.k === "branch").at(-1);
  const place = pc === 0 ? undefined : machine.program.places[machine.code.instrs[pc].src];
  if (place?.whenTrue && branch?.k === "branch") {
    // Where control went says whether the condition holds, unless more of it is still to be worked out.
    const holds = branch.to === machine.code.fnOf[pc].entry + place.whenTrue.at;
    const goesOn = !holds && machine.code.instrs[branch.to] && machine.program.places[machine.code.instrs[branch.to].src] === place;
    if (!goesOn) {
      const reads = effects.flatMap((e) => (e.k === "read" ? [`${cellName(machine, before, e.cell, c)} = ${showIn(machine, before, e.cell, e.value)}`] : []));
      const test = `tests ${textOf(machine, pc)}: ${holds ? "true" : "false"}${reads.length ? ` (${reads.join(", ")})` : ""}`;
      const all = effects.filter((e) => e.k !== "read").map((e) => (e === branch ? test : sentenceOf(e, names))).filter((p) => p !== "");
      return `${who} ${joinAll(all)}.`;
    }
  }
  if (parts.length === 0) return pc === 0 ? `${who} goes on.` : `${who} passes ${textOf(machine, pc)}.`;
  return `${who} ${joinAll(parts)}.`;
}

/** What sentences need to name things: the machine, the state before the move, and who moved. */
interface Names {
  machine: Machine;
  s: State;
  c: number;
}

const joinAll = (parts: string[]): string => (parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")}, and ${parts.at(-1)}`);

function cpus(mask: number, l: Layout): string {
  const list = Array.from({ length: l.cpuCount }, (_, i) => i).filter((i) => (mask >> i) & 1).map((i) => `CPU${i}`);
  return list.length === 0 ? "nobody" : list.join(", ");
}

/** A verb phrase without its subject; empty for what goes without saying. */
function sentenceOf(e: Effect, names: Names): string {
  const { machine, s, c } = names;
  const l = machine.layout;
  switch (e.k) {
    case "read": return `reads ${cellName(machine, s, e.cell, c)} = ${showIn(machine, s, e.cell, e.value)}`;
    case "write": return writeSentence(e, names);
    case "local": return `sets ${cellName(machine, s, e.cell, c)} = ${showIn(machine, s, e.cell, e.value)}`;
    case "buffer": return `puts ${cellName(machine, s, e.cell, c)} = ${showIn(machine, s, e.cell, e.value)} into its store buffer`;
    case "branch": return "";
    case "call": return `calls ${e.fn}(${machine.code.fns.get(e.fn)!.params.map((p, i) => `${p.name} = ${formatValue(p.type, undefined, e.args[i], l)}`).join(", ")})`;
    case "return": return `returns from ${e.fn}()`;
    case "action": return `is asked to ${describeAction(machine.scenario.cpus[c].does[e.index].action)}`;
    case "actionDone": return e.index < machine.scenario.cpus[c].does.length ? `is done with ${describeAction(machine.scenario.cpus[c].does[e.index].action)}` : "";
    case "cr3": return `loads CR3 with ${l.objectAt(e.to)}${e.pcid === undefined ? "" : ` and PCID ${e.pcid}`}${e.keeps ? ", keeping what its TLB holds of that" : ""}`;
    case "flush": {
      const dropped = e.dropped.map((d) => l.cells[d].name.replace(/^.* for /, "").replace(/ under PCID \d+$/, "")).join(", ");
      const what = e.what !== "all" ? `page${pageIndex(e.what)} from its TLB` : e.pcid === undefined ? "its whole TLB" : `PCID ${e.pcid} from its TLB`;
      return `flushes ${what}${dropped ? ` (${dropped} goes)` : " (nothing was in it)"}`;
    }
    case "ldt": return e.to === 0 ? "loads an empty LDT" : "loads the mm's LDT";
    case "irqs": return e.on ? "turns interrupts on" : "turns interrupts off";
    case "switch": return `switches from ${l.objectAt(e.from)} to ${l.objectAt(e.to)}`;
    case "sendVector": return `sends the flush interrupt to ${cpus(e.to, l)}`;
    case "sendCall": return e.to === 0 ? "has no CPU to call" : `asks ${cpus(e.to, l)} to call ${l.fnName(e.fn) ?? "a function"}(${l.objectAt(e.info)})`;
    case "eoi": return "tells the interrupt controller that the interrupt is handled";
    case "take": return `takes an interrupt`;
    case "iret": return "returns from the interrupt: interrupts on again";
    case "awaited": return "sees that all CPUs have made the call";
    case "lock": return `${e.taken ? "takes" : "gives back"} ${l.cellName(e.cell, c)}`;
    case "fence": return "waits until its stores are visible to all";
    case "fill": return `fills its TLB with ${l.mmNames[e.mm]}:${l.pageName(e.mm, e.page)} → frame${e.frame}`;
    case "walk": return e.cached ? `goes through its paging-structure cache to ${l.mmNames[e.mm]}'s page table` : "";
    case "userRead":
      if (e.outcome === "fault") return `finds no page at ${l.mmNames[e.mm]}:${l.pageName(e.mm, e.page)}: a page fault`;
      return `reads ${l.mmNames[e.mm]}:${l.pageName(e.mm, e.page)} in frame${e.frame}${e.outcome === "tlb" ? ", through its TLB" : ""}`;
    case "alloc": return `takes frame${e.frame}`;
    case "free": return `gives back ${e.what}`;
    case "hypervisorFlush": return `has Xen flush the TLBs of ${cpus(e.to, l)}`;
    case "bug": return "reaches BUG()";
    case "warn": return "reaches a WARN that holds";
  }
}

function writeSentence(e: Effect & { k: "write" }, { machine, s, c }: Names): string {
  const l = machine.layout;
  const type = l.cells[e.cell]?.type;
  const name = cellName(machine, s, e.cell, c);
  const shown = showIn(machine, s, e.cell, e.value);
  if (e.locked && type?.k === "int" && type.role === "mask") {
    const bits = e.old ^ e.value;
    if (bits === 0) return `finds ${name} as it wants it (${shown}), LOCKed`;
    const whose = bits === 1 << c ? "its bit" : `the bit of ${cpus(bits, l)}`;
    return `${e.value & bits ? "sets" : "clears"} ${whose} in ${name}, LOCKed`;
  }
  if (e.locked && type?.k === "int" && type.role === "number" && e.value === e.old + 1) return `adds 1 to ${name}: ${e.value}`;
  if (e.locked && type?.k === "int" && type.role === "number" && e.value === e.old - 1) return `takes 1 from ${name}: ${e.value}`;
  return `writes ${name} = ${shown}${e.locked ? ", LOCKed" : ""}`;
}
