/**
 * The worker's side: runs its jobs in turn, a slice each, so that none keeps another, or a click on Cancel, waiting.
 */
import { config } from "@vscode/l10n";
import { loadParser, type CParser } from "../kernel/syntax/tree/parse";
import type { FromWorker, JobProgress, ToWorker } from "./protocol";
import { SourceCache } from "./source-cache";
import { isRefusal, workOn, type Step, type Work } from "./work";

/** Milliseconds of work between two looks at the messages. */
const SLICE = 25;
/** Milliseconds between two reports, and over which a rate is measured at least. */
const REPORT = 200;

class Task {
  paused = false;
  cancelled = false;
  work: Work | undefined;
  private readonly progress: JobProgress = { states: 0, rate: 0, depth: 0, queue: 0 };
  private reportedAt = 0;
  private measured = { ms: 0, states: 0 };
  private reported = false;

  constructor(readonly id: number) {}

  /** Adds the progress of a slice of `ms` milliseconds. */
  advanced(step: Step, ms: number): void {
    Object.assign(this.progress, step);
    const { measured, progress } = this;
    measured.ms += ms;
    // A search that begins again counts from the start.
    if (progress.states < measured.states) measured.states = progress.states;
    else if (measured.ms >= REPORT) {
      progress.rate = Math.round(((progress.states - measured.states) * 1000) / measured.ms);
      this.measured = { ms: 0, states: progress.states };
    }
    this.reported = false;
  }

  /** A report, when one is due; a paused job says how far it is once. */
  report(now: number): JobProgress | undefined {
    if (this.reported || (!this.paused && now - this.reportedAt < REPORT)) return undefined;
    this.reportedAt = now;
    this.reported = true;
    return { ...this.progress };
  }
}

export class JobRunner {
  private parser: Promise<CParser> | undefined;
  private texts: SourceCache | undefined;
  private readonly tasks = new Map<number, Task>();
  private scheduled = false;

  /** `defer` runs a function once messages had their turn. */
  constructor(
    private readonly post: (message: FromWorker) => void,
    private readonly defer: (f: () => void) => void = (f) => void setTimeout(f, 0),
    private readonly now: () => number = () => performance.now(),
  ) {}

  receive(message: ToWorker): void {
    switch (message.type) {
      case "load":
        if (message.words) config({ contents: message.words });
        this.parser = loadParser(message.runtime, message.grammar);
        this.parser.catch(() => undefined); // reported with the first job
        return;
      case "run": {
        const task = new Task(message.id);
        this.tasks.set(message.id, task);
        void this.begin(task, message).catch((e: unknown) => this.fail(task, e));
        return;
      }
      case "pause":
      case "resume":
      case "cancel": {
        const task = this.tasks.get(message.id);
        if (!task) return; // it has just ended
        if (message.type === "cancel") task.cancelled = true;
        task.paused = message.type === "pause";
        this.schedule();
      }
    }
  }

  private async begin(task: Task, { id, job }: Extract<ToWorker, { type: "run" }>): Promise<void> {
    if (!this.parser) throw new Error("a job came before the parser");
    const parser = await this.parser;
    this.texts ??= new SourceCache(parser);
    task.work = workOn(job, {
      parser,
      texts: this.texts,
      emit: (part) => this.post({ type: "part", id, part }),
      cancelled: () => task.cancelled,
    });
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.defer(() => this.turn());
  }

  /** One slice of every job that may go on. */
  private turn(): void {
    let more = false;
    for (const task of this.tasks.values()) {
      if (!task.work) continue;
      if (!task.paused) this.slice(task, task.work);
      const progress = this.tasks.has(task.id) ? task.report(this.now()) : undefined;
      if (progress) this.post({ type: "progress", id: task.id, progress });
      more ||= !task.paused && this.tasks.has(task.id);
    }
    if (more) this.defer(() => this.turn());
    else this.scheduled = false;
  }

  private slice(task: Task, work: Work): void {
    const from = this.now();
    try {
      let now = from;
      do {
        const { done, value } = work.next();
        if (done) {
          this.tasks.delete(task.id);
          this.post({ type: "answer", id: task.id, answer: value });
          return;
        }
        const before = now;
        now = this.now();
        task.advanced(value, now - before);
      } while (now - from < SLICE);
    } catch (e) {
      this.fail(task, e);
    }
  }

  private fail(task: Task, e: unknown): void {
    this.tasks.delete(task.id);
    const message = e instanceof Error ? (isRefusal(e) ? e.message : (e.stack ?? e.message)) : String(e);
    this.post({ type: "failure", id: task.id, failure: { kind: isRefusal(e) ? "refused" : "failed", message } });
  }
}
