/**
 * The asking side: starts workers when there is work, gives each job to the least busy one, and fails the jobs of one
 * that dies.
 */
import type { Answers, FromWorker, Job, JobProgress, Parts, ToWorker } from "./protocol";

/** A worker as whoever started it knows it. */
export interface Worker {
  post(message: ToWorker): void;
  /** Ends it at once; `died` is not called. */
  end(): void;
}

/** What a worker has to say. */
export interface Listener {
  message(message: FromWorker): void;
  /** It ended by itself: why, as far as is known, and whether memory ran out. */
  died(why: string, outOfMemory: boolean): void;
}

export interface Starter {
  /** Workers that may run at once. */
  most: number;
  start(listener: Listener): Promise<Worker>;
  /** The bytes of the parser and of its C grammar, and the words to speak in. */
  load(): Promise<{ runtime: Uint8Array; grammar: Uint8Array; words?: Record<string, string> }>;
}

/** `refused`: the reader can mend it. `failed`: our mistake. `died`, `memory`: the worker is gone. */
export class JobError extends Error {
  constructor(
    readonly kind: "refused" | "failed" | "died" | "memory",
    message: string,
  ) {
    super(message);
  }
}

/** What is reported before the answer. */
export interface JobListener<K extends keyof Answers> {
  progress?(progress: JobProgress): void;
  part?(part: Parts[K]): void;
}

/** A job that was given away. */
export interface Running<K extends keyof Answers> {
  /** Rejects with a JobError. */
  answer: Promise<Answers[K]>;
  pause(): void;
  resume(): void;
  /** The answer comes all the same: what is known so far. */
  cancel(): void;
}

interface PendingJob {
  resolve(answer: unknown): void;
  reject(error: JobError): void;
  watch: JobListener<never>;
}

class WorkerHandle {
  readonly pending = new Map<number, PendingJob>();
  private worker: Promise<Worker>;

  constructor(
    starter: Starter,
    private readonly onGone: (handle: WorkerHandle) => void,
  ) {
    this.worker = this.start(starter);
    this.worker.catch((e: unknown) => this.failAll("died", e instanceof Error ? e.message : String(e)));
  }

  private async start(starter: Starter): Promise<Worker> {
    const listener: Listener = {
      message: (m) => this.receive(m),
      died: (why, outOfMemory) => this.failAll(outOfMemory ? "memory" : "died", why),
    };
    const [worker, bytes] = await Promise.all([starter.start(listener), starter.load()]);
    worker.post({ type: "load", ...bytes });
    return worker;
  }

  post(message: ToWorker): void {
    // Order is kept: each waits for the same promise. That a worker never started was reported already.
    void this.worker.then(
      (w) => w.post(message),
      () => undefined,
    );
  }

  end(): void {
    void this.worker.then(
      (w) => w.end(),
      () => undefined,
    );
    this.failAll("died", "it was ended");
  }

  private receive(m: FromWorker): void {
    const pending = this.pending.get(m.id);
    if (!pending) return;
    switch (m.type) {
      case "progress":
        pending.watch.progress?.(m.progress);
        return;
      case "part":
        (pending.watch.part as ((part: unknown) => void) | undefined)?.(m.part);
        return;
      case "answer":
        this.pending.delete(m.id);
        pending.resolve(m.answer);
        return;
      case "failure":
        this.pending.delete(m.id);
        pending.reject(new JobError(m.failure.kind, m.failure.message));
    }
  }

  private failAll(kind: "died" | "memory", why: string): void {
    this.onGone(this);
    const lost = [...this.pending.values()];
    this.pending.clear();
    for (const w of lost) w.reject(new JobError(kind, why));
  }
}

export class Workers {
  private handles: WorkerHandle[] = [];
  private nextId = 1;

  constructor(private readonly starter: Starter) {}

  /** Workers that may run at once. */
  get most(): number {
    return this.starter.most;
  }

  run<J extends Job>(job: J, watch: JobListener<J["kind"]> = {}): Running<J["kind"]> {
    return this.assign(this.leastBusy(), job, watch);
  }

  /**
   * Starts the workers that there may be and aren't yet, and gives each a job whose answer nobody waits for: what it
   * reads for that is cached for the next.
   */
  prepare(job: Job): void {
    // reported with the next job
    while (this.handles.length < this.most) this.assign(this.startWorker(), job, {}).answer.catch(() => undefined);
  }

  private assign<J extends Job>(handle: WorkerHandle, job: J, watch: JobListener<J["kind"]>): Running<J["kind"]> {
    const id = this.nextId++;
    const answer = new Promise<Answers[J["kind"]]>((resolve, reject) => {
      handle.pending.set(id, {
        resolve: resolve as (answer: unknown) => void,
        reject,
        watch: watch as JobListener<never>,
      });
    });
    handle.post({ type: "run", id, job });
    const say = (type: "pause" | "resume" | "cancel") => () => handle.post({ type, id });
    return { answer, pause: say("pause"), resume: say("resume"), cancel: say("cancel") };
  }

  /** Ends all workers; jobs that are pending fail with `died`. */
  dispose(): void {
    for (const handle of [...this.handles]) handle.end();
  }

  /** An idle worker, a new one if there may be more, or else the one with the fewest jobs. */
  private leastBusy(): WorkerHandle {
    const least = [...this.handles].sort((a, b) => a.pending.size - b.pending.size)[0];
    if (least && (least.pending.size === 0 || this.handles.length >= this.starter.most)) return least;
    return this.startWorker();
  }

  private startWorker(): WorkerHandle {
    const handle = new WorkerHandle(
      this.starter,
      (onGone) => (this.handles = this.handles.filter((h) => h !== onGone)),
    );
    this.handles.push(handle);
    return handle;
  }
}
