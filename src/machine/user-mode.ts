/** User mode: which tasks go on in it, when a CPU is there, and what is promised of it. */
import { t } from "@vscode/l10n";
import type { Scenario } from "../scenario/scenario";
import type { Observer } from "./effects";
import type { StoreBuffers } from "./hardware/store-buffers";
import { idleTask, type Layout } from "./layout";
import type { Code } from "./link";
import { W, type State } from "./state";

export class UserMode {
  private readonly l: Layout;
  /** For each CPU and number of actions done there: the tasks that have had an mm of their own. */
  private readonly userTasks: ReadonlySet<number>[][];

  constructor(
    private readonly code: Code,
    private readonly buffers: StoreBuffers,
  ) {
    this.l = code.layout;
    const at = (name: string) => this.l.tasks.get(name)!;
    this.userTasks = this.l.scenario.cpus.map((_, c) => userTasksAt(this.l.scenario, c).map((n) => new Set(n.map(at))));
  }

  /** Is CPU `c` in user mode: between two actions, or reading a page, on a user's task? */
  isIn(s: State, c: number): boolean {
    const { l } = this;
    const cpu = l.cpu[c];
    const between = s[cpu + W.fp] === 0;
    if (s[cpu + W.halted] || !(between || this.readsPage(s, c))) return false;
    return this.mm(s, c) !== 0 || (between && this.userTasks[c][s[cpu + W.action]].has(s[cpu + W.current]));
  }

  /** Is CPU `c` reading a page, which a task with an mm does in user mode? */
  readsPage(s: State, c: number): boolean {
    return this.code.fnOf[s[this.l.cpu[c] + W.pc]]?.name === "scenario_touch";
  }

  /** The running task's mm, as its own CPU sees it: the store may still wait in the buffer. */
  private mm(s: State, c: number): number {
    return this.buffers.read(s, c, this.l.mmOf(s[this.l.cpu[c] + W.current]));
  }

  /** A task in user mode runs on its own mm's page tables. */
  check(s: State, c: number, o: Observer): void {
    if (!this.isIn(s, c)) return;
    const { l } = this;
    const task = s[l.cpu[c] + W.current];
    const mm = this.mm(s, c);
    const m = l.mmIndex(mm);
    const cr3 = s[l.cpu[c] + W.cr3];
    if (m >= 0 && cr3 === l.pgds[m]) return;
    o.violation({
      property: "own-page-tables",
      cpu: c,
      cell: l.cpu[c] + W.cr3,
      why:
        m < 0
          ? t("{0} is in user mode on CPU{1}, but its mm is {2}.", l.objectAt(task), c, l.objectAt(mm))
          : t(
              "{0} is in user mode on CPU{1}, but CR3 points at {2}, not at {3}'s page tables.",
              l.objectAt(task),
              c,
              l.objectAt(cr3),
              l.mmNames[m],
            ),
    });
  }
}

/** After 0, 1, … of CPU `c`'s actions: its tasks that were declared with an mm, or have got one by exec. */
function userTasksAt(scenario: Scenario, c: number): string[][] {
  const { starts, does, actions } = scenario.cpus[c];
  let running = starts;
  const now = scenario.tasks.filter((task) => task.mm !== undefined).map((task) => task.name);
  // Where the CPU chooses, who has got an mm by exec is known from the task alone.
  if (actions !== undefined) return Array.from({ length: actions + 1 }, () => now);
  return [
    [...now],
    ...does.map(({ action }) => {
      if (action.do === "exec") now.push(running);
      if (action.do === "schedule") running = action.task;
      else if (action.do === "exit") running = idleTask(c);
      return [...now];
    }),
  ];
}
