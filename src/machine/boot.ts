/**
 * The state that a scenario starts from: memory as the boot code leaves it, and every CPU brought to its first task by
 * the kernel's own code.
 */
import { t } from "@vscode/l10n";
import type { CType } from "../kernel/ctype";
import type { Initial } from "../kernel/ir";
import { MAX_CPUS } from "../kernel/primitives/vocabulary";
import type { Applied, Observer, Violation } from "./effects";
import type { Entry } from "./entry";
import { StepEnd, type Interpreter } from "./exec";
import type { Hardware } from "./hardware/hardware";
import { idleTask, type Layout } from "./layout";
import type { Code } from "./link";
import { FrameState, W, type State } from "./state";

/** Atomic steps that bringing one CPU to its first task may take. */
const BOOT_LIMIT = 5_000;

/** Initcalls run first, then each CPU comes up, each mm is made, and each CPU switches from its idle task. */
export function initialState(code: Code, interpreter: Interpreter, hardware: Hardware, entry: Entry): Applied {
  const s = new Int32Array(code.layout.size);
  const boot = new Boot(s, code, interpreter, hardware, entry);
  boot.memory();
  boot.cpus();
  boot.run();
  return { state: s, violations: boot.violations, effects: [], unknowns: [...boot.unknowns] };
}

class Boot {
  readonly violations: Violation[] = [];
  readonly unknowns = new Set<number>();
  private readonly observer: Observer = {
    violation: (v) => this.violations.push(v),
    unknown: (n) => this.unknowns.add(n),
  };
  private readonly layout: Layout;

  constructor(
    private readonly s: State,
    private readonly code: Code,
    private readonly interpreter: Interpreter,
    private readonly hardware: Hardware,
    private readonly entry: Entry,
  ) {
    this.layout = code.layout;
  }

  private mmField(m: number, ...path: string[]): number {
    return this.layout.fieldAt(m, "mm_struct", ...path);
  }

  /** Global variables, mms, pages and tasks. */
  memory(): void {
    const { s, layout: l } = this;
    const { scenario, program } = l;
    for (const v of program.globals.values()) this.initialise(l.globals.get(v.name)!, v.type, v.init);
    const initMm = l.globals.get("init_mm")!;
    s[this.mmField(initMm, "pgd")] = l.swapper;
    s[this.mmField(initMm, "mm_users")] = 2;
    s[this.mmField(initMm, "mm_count")] = 1 + l.cpuCount;
    s[this.mmField(initMm, "cpumask")] = (1 << l.cpuCount) - 1;
    s[l.globals.get("cpu_online_bits")!] = (1 << l.cpuCount) - 1;
    this.hardware.clock.start(s);
    for (let i = 0; i < MAX_CPUS; i++) s[l.globals.get("cpu_bit_bitmap")! + i] = 1 << i;
    let frame = 0;
    scenario.mms.forEach((m, i) => {
      const at = l.mms[i];
      s[this.mmField(at, "pgd")] = l.pgds[i];
      s[this.mmField(at, "mm_users")] = Math.max(1, scenario.tasks.filter((task) => task.mm === m.name).length);
      s[this.mmField(at, "mm_count")] = 1;
      s[l.fieldAt(l.vmas[i], "vm_area_struct", "vm_mm")] = at;
      m.pages.forEach((_, p) => {
        s[l.pgds[i] + p] = ++frame;
        s[l.frames[frame - 1]] = FrameState.inUse;
      });
      const table = l.tableFrames[i];
      if (table === 0) return;
      s[l.pgds[i] + l.pages] = table;
      s[l.frames[table - 1]] = FrameState.inUse;
    });
    for (const task of scenario.tasks) {
      const mm = task.mm === undefined ? 0 : l.mms[l.mmNames.indexOf(task.mm)];
      s[l.fieldAt(l.tasks.get(task.name)!, "task_struct", "mm")] = mm;
      s[l.fieldAt(l.tasks.get(task.name)!, "task_struct", "active_mm")] = mm;
    }
    for (const o of l.owned) s[o.cell] = o.object;
  }

  /** Each CPU's own variables and registers: it runs its idle task on swapper_pg_dir, interrupts on. */
  cpus(): void {
    const { s, layout: l } = this;
    const { program } = l;
    for (let c = 0; c < l.cpuCount; c++) {
      for (const v of program.percpu.values())
        this.initialise(l.percpu[c] + l.percpuOffset.get(v.name)!, v.type, v.init);
      const idle = l.tasks.get(idleTask(c))!;
      s[l.fieldAt(idle, "task_struct", "active_mm")] = l.globals.get("init_mm")!;
      s[l.cpu[c] + W.current] = idle;
      s[l.cpu[c] + W.cr3] = l.swapper;
      s[l.cpu[c] + W.irqsOn] = 1;
    }
  }

  /** The kernel's own code. */
  run(): void {
    const { s, layout: l } = this;
    const { scenario, program } = l;
    for (const name of program.initcalls) this.toEnd(0, name, [], t("in the initcall {0}()", name));
    for (let c = 0; c < l.cpuCount; c++) this.optional(c, "scenario_boot_cpu", [], t("bringing CPU{0} up", c));
    scenario.mms.forEach((m, i) => {
      this.optional(0, "scenario_boot_mm", [l.mms[i]], t("making {0}", m.name));
      s[this.mmField(l.mms[i], "context", "ldt")] = m.ldt ? i + 1 : 0;
    });
    scenario.cpus.forEach((cpu, c) => {
      if (cpu.starts !== idleTask(c))
        this.toEnd(c, "scenario_schedule", [l.tasks.get(cpu.starts)!], t("bringing CPU{0} to {1}", c, cpu.starts));
      this.forget(c);
    });
  }

  private initialise(at: number, type: CType, init: Initial[]): void {
    const { layout: l, code } = this;
    for (const { path, value } of init) {
      let cell = at,
        of = type;
      for (const step of path) {
        if (typeof step === "string" && of.k === "struct") {
          cell += l.offsetOf(of.name, step);
          of = l.program.fields.get(of.name)!.get(step)!;
        } else if (typeof step === "number" && of.k === "array") {
          cell += step * l.sizeOf(of.of);
          of = of.of;
        }
      }
      this.s[cell] = l.resolve(value, (name) => code.fns.get(name)?.entry ?? 0);
    }
  }

  /** Runs a function of the environment, if there is one of that name. */
  private optional(c: number, name: string, args: number[], what: string): void {
    if (!this.code.fns.has(name)) return;
    this.toEnd(c, name, args, what);
    this.forget(c);
  }

  /** Leaves no trace of what a CPU did before the scenario began: no action is done, no store waits. */
  private forget(c: number): void {
    this.s[this.layout.cpu[c] + W.action] = 0;
    this.hardware.buffers.drainAll(this.s, c, this.observer);
  }

  /** Runs a function on one CPU alone until it returns. */
  private toEnd(c: number, name: string, args: number[], what: string): void {
    const { s, violations, observer, code, layout: l } = this;
    this.entry.enter(s, c, name, args, name === "scenario_schedule");
    for (let n = 0; s[l.cpu[c] + W.fp] !== 0; n++) {
      this.hardware.broadcasts.carryOutAll(s, observer);
      const end = n < BOOT_LIMIT ? this.interpreter.step(s, c, observer) : StepEnd.waits;
      const waits = (end & StepEnd.waits) !== 0;
      if (!waits && (end & StepEnd.halts) === 0) continue;
      const at = code.fnOf[s[l.cpu[c] + W.pc]]?.name ?? name;
      violations.push({
        property: waits ? "deadlock" : "oops",
        cpu: c,
        why: waits
          ? t("Before the scenario begins, {0}, CPU{1} waits for ever in {2}().", what, c, at)
          : t("Before the scenario begins, {0}, CPU{1} stops in {2}().", what, c, at),
      });
      return;
    }
  }
}
