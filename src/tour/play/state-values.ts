/**
 * Values of a state by what a tour calls them: C expressions with the scenario's own names in them, and a few words of
 * the panel.
 */
import { describe } from "../../machine/view/describe";
import { evaluate, type Evaluated } from "../../machine/evaluate";
import { idleTask, W } from "../../machine/layout";
import type { Machine, State } from "../../machine/machine";
import { placeOf } from "../../machine/view/narrate";
import type { CpuView, TlbEntryView } from "../../machine/view/view";
import { say } from "../say";

/** What an expression is worth on a state, as this CPU sees it in its innermost frame. */
export function valueOf(machine: Machine, s: State, cpu: number, text: string): Evaluated {
  if (cpu >= machine.layout.cpuCount) return { error: say.noCpu(cpu) };
  const frame = machine.stack(s, cpu)[0];
  const value = evaluate(machine, s, cpu, frame, withNames(machine, s, cpu, text.trim()));
  if (!("error" in value)) return value;
  // What isn't C may be a cell by the name that the panel has for it: `A.mm_count`, `flush_state[1].flush_mm`.
  const { cells } = machine.layout;
  const cell = cells.findIndex((c) => c?.name === text.trim() && (c.cpu === undefined || c.cpu === cpu));
  return cell < 0
    ? value
    : { value: s[cell], type: cells[cell].type, shown: machine.layout.format(cell, s[cell]), cell };
}

/** The text with mms, tasks and registers by their addresses; so `current == A/1` and `CR3 == A->pgd` are C. */
function withNames(machine: Machine, s: State, cpu: number, text: string): string {
  const { layout: l, scenario } = machine;
  const known = new Map<string, string>();
  scenario.mms.forEach((m, i) => known.set(m.name, `((struct mm_struct *)${l.mms[i]})`));
  for (const name of [...scenario.tasks.map((t) => t.name), ...scenario.cpus.map((_, c) => idleTask(c))]) {
    const at = l.tasks.get(name);
    if (at !== undefined) known.set(name, `((struct task_struct *)${at})`);
  }
  known.set("CR3", `((pgd_t *)${s[l.cpu[cpu] + W.cr3]})`);
  known.set("IF", String(s[l.cpu[cpu] + W.irqsOn]));
  const names = [...known.keys()]
    .sort((a, b) => b.length - a.length)
    .map((n) => n.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  const word = new RegExp(`(?<![\\w.>])(?:${names.join("|")})(?![\\w/])`, "g");
  return ownCopies(machine, masksCompared(machine, s, text)).replace(word, (name) => known.get(name)!);
}

/** `mm_cpumask(A) == 3` compares the set itself; C would compare where it stands. */
function masksCompared({ layout: l, scenario }: Machine, s: State, text: string): string {
  return text.replace(/\bmm_cpumask\(\s*([^\s()]+)\s*\)(?=\s*(?:[=!]=|&(?!&)))/g, (all, name: string) => {
    const m = scenario.mms.findIndex((mm) => mm.name === name);
    return m < 0 ? all : String(s[l.fieldAt(l.mms[m], "mm_struct", "cpumask")]);
  });
}

/** `cpu_tlbstate.state == TLBSTATE_OK`: a per-CPU variable by its bare name is this CPU's copy. */
function ownCopies({ program }: Machine, text: string): string {
  const names = [...program.percpu.keys()].filter((n) => !program.globals.has(n));
  if (names.length === 0) return text;
  const bare = new RegExp(`(?<![\\w.>])(?:${names.join("|")})(?:\\.\\w+|\\[\\w+\\])*(?!\\w)`, "g");
  return text.replace(bare, (name, at: number) =>
    (at === 0 && name.length === text.length) ||
    /(?:per_?cpu|this_cpu|raw_cpu|cpu_var|pda)\w*\s*\(\s*&?$/.test(text.slice(0, at))
      ? name
      : `percpu_read(${name})`,
  );
}

/** A translation as the panel shows it. */
export const entryText = (e: TlbEntryView): string => {
  const entry = `${e.mm}:${e.page} → ${e.frame}`;
  return e.freed ? say.freed(entry) : e.stale ? say.stale(entry) : entry;
};

/** Words of a CPU's card that are no C. */
const words: Record<string, (cpu: CpuView, machine: Machine, s: State) => string> = {
  tlb: (cpu) =>
    cpu.tlb
      .filter((e) => !e.dropped)
      .map(entryText)
      .join(", ") || say.tlbEmpty(),
  cr3: (cpu) => cpu.cr3.value,
  task: (cpu) => cpu.task,
  mode: (cpu) => say.mode(cpu.mode),
  waits: (cpu) => cpu.waits ?? say.waitsForNothing(),
  interrupts: (cpu) => say.interrupts(cpu.irqsOn),
  action: (cpu) => cpu.action || say.nothingMore(),
  line: (cpu) => (cpu.at ? String(cpu.at.line) : say.none()),
  function: (cpu) => cpu.at?.fn ?? say.none(),
  statement: (_, machine, s) => statementAt(machine, s, _.id) ?? say.none(),
};

/** What a live value says in a tour's words, or why it says nothing. */
export function shownOf(machine: Machine, s: State, cpu: number, text: string): { shown: string } | { error: string } {
  const word = text.trim();
  if (cpu >= machine.layout.cpuCount) return { error: say.noCpu(cpu) };
  if (Object.hasOwn(words, word.toLowerCase()))
    return { shown: words[word.toLowerCase()](describe(machine, s).cpus[cpu], machine, s) };
  const value = valueOf(machine, s, cpu, word);
  return "error" in value ? value : { shown: value.shown };
}

/** The text of the statement that a CPU executes next. */
function statementAt(machine: Machine, s: State, cpu: number): string | undefined {
  const pc = s[machine.layout.cpu[cpu] + W.pc];
  if (pc === 0) return undefined;
  const p = machine.program.places[machine.code.instrs[pc].src];
  return p.file.text.slice(p.start, p.end).replace(/\s+/g, " ");
}

/** `line 60 of switch_mm()`: where a CPU stands, for messages. */
export function whereIs(machine: Machine, s: State, cpu: number): string {
  const at = placeOf(machine, s[machine.layout.cpu[cpu] + W.pc]);
  return at ? say.where(at.line, at.fn) : say.nowhere();
}
