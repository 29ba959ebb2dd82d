/** Says in one English sentence what a move did. */
import { positionAt } from "../kernel/source";
import type { Effect } from "./effects";
import { describeAction, pageIndex, type Layout } from "./layout";
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
      const mm = Math.floor(moveArg(m) / l.pages), page = moveArg(m) % l.pages;
      const fill = effects.find((e) => e.k === "fill");
      return `${who} fills its TLB with ${l.mmNames[mm]}:${l.pageName(mm, page)} → frame${fill?.k === "fill" ? fill.frame : "?"}, speculatively, from the page tables in CR3.`;
    }
    case MoveKind.vector: case MoveKind.call: {
      const take = effects.find((e) => e.k === "take");
      const what = moveKind(m) === MoveKind.vector ? "the flush interrupt" : `CPU${moveArg(m)}'s function call`;
      return `${who} takes ${what}: ${take?.k === "take" ? `${take.fn}()` : "its handler"} runs on top, interrupts off.`;
    }
  }
  const cpu = l.cpu[c];
  const pc = before[cpu];
  const parts = effects.map((e) => sentenceOf(e, c, machine, l)).filter((p) => p !== "");
  const branch = effects.filter((e) => e.k === "branch").at(-1);
  const reads = effects.filter((e) => e.k === "read");
  if (pc !== 0 && branch?.k === "branch" && !parts.some((p) => !p.startsWith("reads"))) {
    const truth = conditionHolds(machine, pc, branch.to);
    const seen = reads.map((r) => (r.k === "read" ? `${l.cellName(r.cell, c)} = ${l.format(r.cell, r.value)}` : "")).join(", ");
    return `${who} tests ${textOf(machine, pc)}: ${truth ? "true" : "false"}${seen ? ` (${seen})` : ""}.`;
  }
  if (parts.length === 0) return pc === 0 ? `${who} goes on.` : `${who} passes ${textOf(machine, pc)}.`;
  return `${who} ${joinAll(parts)}.`;
}

/** Did the condition that ends in a branch hold? Its code goes on inside the statement that it guards when it did. */
function conditionHolds(machine: Machine, pc: number, to: number): boolean {
  const here = machine.program.places[machine.code.instrs[pc].src];
  const target = machine.code.instrs[to];
  if (!target || machine.code.fnOf[to] !== machine.code.fnOf[pc]) return false;
  const there = machine.program.places[target.src];
  const between = here.file.text.slice(here.end, Math.max(here.end, there.start));
  return there.file === here.file && there.start >= here.end && !/\belse\b/.test(between) && balanced(between);
}

/** No brace is closed in the text that wasn't opened in it: what follows is still inside the guarded statement. */
function balanced(text: string): boolean {
  let depth = 0;
  const statements = text.replace(/\/\*[\s\S]*?\*\//g, "");
  for (const ch of statements) {
    if (ch === "{") depth++;
    else if (ch === "}") { depth--; return false; }
    else if (ch === ";" && depth === 0) return false;
  }
  return true;
}

const joinAll = (parts: string[]): string => (parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")}, and ${parts.at(-1)}`);

function cpus(mask: number, l: Layout): string {
  const list = Array.from({ length: l.cpuCount }, (_, i) => i).filter((i) => (mask >> i) & 1).map((i) => `CPU${i}`);
  return list.length === 0 ? "nobody" : list.join(", ");
}

/** A verb phrase without its subject; empty for what goes without saying. */
function sentenceOf(e: Effect, c: number, machine: Machine, l: Layout): string {
  switch (e.k) {
    case "read": return `reads ${l.cellName(e.cell, c)} = ${l.format(e.cell, e.value)}`;
    case "write": return writeSentence(e, c, l);
    case "branch": return "";
    case "call": return `calls ${e.fn}(${machine.code.fns.get(e.fn)!.params.map((p, i) => `${p.name} = ${p.type.k === "ptr" ? (p.type.to.k === "fn" ? l.fnName(e.args[i]) : l.objectAt(e.args[i])) : e.args[i]}`).join(", ")})`;
    case "return": return `returns from ${e.fn}()`;
    case "action": return `is asked to ${describeAction(machine.scenario.cpus[c].does[e.index].action)}`;
    case "actionDone": return e.index < machine.scenario.cpus[c].does.length ? `is done with ${describeAction(machine.scenario.cpus[c].does[e.index].action)}` : "";
    case "cr3": return `loads CR3 with ${l.objectAt(e.to)}`;
    case "flush": {
      const dropped = e.dropped.map((d) => l.cells[d].name.replace(/^.* for /, "")).join(", ");
      const what = e.what === "all" ? "its whole TLB" : `page${pageIndex(e.what)} from its TLB`;
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

function writeSentence(e: Effect & { k: "write" }, c: number, l: Layout): string {
  const cell = l.cells[e.cell];
  const name = l.cellName(e.cell, c);
  const type = cell?.type;
  if (e.locked && type?.k === "int" && type.role === "mask") {
    const bits = e.old ^ e.value;
    if (bits === 0) return `finds ${name} as it wants it (${l.format(e.cell, e.value)}), LOCKed`;
    const whose = bits === 1 << c ? "its bit" : `the bit of ${cpus(bits, l)}`;
    return `${e.value & bits ? "sets" : "clears"} ${whose} in ${name}, LOCKed`;
  }
  if (e.locked && e.value === e.old + 1) return `adds 1 to ${name}: ${e.value}`;
  if (e.locked && e.value === e.old - 1) return `takes 1 from ${name}: ${e.value}`;
  return `writes ${name} = ${l.format(e.cell, e.value)}${e.locked ? ", LOCKed" : ""}`;
}
