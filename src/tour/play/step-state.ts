/** What a step shows once it was played: its place, the machine's state, words with their values, and its question. */
import type { SourceFile } from "../../kernel/syntax/source";
import type { Machine, Move } from "../../machine/machine";
import type { SourcePlace } from "../../machine/view/view";
import type { Scenario } from "../../scenario/scenario";
import type { Trace } from "../../trace/trace";
import type { Step } from "../format/tour";
import type { TestResult } from "./claims";
import type { Answer } from "./tour-question";

/** A question as it is put to the reader. */
export interface Question {
  kind: "cpu" | "bit" | "choice";
  /** Markdown. */
  words: string;
  /** Every answer that there is, with its words. */
  answers: { answer: Answer; text: string }[];
}

export interface Judged {
  right: boolean;
  /** All right answers. */
  rightAnswers: { answer: Answer; text: string }[];
  /** Markdown, with the values after the reveal. */
  words: string;
  /** From the scenario's start to the state after the reveal. */
  script: Move[];
  /** Mistakes of the tour: what the reveal couldn't do, values that there aren't, no right answer or no wrong one. */
  problems: string[];
}

export interface StepState {
  step: Step;
  /** The CPU that the step is about: the one whose thread is to be selected. */
  cpu: number;
  /** Where the words stand. Undefined when the code has drifted too far, or the CPU runs nothing. */
  place?: SourcePlace;
  /** How the code differs from what the tour was written on. */
  drift?: { k: "moved" | "near" | "missing" | "lost"; message: string };
  scenario: Scenario;
  /** The files that run: the reader's, a changed copy of them, or the edition's. */
  files: SourceFile[];
  patched?: { message: string; changed: { file: SourceFile; original: SourceFile }[] };
  machine: Machine;
  /** The moves from the scenario's start to this state. */
  script: Move[];
  /** How many of them the state has that this step goes on from. */
  from: number;
  /** Markdown. */
  words: string;
  claims: TestResult[];
  question?: Question;
  /** What can't be done or shown here, and why. Empty when the tour fits the source. */
  problems: string[];
  next?: string;
  previous?: string;
  branches: { say: string; to: string }[];
  /** A new trace of the whole script, which stands at this state; the caller may do with it what it likes. */
  openTrace(): Trace;
}
