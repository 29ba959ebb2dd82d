/**
 * Every message between whoever wants something searched and the worker that searches. Plain data only, as structured
 * clone carries it; both sides import this file and no other knowledge of each other.
 */
import type { AskedProperty } from "../check/search/asked";
import type { Premise } from "../machine/rests-on";
import type { Verdict } from "../check/verdict/verdict";
import type { Move } from "../machine/machine";
import type { Diagnostic, SourceFile } from "../kernel/syntax/source";
import type { Statement } from "../kernel/statements";
import type { MemoryOrder, Scenario } from "../scenario/scenario";

/** Where a search gives up. */
export interface Limits {
  states: number;
  bytes: number;
}

/** Looks at every interleaving of one scenario, in the memory order that it names. */
export interface CheckJob {
  kind: "check";
  /** All files of the program: open ones with their unsaved text, their tree's, the environment, the edition. */
  files: SourceFile[];
  scenario: Scenario;
  /** The reader's questions. */
  asked: AskedProperty[];
  limits: Limits;
  /** End the search at the first broken promise. */
  untilBroken?: boolean;
}

/** What a statement of a function is for, or each one. */
export interface WhyJob {
  kind: "why";
  files: SourceFile[];
  /** Each in the memory order that it names. */
  scenarios: Scenario[];
  uri: string;
  fn: string;
  /** An offset on the line of the statement; absent: all of them. */
  at?: number;
  /** Only the statements that start here. */
  only?: number[];
  /** One number, shared by the jobs that divide the statements between them: the first one that none has taken up. */
  next?: Int32Array<SharedArrayBuffer>;
  /** Where each search gives up. */
  maxStates: number;
}

/** The shortest execution of a scenario on which some CPU is about to begin a statement of a line. */
export interface ReachJob {
  kind: "reach";
  files: SourceFile[];
  scenario: Scenario;
  uri: string;
  /** Counted from 1. */
  line: number;
  /** A C expression that is to hold there, as the CPU that stands there would work it out. */
  condition?: string;
  /** Where the search gives up. */
  maxStates: number;
}

/** Is this a question that can be asked of these files? */
export interface QuestionJob {
  kind: "question";
  files: SourceFile[];
  /** It is one if some scenario's program can be asked it. */
  scenarios: Scenario[];
  /** Absent: which functions are there to ask about? */
  asked?: AskedProperty;
}

/** What the reader should know about the source, as every platform's program has it. */
export interface DiagnoseJob {
  kind: "diagnose";
  files: SourceFile[];
}

/** Which of a scenario's settings does nothing in these files ask for? */
export interface SettingsJob {
  kind: "settings";
  files: SourceFile[];
  scenario: Scenario;
}

export type Job = CheckJob | WhyJob | ReachJob | QuestionJob | DiagnoseJob | SettingsJob;

/** A diagnostic without the file that it is of. */
export type PlainDiagnostic = Pick<Diagnostic, "severity" | "message" | "code"> & {
  uri: string;
  start: number;
  end: number;
};

/** The shortest thing that goes wrong with a changed program. */
export interface PlainConsequence {
  scenario: string;
  order: MemoryOrder;
  /** The id of the property, or the name of the question. */
  property: string;
  why: string;
  moves: Move[];
  /** What isn't known, and this rests on. */
  restsOn: Premise[];
}

/** A property that the source violates as it stands, and no longer does with a change. */
export interface PlainMended {
  scenario: string;
  order: MemoryOrder;
  property: string;
}

/** What one statement is for. */
export interface StatementAnswer {
  statement: Statement;
  /** Counted from 1. */
  line: number;
  /** Does any scenario reach it? */
  reached: boolean;
  removed?: PlainConsequence;
  removedMends: PlainMended[];
  exchangedMends: PlainMended[];
  /** What goes wrong when it and `next` change places. */
  exchanged?: PlainConsequence;
  next?: Statement;
  /** Scenarios that were left out, or not searched to the end, and may have more to say. */
  untried: { scenario: string; order: MemoryOrder }[];
  /** Why the changed program can't be run. */
  refused?: string;
  /** What isn't known, and the answer that nothing goes wrong rests on. */
  restsOn: Premise[];
}

/** Where a line leads. */
export interface LineFound {
  /** The line to stop at: the asked one, or the next one below with a step. */
  line: number;
  /** The shortest path there; undefined when there is none. */
  moves?: Move[];
  /** Was every state visited that there is? */
  complete: boolean;
}

export interface QuestionAnswer {
  /** Names of the functions that run in some scenario. */
  functions: string[];
  /** What is wrong with the question, and where in its text, if that is known. */
  refused?: { why: string; at?: { start: number; end: number } };
}

/** Each kind of job's answer; a cancelled one gives what is known so far. */
export interface Answers {
  check: Verdict;
  why: StatementAnswer[];
  reach: LineFound | { why: string };
  question: QuestionAnswer;
  diagnose: PlainDiagnostic[];
  settings: { name: string; message: string }[];
}

/** What can be reported before all is done. */
export interface Parts {
  /** A property that is violated. */
  check: string;
  why: StatementAnswer;
  reach: never;
  question: never;
  diagnose: never;
  settings: never;
}

/** How far a job is. */
export interface JobProgress {
  states: number;
  /** States a second, over the last second or so. */
  rate: number;
  /** Length of the longest shortest execution so far. */
  depth: number;
  /** States found but not yet expanded. */
  queue: number;
  /** For a job of several pieces: how many are done, and of how many. */
  done?: number;
  of?: number;
  /** What is tried now are the scenarios that are too large to be tried everywhere. */
  larger?: boolean;
}

/** Why there is no answer: something that the reader can mend, or a mistake of ours. */
export interface Failure {
  kind: "refused" | "failed";
  message: string;
}

export type ToWorker =
  /** The bytes of the parser and of its C grammar; comes first. */
  /** `words`: what to say in the reader's language, by the English; absent where that is English. */
  | { type: "load"; runtime: Uint8Array; grammar: Uint8Array; words?: Record<string, string> }
  | { type: "run"; id: number; job: Job }
  | { type: "pause" | "resume" | "cancel"; id: number };

export type FromWorker =
  | { type: "progress"; id: number; progress: JobProgress }
  | { type: "part"; id: number; part: Parts[keyof Parts] }
  | { type: "answer"; id: number; answer: Answers[keyof Answers] }
  | { type: "failure"; id: number; failure: Failure };
