/** *Why is this line here?* with every worker there is: they divide the statements of a function, or the scenarios of one statement. */
import type { JobProgress, PlainConsequence, PlainMended, StatementAnswer, WhyJob } from "./protocol";
import type { Running, Watch, Workers } from "./workers";

/**
 * Runs a job in as many pieces as there may be workers. Parts are told as they are known, the answers in the order of the
 * text. When a piece is lost the others go on; only then does the answer reject.
 */
export function runWhy(workers: Workers, job: WhyJob, { progress, part }: Watch<"why"> = {}): Running<"why"> {
  const whole = job.at === undefined;
  const pieces = whole ? byStatement(job, workers.most) : byScenario(job, workers.most);
  const known = new Known(job.scenarios, whole ? 1 : pieces.length);
  const far: (JobProgress | undefined)[] = pieces.map(() => undefined);
  const running = pieces.map((piece, i) => workers.run(piece, {
    progress: (p) => {
      far[i] = p;
      progress?.(together(far.filter((f) => f !== undefined)));
    },
    part: (answer) => {
      const now = known.take(answer);
      if (now) part?.(now);
    },
  }));
  const all = (what: "pause" | "resume" | "cancel") => () => running.forEach((r) => r[what]());
  return { answer: ended(running, known), pause: all("pause"), resume: all("resume"), cancel: all("cancel") };
}

async function ended(running: readonly Running<"why">[], known: Known): Promise<StatementAnswer[]> {
  const ends = await Promise.allSettled(running.map((r) => r.answer));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return known.answers;
}

/** Each takes up the next statement when it is done with one. Where memory can't be shared there is one worker anyway. */
function byStatement(job: WhyJob, most: number): WhyJob[] {
  if (most < 2) return [job];
  const next = new Int32Array(new SharedArrayBuffer(4));
  return Array.from({ length: most }, () => ({ ...job, next }));
}

/** Each has scenarios of its own. They come in pairs of memory orders, so they are dealt out to and fro: none gets only the larger ones. */
function byScenario(job: WhyJob, most: number): WhyJob[] {
  const dealt = Array.from({ length: Math.max(1, Math.min(most, job.scenarios.length)) }, (): WhyJob["scenarios"] => []);
  job.scenarios.forEach((scenario, i) => {
    const round = Math.floor(i / dealt.length), at = i % dealt.length;
    dealt[round % 2 === 0 ? at : dealt.length - 1 - at].push(scenario);
  });
  return dealt.map((scenarios) => ({ ...job, scenarios }));
}

function together(all: readonly JobProgress[]): JobProgress {
  const sum = (key: "states" | "rate" | "queue" | "done") => all.reduce((n, p) => n + (p[key] ?? 0), 0);
  const most = (key: "depth" | "of") => Math.max(...all.map((p) => p[key] ?? 0));
  return { states: sum("states"), rate: sum("rate"), queue: sum("queue"), depth: most("depth"), done: Math.min(sum("done"), most("of")), of: most("of") };
}

/** What the pieces have found of each statement, which is an answer when each of so many has spoken. */
class Known {
  private readonly byStart = new Map<number, { answer: StatementAnswer; spoken: number }>();

  constructor(private readonly scenarios: WhyJob["scenarios"], private readonly pieces: number) {}

  /** Takes up what a piece has found; gives the answer when this makes it whole. */
  take(found: StatementAnswer): StatementAnswer | undefined {
    const before = this.byStart.get(found.statement.start);
    const answer = before ? this.joined(before.answer, found) : found;
    const spoken = (before?.spoken ?? 0) + 1;
    this.byStart.set(found.statement.start, { answer, spoken });
    return spoken === this.pieces ? answer : undefined;
  }

  get answers(): StatementAnswer[] {
    const whole = [...this.byStart.values()].filter((k) => k.spoken === this.pieces).map((k) => k.answer);
    return whole.sort((a, b) => a.statement.start - b.statement.start);
  }

  private joined(a: StatementAnswer, b: StatementAnswer): StatementAnswer {
    return {
      ...a, reached: a.reached || b.reached, refused: a.refused ?? b.refused,
      removed: this.shorter(a.removed, b.removed), removedMends: this.inOrder([...a.removedMends, ...b.removedMends]),
      exchanged: this.shorter(a.exchanged, b.exchanged), exchangedMends: this.inOrder([...a.exchangedMends, ...b.exchangedMends]),
    };
  }

  /** Of two equally short ones, that of the scenario that was named first. */
  private shorter(a: PlainConsequence | undefined, b: PlainConsequence | undefined): PlainConsequence | undefined {
    if (!a || !b) return a ?? b;
    return (a.moves.length - b.moves.length || this.rank(a) - this.rank(b)) <= 0 ? a : b;
  }

  private inOrder(mended: PlainMended[]): PlainMended[] {
    return mended.sort((a, b) => this.rank(a) - this.rank(b));
  }

  private rank(c: PlainConsequence | PlainMended): number {
    return this.scenarios.findIndex((s) => s.id === c.scenario && s.order === c.order);
  }
}
