/**
 * What a scenario that has the right form may still get wrong: names that nothing has, and actions that the task
 * running at that point could not do. Each CPU's script is followed from its start, keeping track of who runs.
 */
import type { ScenarioProblem } from "./scenario";
import type { Located, Path } from "./nodes";
import type { ActionFile, ScenarioFile } from "./scenario-schema";
import { actionsOn, choiceOn, idleTask } from "./expand-choice";
import { didYouMean } from "./suggest";

const idleName = /^swapper\/(0|[1-9][0-9]*)$/;
/** The problems of the whole file; none when the scenario can be run. */
export function checkMeaning(file: ScenarioFile, located: Located): ScenarioProblem[] {
  return new Meaning(file, located).check();
}

/** The task running on a CPU at a point of its script; mm as it has become by exec and exit. */
interface Running {
  name: string;
  kind: "idle" | "task" | "unknown";
  mm?: string;
  /** Why the idle task runs, when that is because a task exited. */
  after?: string;
}

class Meaning {
  private readonly problems: ScenarioProblem[] = [];
  private readonly mms: Map<string, string[]>;
  /** Each task's mm now. Each task belongs to one CPU, so that following one CPU after another is exact. */
  private readonly mmOf: Map<string, string | undefined>;
  private readonly ended = new Set<string>();
  private readonly cpuOf = new Map<string, number>();
  /** Who has each mm: a task at the start, or an exec. */
  private readonly takenBy = new Map<string, string>();
  /** The mms that lose their page table, and where pages are mapped. */
  private readonly tableless = new Set<string>();
  private readonly mapped: { mm: string; path: Path }[] = [];

  constructor(
    private readonly file: ScenarioFile,
    private readonly located: Located,
  ) {
    this.mms = new Map(Object.entries(file.mms ?? {}).map(([name, mm]) => [name, mm?.pages ?? []]));
    this.mmOf = new Map(Object.entries(file.tasks ?? {}).map(([name, task]) => [name, task?.mm]));
  }

  check(): ScenarioProblem[] {
    this.checkMms();
    this.checkTasks();
    this.file.cpus.forEach((cpu, i) => {
      let running = this.enter(cpu.starts, i, ["cpus", i, "starts"]);
      const choice = choiceOn(this.file, i);
      for (const { action, path } of actionsOn(this.file, i)) {
        // Who runs when a CPU chooses isn't known: names are checked, and the machine offers what the task can do.
        if (choice) this.choose(running, action, i, path);
        else running = this.step(running, action, i, path);
      }
    });
    for (const { mm, path } of this.mapped) {
      if (this.tableless.has(mm))
        this.error(
          path,
          `The page table of "${mm}" is freed by a munmap_table, and a page mapped again would need a new one, ` +
            "which scenarios don't have. Delete one of the two, or write munmap.",
          true,
        );
    }
    for (const name of this.mms.keys()) {
      if (!this.takenBy.has(name))
        this.report(
          this.located.keyRange(["mms", name]),
          `Mm "${name}" is never used. Give it to a task by mm: ${name}, or by the action exec: ${name}.`,
          "warning",
        );
    }
    return this.problems;
  }

  private checkMms(): void {
    for (const [name, pages] of this.mms) {
      if (name === "init_mm")
        this.error(["mms", name], `"init_mm" is the kernel's own mm, and always there. Rename this one.`, true);
      pages.forEach((page, i) => {
        if (pages.indexOf(page) < i)
          this.error(["mms", name, "pages", i], `Mm "${name}" has two pages named "${page}". Rename or delete one.`);
      });
    }
  }

  private checkTasks(): void {
    for (const [name, mm] of this.mmOf) {
      if (idleName.test(name))
        this.error(
          ["tasks", name],
          `"${name}" names a CPU's own idle task, which needs no declaration. Delete this one, or rename it.`,
          true,
        );
      if (mm === undefined) continue;
      this.knownMm(mm, ["tasks", name, "mm"]);
      this.takenBy.set(mm, `task "${name}"`);
    }
  }

  /** This CPU switches to a task, or starts with it. */
  private enter(name: string, cpu: number, path: Path): Running {
    const idle = idleName.exec(name);
    if (idle && Number(idle[1]) < this.file.cpus.length) {
      if (Number(idle[1]) !== cpu)
        this.error(
          path,
          `"${name}" is the idle task of CPU${idle[1]} and never runs on CPU${cpu}. Write "${idleTask(cpu)}".`,
        );
      return { name, kind: "idle" };
    }
    if (!this.mmOf.has(name) || idle) {
      const known = [...this.mmOf.keys(), idleTask(cpu)];
      this.error(path, `There is no task "${name}". ${didYouMean(name, known, "")} A new one is declared under tasks.`);
      return { name, kind: "unknown" };
    }
    const other = this.cpuOf.get(name);
    if (other !== undefined && other !== cpu) {
      this.error(
        path,
        `Task "${name}" runs on CPU${other} already, and would run on two CPUs at once. Give CPU${cpu} a task of ` +
          `its own${this.siblingAdvice(name)}.`,
      );
    } else if (this.ended.has(name)) {
      this.error(
        path,
        `Task "${name}" has exited before and can't run again. Schedule another task, or delete the exit.`,
      );
    }
    this.cpuOf.set(name, other ?? cpu);
    return { name, kind: "task", mm: this.mmOf.get(name) };
  }

  private siblingAdvice(name: string): string {
    const mm = this.mmOf.get(name);
    return mm === undefined ? "" : `, another one with mm: ${mm}, say`;
  }

  private step(running: Running, action: ActionFile, cpu: number, path: Path): Running {
    if (action === "exit") return this.exit(running, cpu, path);
    if ("schedule" in action) {
      const at = [...path, "schedule"];
      if (action.schedule === running.name) {
        this.error(
          at,
          `CPU${cpu} runs "${running.name}" already, and the scheduler never switches a task to itself. Delete ` +
            "this, or schedule another task first.",
        );
        return running;
      }
      return this.enter(action.schedule, cpu, at);
    }
    if ("reclaim" in action) {
      const { mm, page } = action.reclaim;
      if (this.knownMm(mm, [...path, "reclaim", "mm"])) this.knownPage(mm, page, [...path, "reclaim", "page"], "");
    } else if ("global_asid" in action) {
      this.knownMm(action.global_asid, [...path, "global_asid"]);
    } else if ("exec" in action) {
      return this.exec(running, action.exec, cpu, [...path, "exec"]);
    } else {
      const [[what, page]] = Object.entries(action) as [string, string][];
      this.checkAccess(running, what, page, cpu, [...path, what]);
    }
    return running;
  }

  /** One of the actions that a CPU may choose: by any of its tasks, as long as they last. */
  private choose(starts: Running, action: ActionFile, cpu: number, path: Path): void {
    if (action === "exit") return;
    if ("schedule" in action) {
      this.enter(action.schedule, cpu, [...path, "schedule"]);
    } else if ("exec" in action) {
      this.takeNew(action.exec, cpu, [...path, "exec"]);
    } else if ("reclaim" in action || "global_asid" in action) {
      this.step(starts, action, cpu, path);
    } else {
      const [[what, page]] = Object.entries(action) as [string, string][];
      const pages = [...new Set([...this.mms.values()].flat())];
      if (!pages.includes(page))
        this.error(
          [...path, what],
          `No mm has a page "${page}". ${didYouMean(page, pages, `Add it: pages: [${page}].`)}`,
        );
      for (const [mm, of] of this.mms) if (of.includes(page)) this.noteTable(mm, what, page, [...path, what]);
    }
  }

  private checkAccess(running: Running, what: string, page: string, cpu: number, path: Path): void {
    if (running.kind === "unknown") return;
    if (running.mm === undefined) {
      const why = running.after === undefined ? "" : ` since "${running.after}" exited`;
      const who = running.kind === "idle" ? "its idle task" : "a kernel thread";
      this.error(
        path.slice(0, -1),
        `CPU${cpu} runs "${running.name}" here${why}, ${who}, which has no mm of its own to ${what} a page of. ` +
          "Schedule a task that has an mm first.",
      );
      return;
    }
    this.knownPage(running.mm, page, path, ` CPU${cpu} runs "${running.name}" here.`);
    this.noteTable(running.mm, what, page, path);
  }

  /** Pages that are mapped again, and page tables that go: an mm can't have both. */
  private noteTable(mm: string, what: string, page: string, path: Path): void {
    const pages = this.mms.get(mm) ?? [];
    if (what === "mmap") this.mapped.push({ mm, path });
    if (what !== "munmap_table") return;
    this.tableless.add(mm);
    if (pages.length > 1)
      this.error(
        path,
        `"${mm}" has ${pages.length} pages, and its page table maps them all: it can't be freed with "${page}". ` +
          "Leave the mm one page, or write munmap.",
        true,
      );
  }

  private exec(running: Running, mm: string, cpu: number, path: Path): Running {
    if (running.kind === "idle")
      this.error(
        path.slice(0, -1),
        `CPU${cpu} runs its idle task here, which never execs. Schedule another task first.`,
      );
    if (!this.takeNew(mm, cpu, path)) return { ...running, kind: "unknown" };
    this.mmOf.set(running.name, mm);
    return { ...running, mm };
  }

  /** An exec takes this mm. False when there is none of that name. */
  private takeNew(mm: string, cpu: number, path: Path): boolean {
    if (!this.knownMm(mm, path)) return false;
    const owner = this.takenBy.get(mm);
    if (owner !== undefined)
      this.error(
        path,
        `An exec makes a new mm, and "${mm}" is that of ${owner} already. Declare another one under mms.`,
      );
    this.takenBy.set(mm, `the exec on CPU${cpu}`);
    return true;
  }

  private exit(running: Running, cpu: number, path: Path): Running {
    if (running.kind === "idle")
      this.error(
        path,
        `CPU${cpu} runs its idle task ` +
          `here${running.after === undefined ? "" : ` since "${running.after}" exited`}, which never exits. ` +
          "Schedule another task first, or delete this.",
      );
    else this.ended.add(running.name);
    return { name: idleTask(cpu), kind: "idle", after: running.kind === "idle" ? running.after : running.name };
  }

  private knownMm(mm: string, path: Path): boolean {
    if (this.mms.has(mm)) return true;
    this.error(
      path,
      `There is no mm "${mm}". ${didYouMean(mm, [...this.mms.keys()], "")} A new one is declared under mms.`,
    );
    return false;
  }

  private knownPage(mm: string, page: string, path: Path, context: string): void {
    const pages = this.mms.get(mm);
    if (!pages || pages.includes(page)) return;
    this.error(
      path,
      `Mm "${mm}" has no page "${page}".${context} ${didYouMean(page, pages, `Add it: pages: [${page}].`)}`,
    );
  }

  private error(path: Path, message: string, onKey = false): void {
    this.report(onKey ? this.located.keyRange(path) : this.located.at(path), message, "error");
  }

  private report(range: ScenarioProblem["range"], message: string, severity: ScenarioProblem["severity"]): void {
    this.problems.push({ message: message.replace(/ {2,}/g, " "), severity, range });
  }
}
