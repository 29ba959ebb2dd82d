/** What a check is made of: a row for each scenario in each memory order, from waiting for its turn to its verdict. */
import type * as vscode from "vscode";
import type { AskedProperty } from "../../check/search/asked";
import type { Verdict } from "../../check/verdict/verdict";
import type { JobProgress } from "../../jobs/protocol";
import type { JobError } from "../../jobs/workers";
import type { SourceFile } from "../../kernel/syntax/source";
import type { MemoryOrder, Scenario } from "../../scenario/scenario";
import type { FoundScenario } from "../scenarios";

/** One scenario in one memory order. */
export interface Row {
  /** What a launch configuration names the scenario by. */
  name: string;
  /** In the memory order of this row. */
  scenario: Scenario;
  found: FoundScenario;
  state: "waiting" | "running" | "paused" | "done" | "failed";
  progress?: JobProgress;
  /**
   * Promises that are known to be broken before the verdict is there, and what was asked for and is known to happen.
   */
  broken: string[];
  happens: string[];
  verdict?: Verdict;
  error?: JobError;
  /** Milliseconds from the row's beginning to its end. */
  ms?: number;
  /** The verdict of the check before this one. */
  before?: Verdict;
}

/** What was checked last. */
export interface Checked {
  root: vscode.Uri | undefined;
  files: SourceFile[];
  rows: Row[];
  /** What the reader promises or asks for besides. */
  asked: AskedProperty[];
  begun: Date;
}

/** Whether a row may still reach a verdict. */
export const isOpen = ({ state }: Row): boolean => state === "running" || state === "waiting" || state === "paused";

/** `lazy-return, TSO`. */
export const rowName = (row: { scenario: { id: string; order: MemoryOrder } }): string =>
  `${row.scenario.id}, ${row.scenario.order.toUpperCase()}`;
