/** What the reader types: C expressions, and the names by which the panel calls things. */
import type { CType } from "../../kernel/ctype";
import { evaluate, type Evaluated, type FrameRef } from "../../machine/evaluate";
import { localsInScope } from "../../machine/view/locals";
import type { Machine, State } from "../../machine/machine";
import type { Session } from "../session";
import { frameAt } from "../stack/frames";

/** Where text is evaluated: a CPU, and a frame of its stack. */
export interface Context {
  machine: Machine;
  state: State;
  cpu: number;
  frame: FrameRef | undefined;
}

/** Where the reader looks: at a frame of the client's, or else at the selected CPU's innermost one. */
export function contextAt({ sim, machine, trace, selectedCpu }: Session, frameId: number | undefined): Context {
  const at = frameAt(sim, frameId) ?? { cpu: selectedCpu, frame: machine.stack(trace.state, selectedCpu)[0] };
  return { machine, state: trace.state, ...at };
}

/**
 * The value of a C expression, or of a cell or object by the name that it is shown with: `mm_cpumask(A)`, `A`, `CPU1's
 * CR3`.
 */
export function evaluateText({ machine, state, cpu, frame }: Context, text: string): Evaluated {
  const plain = text.trim().replace(/;$/, "");
  if (plain === "") return { error: "Nothing is written here. Write a C expression, for instance next->mm." };
  if (/(->|\.)$/.test(plain)) return { error: `A field's name is missing after ${plain}` };
  const c = evaluate(machine, state, cpu, frame, plain);
  if (!("error" in c)) return c;
  return namedCell(machine, state, cpu, plain) ?? namedObject(machine, plain) ?? c;
}

function namedCell(machine: Machine, s: State, cpu: number, text: string): Evaluated | undefined {
  const { layout: l } = machine;
  const { cpu: owner, name } = ofCpu(text.replaceAll("->", ".").replace(/\s+/g, " "), cpu);
  for (const [at, c] of l.cells.entries()) {
    if (c?.name === name && (c.cpu === undefined || c.cpu === owner || c.key === "tlb"))
      return { value: s[at], type: c.type, shown: l.format(at, s[at]), cell: at };
  }
  return undefined;
}

function ofCpu(text: string, cpu: number): { cpu: number; name: string } {
  const m = /^CPU(\d+)(?:'s |\.)(?!TLB )(.*)$/.exec(text);
  return m ? { cpu: Number(m[1]), name: m[2] } : { cpu, name: text };
}

function namedObject({ layout: l }: Machine, name: string): Evaluated | undefined {
  const of = (at: number, to: CType): Evaluated => ({ value: at, type: { k: "ptr", to }, shown: l.objectAt(at) });
  const mm = l.mmNames.indexOf(name);
  if (mm >= 0) return of(l.mms[mm], { k: "struct", name: "mm_struct" });
  const task = l.tasks.get(name);
  return task === undefined ? undefined : of(task, { k: "struct", name: "task_struct" });
}

/** Names that the reader could go on with: of variables in scope, of the program's own, and of the scenario's. */
export function knownNames({ machine, frame }: Context): string[] {
  const { layout: l, program } = machine;
  const locals = frame ? localsInScope(machine, frame.fn, frame.pc).map((v) => v.name) : [];
  const masks = l.mmNames.map((m) => `mm_cpumask(${m})`);
  return [
    ...new Set([
      ...locals,
      "current",
      ...program.percpu.keys(),
      ...[...program.globals.values()].filter((v) => v.fn === undefined).map((v) => v.name),
      ...l.mmNames,
      ...masks,
      ...[...program.enumerators.values()].flatMap((e) => [...e.values()]),
    ]),
  ];
}

/** Fields that can follow `text` and a dot or an arrow. */
export function fieldsAfter(c: Context, text: string): string[] {
  const whole = evaluateText(c, text);
  if ("error" in whole) return [];
  const t = whole.type.k === "ptr" ? whole.type.to : whole.type;
  return t.k === "struct" ? [...(c.machine.program.fields.get(t.name)?.keys() ?? [])] : [];
}
