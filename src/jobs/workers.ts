/**
 * The asking side: starts workers when there is work, gives each job to the one with the least, and tells of one that
 * dies.
 */
import type { Answers, FromWorker, Job, JobProgress, Parts, ToWorker } from "./protocol";

/** A worker as whoever started it knows it. */
export interface Worker {
  post(message: ToWorker): void;
  /** Ends it at once; `onEnd` is not told. */
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

/** What is told on the way. */
export interface Watch<K extends keyof Answers> {
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

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: JobError): void;
  watch: Watch<never>;
}

class Hand {
  readonly waiting = new Map<number, Waiting>();
  private worker: Promise<Worker>;

  constructor(
    starter: Starter,
    private readonly gone: (hand: Hand) => void,
  ) {
    this.worker = this.start(starter);
    this.worker.catch((e: unknown) => this.lose("died", e instanceof Error ? e.message : String(e)));
  }

  private async start(starter: Starter): Promise<Worker> {
    const listener: Listener = {
      message: (m) => this.hear(m),
      died: (why, outOfMemory) => this.lose(outOfMemory ? "memory" : "died", why),
    };
    const [worker, bytes] = await Promise.all([starter.start(listener), starter.load()]);
    worker.post({ type: "load", ...bytes });
    return worker;
  }

  post(message: ToWorker): void {
    // Order is kept: each waits for the same promise. A worker that never started was told of already.
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
    this.lose("died", "it was ended");
  }

  private hear(m: FromWorker): void {
    const waiting = this.waiting.get(m.id);
    if (!waiting) return;
    switch (m.type) {
      case "progress":
        waiting.watch.progress?.(m.progress);
        return;
      case "part":
        (waiting.watch.part as ((part: unknown) => void) | undefined)?.(m.part);
        return;
      case "answer":
        this.waiting.delete(m.id);
        waiting.resolve(m.answer);
        return;
      case "failure":
        this.waiting.delete(m.id);
        waiting.reject(new JobError(m.failure.kind, m.failure.message));
    }
  }

  private lose(kind: "died" | "memory", why: string): void {
    this.gone(this);
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const w of lost) w.reject(new JobError(kind, why));
  }
}

export class Workers {
  private hands: Hand[] = [];
  private nextId = 1;

  constructor(private readonly starter: Starter) {}

  /** Workers that may run at once. */
  get most(): number {
    return this.starter.most;
  }

  run<J extends Job>(job: J, watch: Watch<J["kind"]> = {}): Running<J["kind"]> {
    return this.give(this.free(), job, watch);
  }

  /**
   * Starts the workers that there may be and aren't yet, and has each do a job whose answer nobody waits for: what it
   * reads for that it knows when it is asked next.
   */
  prepare(job: Job): void {
    // told with the next job
    while (this.hands.length < this.most) this.give(this.begin(), job, {}).answer.catch(() => undefined);
  }

  private give<J extends Job>(hand: Hand, job: J, watch: Watch<J["kind"]>): Running<J["kind"]> {
    const id = this.nextId++;
    const answer = new Promise<Answers[J["kind"]]>((resolve, reject) => {
      hand.waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, watch: watch as Watch<never> });
    });
    hand.post({ type: "run", id, job });
    const say = (type: "pause" | "resume" | "cancel") => () => hand.post({ type, id });
    return { answer, pause: say("pause"), resume: say("resume"), cancel: say("cancel") };
  }

  /** Ends all workers; jobs that wait are told that theirs died. */
  dispose(): void {
    for (const hand of [...this.hands]) hand.end();
  }

  /** One without work, a new one if there may be more, or else the one with the fewest jobs. */
  private free(): Hand {
    const least = [...this.hands].sort((a, b) => a.waiting.size - b.waiting.size)[0];
    if (least && (least.waiting.size === 0 || this.hands.length >= this.starter.most)) return least;
    return this.begin();
  }

  private begin(): Hand {
    const hand = new Hand(this.starter, (gone) => (this.hands = this.hands.filter((h) => h !== gone)));
    this.hands.push(hand);
    return hand;
  }
}
