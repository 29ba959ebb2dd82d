/**
 * Machines for tests: of a few lines of C per CPU, or of the edition and a scenario; what their states hold, by name;
 * and the player that brings CPUs to lines.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../src/cli/node-host";
import type { SourceFile } from "../../src/kernel/syntax/source";
import { Machine, type State } from "../../src/machine/machine";
import type { Action, Scenario } from "../../src/scenario/scenario";
import { readScenario } from "../../src/scenario/read-scenario";
import { build, compile, edition, type Edit } from "./kernel";
import { Player } from "./player";

export { Player } from "./player";

// --- scenarios ---

/** Reads a scenario that must be right. */
export function scenarioOf(text: string): Scenario {
  const { scenario, problems } = readScenario(text);
  assert.deepEqual(
    problems.filter((p) => p.severity === "error").map((p) => p.message),
    [],
  );
  return scenario!;
}

const folder = (dir: string) =>
  new Map(
    readdirSync(path.join(packageRoot(), dir))
      .filter((f) => f.endsWith(".yaml"))
      .map((f) => [f.slice(0, -5), readFileSync(path.join(packageRoot(), dir, f), "utf8")]),
  );

const builtIn = folder("walkthroughs/scenarios");
const ofTests = folder("test/fixtures/scenarios");

/** Ids of the scenarios that ship. */
export const builtInIds = [...builtIn.keys()];

/** A scenario by its file's name: one that ships, or one of the tests' own. */
export function scenario(id: string): Scenario {
  const text = builtIn.get(id) ?? ofTests.get(id);
  if (text === undefined) throw new Error(`No scenario ${id}.`);
  return scenarioOf(text);
}

/** The built-in edition (some files edited, if asked) with a scenario. */
export function editionMachine(of: string | Scenario, edits: Record<string, Edit> = {}): Machine {
  return machineOf(edition(edits), of);
}

export function machineOf(files: SourceFile[], of: string | Scenario): Machine {
  const s = typeof of === "string" ? scenario(of) : of;
  return new Machine(build(files, s.platform), s);
}

/** Files of the edition as edits name them. */
export const files = {
  sched: "kernel/sched.c",
  mmuContext: "arch/x86/include/asm/mmu_context.h",
  tlb: "arch/x86/mm/tlb.c",
  xen: "arch/x86/xen/mmu.c",
  exec: "fs/exec.c",
  fork: "kernel/fork.c",
  environment: "environment.c",
} as const;

// --- a few lines of C per CPU ---

export interface ToyOptions {
  /** What stands in front of the functions: variables, structs, macros, further functions. */
  c?: string;
  mms?: Scenario["mms"];
  tasks?: Scenario["tasks"];
  /** Who runs on each CPU; its idle task unless said otherwise. */
  starts?: string[];
  platform?: Scenario["platform"];
  speculation?: boolean;
  order?: Scenario["order"];
  /** The machine has page tables that can be freed: CPU 1's function is that of munmap_table. */
  tables?: boolean;
  settings?: Scenario["settings"];
}

/** The actions whose entry functions stand for CPU 0, 1, …; they have nothing else to do with what they are called. */
const entryActions: { action: Action; head: string }[] = [
  { action: { do: "touch", page: "page0" }, head: "void scenario_touch(unsigned long addr)" },
  {
    action: { do: "munmap", page: "page0" },
    head: "void scenario_munmap(struct vm_area_struct *vma, unsigned long addr)",
  },
  { action: { do: "mmap", page: "page0" }, head: "void scenario_mmap(struct vm_area_struct *vma, unsigned long addr)" },
  { action: { do: "exec", mm: "none" }, head: "void scenario_exec(struct mm_struct *mm)" },
];

const tableAction: (typeof entryActions)[number] = {
  action: { do: "munmap_table", page: "page0" },
  head: "void scenario_munmap_table(struct vm_area_struct *vma, unsigned long addr)",
};
const entryAction = (i: number, tables: boolean) => (tables && i === 1 ? tableAction : entryActions[i]);

/** The text that `toy` runs: its functions' bodies begin on the lines after those of `c`. */
const toyText = (bodies: string[], c: string, tables: boolean) =>
  `${c}\n${bodies.map((body, i) => `${entryAction(i, tables).head}\n{\n${body}\n}\n`).join("")}`;

/** The program alone, for its diagnostics. */
export const toyProgram = (
  bodies: string[],
  c = "",
  platform: "native" | "xen" = "native",
  tables = false,
  settings: Scenario["settings"] = {},
) => compile(toyText(bodies, c, tables), platform, settings);

/** A machine on which each CPU runs the statements given for it, once. */
export function toy(
  bodies: string[],
  {
    c = "",
    mms = [],
    tasks = [],
    starts = [],
    platform = "native",
    speculation = false,
    order = "sc",
    tables = false,
    settings,
  }: ToyOptions = {},
): Machine {
  const program = toyProgram(bodies, `${c}\n${starts.length ? switcher : ""}`, platform, tables, settings);
  return new Machine(program, {
    id: "toy",
    about: "A test.",
    platform,
    order,
    speculation,
    mms,
    tasks,
    cpus: bodies.map((_, i) => ({
      starts: starts[i] ?? `swapper/${i}`,
      does: [{ action: entryAction(i, tables).action, range: { start: 0, end: 0 } }],
    })),
  });
}

/** Brings a toy's CPU to the task it starts with. */
const switcher = `void scenario_schedule(struct task_struct *next)
{
	struct task_struct *prev = current;
	if (next->mm) {
		cpumask_set_cpu(smp_processor_id(), mm_cpumask(next->mm));
		load_cr3(next->mm->pgd);
	} else
		next->active_mm = prev->active_mm;
	switch_to(prev, next, prev);
}`;

// --- reading states ---

/**
 * The value of a variable, field or register by the name that its cell has: `x`, `s.a`, `v[2]`, `mm_cpumask(A)`,
 * `CPU1's CR3`.
 */
export function read(m: Machine, s: State, name: string): number {
  return s[cellOf(m, name)];
}

export function cellOf(m: Machine, name: string): number {
  const of = /^CPU(\d+)'s (.*)$/.exec(name);
  const at = m.layout.cells.findIndex(
    (c) => c && (c.name === name || (of && c.cpu === Number(of[1]) && c.name === of[2])),
  );
  if (at < 0)
    throw new Error(`No cell ${name}: there are ${m.layout.cells.flatMap((c) => (c ? [c.name] : [])).join(", ")}.`);
  return at;
}

/** As `read`, in the reader's words. */
export const shown = (m: Machine, s: State, name: string): string => m.layout.format(cellOf(m, name), read(m, s, name));

/** What a one-CPU program leaves in its variables. */
export function leaves(bodies: string | string[], names: string[], options: ToyOptions = {}): Record<string, number> {
  const m = toy(typeof bodies === "string" ? [bodies] : bodies, options);
  const p = new Player(m);
  p.finish();
  assert.deepEqual(p.violations, []);
  return Object.fromEntries(names.map((n) => [n, read(m, p.state, n)]));
}
