/** Says in one sentence what a move did, in the language that @vscode/l10n was given words of. */
import { t } from "@vscode/l10n";
import { positionAt } from "../../kernel/syntax/source";
import type { Effect, Invalidation } from "../effects";
import { formatValue } from "../cells";
import type { Layout } from "../layout";
import { pageIndex, W } from "../state";
import { cellName, showIn } from "./locals";
import { broadcastOf, callerOf, choiceOf, fillOf, moveCpu, MoveKind, moveKind, type Move } from "../move";
import type { Machine, State } from "../machine";
import { describeAction } from "./names";
import type { SourcePlace } from "./view";

/** The place of a CPU's next statement, or undefined when it runs nothing of the program. */
export function placeOf(machine: Machine, pc: number): SourcePlace | undefined {
  if (pc === 0) return undefined;
  const p = machine.program.places[machine.code.instrs[pc].src];
  const start = positionAt(p.file, p.start),
    end = positionAt(p.file, p.end);
  return {
    file: p.file.uri,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    fn: p.fn,
  };
}

/** The source text of a CPU's statement, on one line and not too long. */
export function textOf(machine: Machine, pc: number): string {
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
      const { mm, page } = fillOf(m);
      const fill = effects.find((e) => e.k === "fill"),
        walk = effects.find((e) => e.k === "walk");
      if (page === l.pages)
        return t(
          "{0} remembers in its paging-structure cache where {1}'s page table is, speculatively, from the page " +
            "tables in CR3.",
          who,
          l.mmNames[mm],
        );
      if (walk?.cached && !fill)
        return t("{0} walks {1}'s page table speculatively, through its paging-structure cache.", who, l.mmNames[mm]);
      const leads = [`${l.mmNames[mm]}:${l.pageName(mm, page)}`, `frame${fill?.k === "fill" ? fill.frame : "?"}`];
      return walk?.cached
        ? t("{0} fills its TLB with {1} → {2}, speculatively, through its paging-structure cache.", who, ...leads)
        : t("{0} fills its TLB with {1} → {2}, speculatively, from the page tables in CR3.", who, ...leads);
    }
    case MoveKind.drain: {
      const e = effects.find((x) => x.k === "write");
      return e?.k === "write"
        ? t(
            "{0}'s oldest waiting store reaches memory: {1} is visible to all.",
            who,
            `${l.cellName(e.cell, c)} = ${l.format(e.cell, e.value)}`,
          )
        : t("{0}'s store buffer is empty.", who);
    }
    case MoveKind.choose:
      return t("{0} chooses to {1}.", who, describeAction(machine.scenario.cpus[c].does[choiceOf(m)].action));
    case MoveKind.vector:
    case MoveKind.call: {
      const take = effects.find((e) => e.k === "take");
      const handler = take?.k === "take" ? `${take.fn}()` : t("its handler");
      return moveKind(m) === MoveKind.vector
        ? t("{0} takes the flush interrupt: {1} runs on top, interrupts off.", who, handler)
        : t("{0} takes {1}'s function call: {2} runs on top, interrupts off.", who, `CPU${callerOf(m)}`, handler);
    }
  }
  if (moveKind(m) === MoveKind.time) return t("Time passes, beyond every deadline: {0}'s timer moves jiffies on.", who);
  if (moveKind(m) === MoveKind.broadcast) {
    const from = `CPU${broadcastOf(m).from}`;
    const dropped = effects
      .flatMap((e) => (e.k === "flush" ? e.dropped : []))
      .map((d) => translationAt(l, c, d))
      .join(", ");
    return dropped
      ? t("{0} carries out {1}'s INVLPGB: {2} goes from its TLB.", who, from, dropped)
      : t("{0} carries out {1}'s INVLPGB: nothing of that was in its TLB.", who, from);
  }
  const pc = before[l.cpu[c] + W.pc];
  const names: Names = { machine, s: before, c };
  const parts = effects.map((e) => sentenceOf(e, names)).filter((p) => p !== "");
  const branch = effects.filter((e) => e.k === "branch").at(-1);
  const place = pc === 0 ? undefined : machine.program.places[machine.code.instrs[pc].src];
  if (place?.whenTrue && branch?.k === "branch") {
    // Where control went says whether the condition holds, unless more of it is still to be evaluated.
    const holds = branch.to === machine.code.fnOf[pc].entry + place.whenTrue.at;
    const goesOn =
      !holds && machine.code.instrs[branch.to] && machine.program.places[machine.code.instrs[branch.to].src] === place;
    if (!goesOn) {
      const reads = effects.flatMap((e) =>
        e.k === "read" ? [`${cellName(machine, before, e.cell, c)} = ${showIn(machine, before, e.cell, e.value)}`] : [],
      );
      const values = reads.length ? ` (${reads.join(", ")})` : "";
      const test = t({
        message: "tests {0}",
        args: [`${textOf(machine, pc)}: ${holds ? t("true") : t("false")}${values}`],
        comment: "a CPU tests a condition, which is: true or false",
      });
      const all = effects
        .filter((e) => e.k !== "read")
        .map((e) => (e === branch ? test : sentenceOf(e, names)))
        .filter((p) => p !== "");
      return sentence(who, all);
    }
  }
  if (parts.length === 0) return pc === 0 ? t("{0} goes on.", who) : t("{0} passes {1}.", who, textOf(machine, pc));
  return sentence(who, parts);
}

/** What sentences need to name things: the machine, the state before the move, and who moved. */
interface Names {
  machine: Machine;
  s: State;
  c: number;
}

/** Verb phrases with their subject. */
function sentence(who: string, parts: string[]): string {
  const all =
    parts.length < 2
      ? parts.join("")
      : t({
          message: "{0}, and {1}",
          args: [parts.slice(0, -1).join(", "), parts.at(-1)!],
          comment: "joins what a CPU does in one step",
        });
  return t({ message: "{0} {1}.", args: [who, all], comment: "a CPU, and what it does" });
}

function cpus(mask: number, l: Layout): string {
  const list = Array.from({ length: l.cpuCount }, (_, i) => i)
    .filter((i) => (mask >> i) & 1)
    .map((i) => `CPU${i}`);
  return list.length === 0 ? t("nobody") : list.join(", ");
}

/** An effect of CPU `c`'s move from `s` as a phrase without its subject; empty for what goes without saying. */
export const effectPhrase = (e: Effect, machine: Machine, s: State, c: number): string =>
  sentenceOf(e, { machine, s, c });

/** A verb phrase without its subject; empty for what goes without saying. */
function sentenceOf(e: Effect, names: Names): string {
  const { machine, s, c } = names;
  const l = machine.layout;
  const is = ({ cell, value }: { cell: number; value: number }) =>
    `${cellName(machine, s, cell, c)} = ${showIn(machine, s, cell, value)}`;
  const page = (of: { mm: number; page: number }) => `${l.mmNames[of.mm]}:${l.pageName(of.mm, of.page)}`;
  switch (e.k) {
    case "read":
      return t("reads {0}", is(e));
    case "write":
      return l.cells[e.cell]?.key === "pte" && e.value === -e.old ? "" : writeSentence(e, names); // see isOutlived
    case "local":
      return t("sets {0}", is(e));
    case "buffer":
      return t("puts {0} into its store buffer", is(e));
    case "branch":
      return "";
    case "call":
      return t(
        "calls {0}",
        `${e.fn}(${machine.code.fns
          .get(e.fn)!
          .params.map((p, i) => `${p.name} = ${formatValue(p.type, undefined, e.args[i], l)}`)
          .join(", ")})`,
      );
    case "return":
      return t("returns from {0}", `${e.fn}()`);
    case "action":
      return t("is asked to {0}", describeAction(machine.scenario.cpus[c].does[e.index].action));
    case "actionDone":
      return e.index < machine.scenario.cpus[c].does.length
        ? t("is done with {0}", describeAction(machine.scenario.cpus[c].does[e.index].action))
        : "";
    case "cr3":
      if (e.pcid === undefined) return t("loads CR3 with {0}", l.objectAt(e.to));
      return e.keeps
        ? t("loads CR3 with {0} and PCID {1}, keeping what its TLB holds of that", l.objectAt(e.to), e.pcid)
        : t("loads CR3 with {0} and PCID {1}", l.objectAt(e.to), e.pcid);
    case "flush": {
      const dropped = e.dropped.map((d) => translationAt(l, c, d)).join(", ");
      const what =
        e.what !== "all"
          ? t("flushes {0} from its TLB", `page${pageIndex(e.what)}`)
          : e.pcid === undefined
            ? t("flushes its whole TLB")
            : t("flushes {0} from its TLB", `PCID ${e.pcid}`);
      return dropped
        ? t({ message: "{0} ({1} goes)", args: [what, dropped], comment: "flushes … (A:page0 goes)" })
        : t({ message: "{0} (nothing was in it)", args: [what], comment: "flushes … (nothing was in it)" });
    }
    case "broadcast":
      return t("asks the TLBs of all CPUs to drop {0}, by INVLPGB", invalidated(e.what));
    case "synced":
      return t("sees that all CPUs have carried out its INVLPGBs (TLBSYNC)");
    case "ldt":
      return e.to === 0 ? t("loads an empty LDT") : t("loads the mm's LDT");
    case "irqs":
      return e.on ? t("turns interrupts on") : t("turns interrupts off");
    case "switch":
      return t("switches from {0} to {1}", l.objectAt(e.from), l.objectAt(e.to));
    case "sendVector":
      return t("sends the flush interrupt to {0}", cpus(e.to, l));
    case "sendCall":
      return e.to === 0
        ? t("has no CPU to call")
        : t("asks {0} to call {1}", cpus(e.to, l), `${l.fnName(e.fn) ?? t("a function")}(${l.objectAt(e.info)})`);
    case "eoi":
      return t("tells the interrupt controller that the interrupt is handled");
    case "take":
      return t("takes an interrupt");
    case "iret":
      return t("returns from the interrupt: interrupts on again");
    case "awaited":
      return t("sees that all CPUs have made the call");
    case "lock":
      return e.taken
        ? t({ message: "takes {0}", args: [l.cellName(e.cell, c)], comment: "a CPU takes a lock" })
        : t({ message: "gives back {0}", args: [l.cellName(e.cell, c)], comment: "a CPU gives a lock back" });
    case "fence":
      return t("waits until its stores are visible to all");
    case "fill":
      return t("fills its TLB with {0} → {1}", page(e), `frame${e.frame}`);
    case "walk":
      return e.cached ? t("goes through its paging-structure cache to {0}'s page table", l.mmNames[e.mm]) : "";
    case "userRead":
      if (e.outcome === "fault") return t("finds no page at {0}: a page fault", page(e));
      return e.outcome === "tlb"
        ? t("reads {0} in {1}, through its TLB", page(e), `frame${e.frame}`)
        : t("reads {0} in {1}", page(e), `frame${e.frame}`);
    case "alloc":
      return t({ message: "takes {0}", args: [`frame${e.frame}`], comment: "a CPU takes a page of memory for use" });
    case "free":
      return t({ message: "gives back {0}", args: [e.what], comment: "a CPU gives memory back" });
    case "hypervisorFlush":
      return t("has Xen flush the TLBs of {0}", cpus(e.to, l));
    case "bug":
      return t("reaches BUG()");
    case "warn":
      return t("reaches a WARN that holds");
  }
}

/** `page0 under PCID 7`. */
export function invalidated({ pcid, addresses }: Invalidation): string {
  const pages = addresses?.map((a) => `page${pageIndex(a)}`).join(", ");
  if (pages === undefined) return pcid === undefined ? t("all translations") : `PCID ${pcid}`;
  return pcid === undefined ? pages : t("{0} under PCID {1}", pages, pcid);
}

/** What a TLB's cell is for: `A:page0`. */
function translationAt(l: Layout, cpu: number, cell: number): string {
  for (const pcid of l.pcids) {
    for (const [mm, name] of l.mmNames.entries()) {
      const first = l.tlbCell(cpu, pcid, mm, 0);
      if (cell >= first && cell < l.tlbCell(cpu, pcid, mm + 1, 0)) return `${name}:${l.pageName(mm, cell - first)}`;
    }
  }
  return l.cells[cell].name;
}

function writeSentence(e: Effect & { k: "write" }, { machine, s, c }: Names): string {
  const l = machine.layout;
  const type = l.cells[e.cell]?.type;
  const name = cellName(machine, s, e.cell, c);
  const shown = showIn(machine, s, e.cell, e.value);
  if (e.locked && type?.k === "int" && type.role === "mask") {
    const bits = e.old ^ e.value;
    if (bits === 0) return t("finds {0} as it wants it ({1}), LOCKed", name, shown);
    if (bits === 1 << c)
      return e.value & bits ? t("sets its bit in {0}, LOCKed", name) : t("clears its bit in {0}, LOCKed", name);
    return e.value & bits
      ? t("sets the bit of {0} in {1}, LOCKed", cpus(bits, l), name)
      : t("clears the bit of {0} in {1}, LOCKed", cpus(bits, l), name);
  }
  if (e.locked && type?.k === "int" && type.role === "number") {
    if (e.value === e.old + 1) return t("adds 1 to {0}: {1}", name, e.value);
    if (e.value === e.old - 1) return t("takes 1 from {0}: {1}", name, e.value);
  }
  return e.locked ? t("writes {0}, LOCKed", `${name} = ${shown}`) : t("writes {0}", `${name} = ${shown}`);
}
