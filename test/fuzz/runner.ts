/** Hands out seeds to child processes, one at a time each, and ends those that take too long. */
import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { afterCpuTime } from "./cpu-time";
import type { Order, Report } from "./child";
import type { Finding, Result } from "./kind";
import { kinds, type KindName } from "./names";

export interface RunnerOptions {
  kind: KindName;
  tree: string | undefined;
  /** Gives the next seed, or undefined when no more are to be run. */
  next: () => number | undefined;
  /** Told of every seed that has run. */
  done: (seed: number, result: Result) => void;
}

/** The kind can't be run here, for this reason. */
export class Unable extends Error {}

/** Runs seeds in one child after another until there are none; ends when the last has. */
export async function runSeeds(options: RunnerOptions): Promise<void> {
  let seed = options.next();
  while (seed !== undefined) {
    const child = new Child(options.kind, options.tree);
    try {
      await child.ready();
      for (; seed !== undefined; seed = options.next()) {
        const { result, over } = await child.run(seed);
        options.done(seed, result);
        if (!over) continue;
        seed = options.next();
        break;
      }
    } finally {
      child.end();
    }
  }
}

/** Process groups to end with this process, however it ends. */
const groups = new Set<number>();
process.on("exit", () => groups.forEach(endGroup));
for (const [signal, code] of [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.on(signal, () => process.exit(code));

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== "ESRCH") throw e;
  }
}

class Child {
  private readonly process: ChildProcess;
  private readonly limits: { seconds: number; megabytes: number };
  private errors = "";
  private input: Pick<Finding, "input" | "extension"> = { input: "", extension: "txt" };
  /** What the input is an example of, if its kind says so. */
  private what = "";
  private heard: (report: Report | "died") => void = () => undefined;

  constructor(kind: KindName, tree: string | undefined) {
    this.limits = kinds[kind];
    this.process = fork(path.join(__dirname, "child.js"), [kind, tree ?? ""], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [`--max-old-space-size=${this.limits.megabytes}`, "--enable-source-maps"],
      detached: true, // a group of its own: what it starts ends with it
    });
    if (this.process.pid !== undefined) groups.add(this.process.pid);
    this.process.stderr!.on("data", (data: Buffer) => (this.errors = (this.errors + data.toString()).slice(-1500)));
    this.process.on("message", (report: Report) => {
      if (report.k !== "input") return this.heard(report);
      this.input = { input: report.input, extension: report.extension };
      this.what = report.what === undefined ? "" : `${report.what}: `;
    });
    this.process.on("exit", () => this.heard("died"));
  }

  async ready(): Promise<void> {
    const report = await this.listen(120);
    if (report === "silent" || report === "died") throw new Error(`A child didn't start: ${this.errors}`);
    if (report.k === "unable") throw new Unable(report.why);
  }

  /** Runs one seed; `over` when the child can't take another. */
  async run(seed: number): Promise<{ result: Result; over: boolean }> {
    const heard = this.listen(this.limits.seconds);
    this.process.send({ seed } satisfies Order);
    const report = await heard;
    if (typeof report === "object" && report.k === "result") return { result: report.result, over: false };
    const limit = `${this.limits.seconds} s`;
    const died = /heap out of memory|ENOMEM/.test(this.errors) ? "takes too much memory" : "ends the process";
    const [cause, message] = report === "silent" ? ["hangs", `No end after ${limit}.`] : [died, this.errors];
    const finding = { cause: this.what + cause, message, ...this.input };
    return { result: { cases: 1, counts: {}, findings: [finding] }, over: true };
  }

  private listen(seconds: number): Promise<Report | "silent" | "died"> {
    return new Promise((resolve) => {
      const cancel = afterCpuTime(this.process.pid, seconds, () => resolve("silent"));
      this.heard = (report) => {
        cancel();
        resolve(report);
      };
    });
  }

  end(): void {
    const { pid } = this.process;
    this.heard = () => undefined;
    if (pid === undefined) return;
    endGroup(pid);
    groups.delete(pid);
  }
}
