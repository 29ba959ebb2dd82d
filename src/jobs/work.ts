/** Each kind of job as a generator, which yields its progress. */
import { AskedError, type AskedProperty } from "../check/search/asked";
import { check, type AskedVerdict } from "../check/verdict/verdict";
import { baselineOf } from "../check/why/baseline";
import type { Consequence, Mended } from "../check/why/consequences";
import { why, type WhyAnswer } from "../check/why/why";
import type { CParser } from "../kernel/syntax/tree/parse";
import { positionAt, type SourceFile } from "../kernel/syntax/source";
import { functionWithStatements, statementAt, type Statement } from "../kernel/statements";
import { LayoutError } from "../machine/layout";
import { Machine } from "../machine/machine";
import { diagnose, question, refusal, settingsWithoutEffect } from "./source-questions";
import { reachLine } from "./reach-line";
import { Refused } from "./refused";
import type {
  Answers,
  CheckJob,
  Job,
  JobProgress,
  Parts,
  PlainConsequence,
  PlainMended,
  ReachJob,
  StatementAnswer,
  WhyJob,
} from "./protocol";
import type { SourceCache } from "./source-cache";

/** What a job is given by the runner. */
export interface JobContext {
  parser: CParser;
  texts: SourceCache;
  /** Reports a part of the answer that is known already. */
  emit(part: Parts[keyof Parts]): void;
  /** Is the job to end with what is known so far? */
  cancelled(): boolean;
}

export type Step = Partial<Omit<JobProgress, "rate">>;
export type Work = Generator<Step, Answers[keyof Answers]>;

/** Does a job. Throws Refused or a LayoutError for what the reader can mend. */
export function workOn(job: Job, around: JobContext): Work {
  const files = around.texts.intern(job.files);
  switch (job.kind) {
    case "check":
      return checkAll({ ...job, files }, around);
    case "why":
      return explain({ ...job, files }, around);
    case "reach":
      return reach({ ...job, files }, around);
    case "question":
      return question({ ...job, files }, around.texts);
    case "diagnose":
      return diagnose(files, around.texts);
    case "settings":
      return settingsWithoutEffect(files, job.scenario, around.texts);
  }
}

function* checkAll(
  { files, scenario, asked, limits, untilBroken }: CheckJob,
  { texts, emit, cancelled }: JobContext,
): Work {
  const reported = new Set<string>();
  const broken = (property: string): void => {
    if (reported.has(property)) return;
    reported.add(property);
    emit(property);
  };
  const machine = new Machine(texts.program(files, scenario), scenario);
  // What can't be asked of this program doesn't keep it from being checked.
  const refusals = new Map(asked.map((p) => [p, refusal(machine, p)?.message]));
  const verdict = yield* check(machine, {
    maxStates: limits.states,
    maxBytes: limits.bytes,
    cancelled,
    broken,
    untilBroken,
    programUnder: (settings) => texts.program(files, { ...scenario, settings }),
    asked: asked.filter((p) => refusals.get(p) === undefined),
  });
  const answers = [...verdict.asked];
  const answer = (property: AskedProperty): AskedVerdict => {
    const refused = refusals.get(property);
    return refused === undefined
      ? answers.shift()!
      : { property, standing: "unknown", executions: [], tried: 0, refused };
  };
  return { ...verdict, asked: asked.map(answer) };
}

function* reach(job: ReachJob, { texts, cancelled }: JobContext): Work {
  const work = reachLine(texts.program(job.files, job.scenario), job);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (cancelled()) return { line: job.line, complete: false };
    yield { states: value };
  }
}

function* explain(job: WhyJob, { parser, emit, cancelled }: JobContext): Work {
  const { files, scenarios, maxStates, fn } = job;
  const file = files.find((f) => f.uri === job.uri);
  const found = file && functionWithStatements(parser, file, fn);
  if (!found)
    throw new Refused(
      `There is no function ${fn}() in ${file?.path ?? job.uri} any more: put the cursor on a statement and ask again.`,
    );
  const { item, list } = found;
  const { only } = job;
  const asked = only
    ? list.filter((s) => only.includes(s.start))
    : job.at === undefined
      ? list
      : [statementAt(list, item.file, job.at)].filter((s) => s !== undefined);
  if (asked.length === 0)
    throw new Refused(
      `No statement of ${fn}() stands on line ${positionAt(item.file, job.at!).line}. Put the cursor on one, and ` +
        "ask again.",
    );
  const input = { parser, files, scenarios, maxStates };
  const answers: StatementAnswer[] = [];
  const progress = (): Step => ({ done: answers.length, of: asked.length });
  // Ending early gives the answers so far; an unfinished one is left out.
  function* through<T>(work: Generator<number, T>, far: () => Step = progress): Generator<Step, T | undefined> {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      if (cancelled()) return undefined;
      yield { ...far(), states: value };
    }
  }
  const baseline = yield* through(baselineOf(input), () => ({}));
  if (!baseline) return answers;
  let own = 0;
  const take = (): number => (job.next ? Atomics.add(job.next, 0, 1) : own++);
  for (let i = take(); i < asked.length; i = take()) {
    const answer = yield* through(why(input, item, asked[i], list, baseline));
    if (!answer) break;
    const plain = plainAnswer(answer, item.file, list);
    answers.push(plain);
    emit(plain);
    yield progress();
  }
  return answers;
}

function plainAnswer(
  { statement, reached, removed, removedMends, exchanged, exchangedMends, untried, refused, restsOn }: WhyAnswer,
  file: SourceFile,
  list: readonly Statement[],
): StatementAnswer {
  const plain = (c: Consequence | undefined): PlainConsequence | undefined =>
    c && {
      scenario: c.scenario.id,
      order: c.scenario.order,
      property: c.property,
      why: c.why,
      moves: c.moves,
      restsOn: c.restsOn,
    };
  const mended = (list: readonly Mended[]): PlainMended[] =>
    list.map(({ scenario, property }) => ({ scenario: scenario.id, order: scenario.order, property }));
  const next = statement.next === undefined ? undefined : list[statement.next];
  return {
    statement,
    line: positionAt(file, statement.start).line,
    reached,
    removed: plain(removed),
    removedMends: mended(removedMends),
    exchanged: plain(exchanged),
    exchangedMends: mended(exchangedMends),
    next,
    untried: untried.map(({ id, order }) => ({ scenario: id, order })),
    refused,
    restsOn,
  };
}

/** Is this an error that the reader can mend? */
export const isRefusal = (e: unknown): boolean =>
  e instanceof Refused || e instanceof LayoutError || e instanceof AskedError;
