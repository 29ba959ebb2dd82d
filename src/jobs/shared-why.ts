/**
 * *Why is this line here?* with all workers: they divide the statements of a function, or the scenarios of one
 * statement. All is tried on the scenarios that take little time first; on the others only where nothing was found.
 */
import { mergeAnswers } from "./merge-answers";
import type { JobProgress, StatementAnswer, WhyJob } from "./protocol";
import type { Running, JobListener, Workers } from "./workers";

/** A scenario of more states waits until all was tried on the smaller ones. */
const SMALL = 200_000;

/**
 * Runs a job in as many pieces as there may be workers. Parts are reported as they are known, and again when a better
 * one is found; the answers come in the order of the text. When a piece is lost the others go on; only then does the
 * answer reject.
 */
export function runWhy(workers: Workers, job: WhyJob, watch: JobListener<"why"> = {}, small = SMALL): Running<"why"> {
  let now = new Round(workers, { ...job, maxStates: Math.min(job.maxStates, small) }, watch, job.scenarios);
  let cancelled = false;
  const rounds = async (): Promise<StatementAnswer[]> => {
    const answers = await now.answer;
    const larger = largerOf(job, answers);
    if (!larger || cancelled) return answers;
    const before = new Map(answers.map((a) => [a.statement.start, a]));
    const together = (a: StatementAnswer): StatementAnswer =>
      mergeAnswers({ ...before.get(a.statement.start)!, untried: [] }, a, job.scenarios);
    now = new Round(
      workers,
      larger,
      {
        progress: (p) => watch.progress?.({ ...p, larger: true }),
        part: (a) => watch.part?.(together(a)),
      },
      job.scenarios,
    );
    for (const a of await now.answer) before.set(a.statement.start, together(a));
    return [...before.values()];
  };
  return {
    answer: rounds(),
    pause: () => now.all("pause"),
    resume: () => now.all("resume"),
    cancel: () => {
      cancelled = true;
      now.all("cancel");
    },
  };
}

/** What is left to be tried: statements that no smaller scenario needs, on the scenarios that were left out. */
function largerOf(job: WhyJob, answers: readonly StatementAnswer[]): WhyJob | undefined {
  const open = answers.filter((a) => a.untried.length > 0 && !a.removed && !a.refused);
  const left = (id: string, order: string): boolean =>
    open.some((a) => a.untried.some((u) => u.scenario === id && u.order === order));
  const scenarios = job.scenarios.filter((s) => left(s.id, s.order));
  return open.length > 0 ? { ...job, at: undefined, scenarios, only: open.map((a) => a.statement.start) } : undefined;
}

/** One job in its pieces. */
class Round {
  readonly answer: Promise<StatementAnswer[]>;
  private readonly running: Running<"why">[];

  constructor(workers: Workers, job: WhyJob, { progress, part }: JobListener<"why">, scenarios: WhyJob["scenarios"]) {
    const single = job.at !== undefined || job.only?.length === 1;
    const pieces = single ? byScenario(job, workers.most) : byStatement(job, workers.most);
    const known = new PartialAnswers(scenarios, single ? pieces.length : 1);
    const far: (JobProgress | undefined)[] = pieces.map(() => undefined);
    this.running = pieces.map((piece, i) =>
      workers.run(piece, {
        progress: (p) => {
          far[i] = p;
          progress?.(together(far.filter((f) => f !== undefined)));
        },
        part: (answer) => {
          const now = known.add(answer);
          if (now) part?.(now);
        },
      }),
    );
    this.answer = this.ended(known);
  }

  all(what: "pause" | "resume" | "cancel"): void {
    for (const r of this.running) r[what]();
  }

  private async ended(known: PartialAnswers): Promise<StatementAnswer[]> {
    const ends = await Promise.allSettled(this.running.map((r) => r.answer));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return known.answers;
  }
}

/**
 * Each takes up the next statement when it is done with one. Where memory can't be shared there is one worker anyway.
 */
function byStatement(job: WhyJob, most: number): WhyJob[] {
  if (most < 2) return [job];
  const next = new Int32Array(new SharedArrayBuffer(4));
  return Array.from({ length: most }, () => ({ ...job, next }));
}

/**
 * Each has scenarios of its own, in both memory orders: what holds under TSO needn't be tried under SC. They are dealt
 * out to and fro.
 */
function byScenario(job: WhyJob, most: number): WhyJob[] {
  const ids = [...new Set(job.scenarios.map((s) => s.id))];
  const dealt = Array.from({ length: Math.max(1, Math.min(most, ids.length)) }, (): string[] => []);
  ids.forEach((id, i) => {
    const round = Math.floor(i / dealt.length),
      at = i % dealt.length;
    dealt[round % 2 === 0 ? at : dealt.length - 1 - at].push(id);
  });
  return dealt.map((own) => ({ ...job, scenarios: job.scenarios.filter((s) => own.includes(s.id)) }));
}

function together(all: readonly JobProgress[]): JobProgress {
  const sum = (key: "states" | "rate" | "queue" | "done") => all.reduce((n, p) => n + (p[key] ?? 0), 0);
  const most = (key: "depth" | "of") => Math.max(...all.map((p) => p[key] ?? 0));
  return {
    states: sum("states"),
    rate: sum("rate"),
    queue: sum("queue"),
    depth: most("depth"),
    done: Math.min(sum("done"), most("of")),
    of: most("of"),
  };
}

/** What the pieces have found of each statement: an answer once all `pieces` have reported it. */
class PartialAnswers {
  private readonly byStart = new Map<number, { answer: StatementAnswer; spoken: number }>();

  constructor(
    private readonly scenarios: WhyJob["scenarios"],
    private readonly pieces: number,
  ) {}

  /** Adds what a piece has found; gives the answer when this completes it. */
  add(found: StatementAnswer): StatementAnswer | undefined {
    const before = this.byStart.get(found.statement.start);
    const answer = before ? mergeAnswers(before.answer, found, this.scenarios) : found;
    const spoken = (before?.spoken ?? 0) + 1;
    this.byStart.set(found.statement.start, { answer, spoken });
    return spoken === this.pieces ? answer : undefined;
  }

  get answers(): StatementAnswer[] {
    const whole = [...this.byStart.values()].filter((k) => k.spoken === this.pieces).map((k) => k.answer);
    return whole.sort((a, b) => a.statement.start - b.statement.start);
  }
}
