/** What a CPU that isn't bound to a script may begin next: every workload is a path through these choices. */
import { doerOf } from "../scenario/action-rules";
import type { Action, CpuScript } from "../scenario/scenario";
import type { StoreBuffers } from "./hardware/store-buffers";
import { idleTask, type Layout } from "./layout";
import { W, type State } from "./state";

const none: readonly number[] = [];

export class Choices {
  private readonly scripts: readonly CpuScript[];
  /** The words that hold the tasks' mms. */
  private readonly taskMms: readonly number[];

  constructor(
    private readonly l: Layout,
    private readonly buffers: StoreBuffers,
  ) {
    this.scripts = l.scenario.cpus;
    this.taskMms = [...l.tasks.values()].map((task) => l.mmOf(task));
  }

  /** Indices of the actions that CPU `c` may begin in this state: none while one runs, or when it has done all. */
  of(s: State, c: number): readonly number[] {
    const { does, actions } = this.scripts[c];
    const cpu = this.l.cpu[c];
    if (actions === undefined || s[cpu + W.fp] !== 0 || s[cpu + W.halted] !== 0 || s[cpu + W.action] >= actions)
      return none;
    const task = s[cpu + W.current];
    const own = this.l.mmIndex(this.mmOf(s, c, task));
    const possible: number[] = [];
    for (let i = 0; i < does.length; i++) if (this.allows(s, c, task, own, does[i].action)) possible.push(i);
    return possible;
  }

  /** May the task do this? `own`: the index of its mm, below zero where it has none. */
  private allows(s: State, c: number, task: number, own: number, a: Action): boolean {
    const { l } = this;
    const doer = doerOf[a.do];
    if (doer === "user" && own < 0) return false;
    if (doer === "task" && task === l.tasks.get(idleTask(c))) return false;
    switch (a.do) {
      case "schedule": {
        const next = l.tasks.get(a.task)!;
        // A user's task whose mm has gone has exited.
        return next !== task && (!this.isUser(a.task) || this.mmOf(s, c, next) !== 0);
      }
      case "touch":
      case "munmap":
      case "munmap_table":
      case "mmap":
        return l.scenario.mms[own].pages.includes(a.page);
      case "exec":
        return this.isNew(
          s,
          c,
          l.scenario.mms.findIndex((m) => m.name === a.mm),
        );
      default:
        return true;
    }
  }

  private isUser(task: string): boolean {
    return this.l.scenario.tasks.some(({ name, mm }) => name === task && mm !== undefined);
  }

  /** A task's mm, as the CPU that runs it sees it: the store may still wait in the buffer. */
  private mmOf(s: State, c: number, task: number): number {
    return this.buffers.read(s, c, this.l.mmOf(task));
  }

  /** Has nobody had this mm yet? An exec gives its task a new one. */
  private isNew(s: State, c: number, m: number): boolean {
    const { l } = this;
    return (
      s[l.mmFreed[m]] === 0 &&
      s[l.pgdFreed[m]] === 0 &&
      this.taskMms.every((at) => this.buffers.read(s, c, at) !== l.mms[m])
    );
  }
}
