/** What a check is made of: a row for each scenario in each memory order, from waiting for its turn to its verdict. */
import { l10n, type Uri } from "vscode";
import type { AskedProperty } from "../../check/search/asked";
import type { Verdict } from "../../check/verdict/verdict";
import type { JobProgress } from "../../jobs/protocol";
import type { JobError } from "../../jobs/workers";
import type { SourceFile } from "../../kernel/syntax/source";
import type { Scenario } from "../../scenario/scenario";
import type { FoundScenario } from "../scenarios";

/** How far every workload of a world was looked at. */
export interface Workloads {
  /** The actions a CPU of the search that runs, or is to come; of the last one where none is to come. */
  actions: number;
  most: number;
  /** The time was up, or the reader stopped it, before the search of so many actions had ended. */
  cut: boolean;
}

/** One scenario in one memory order, or every workload in a world. */
export interface Row {
  /** What a launch configuration names the scenario by. */
  name: string;
  /** In the memory order of this row; a world with as many actions a CPU as the verdict is of. */
  scenario: Scenario;
  /** Of a world. */
  workloads?: Workloads;
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
  root: Uri | undefined;
  files: SourceFile[];
  rows: Row[];
  /** What the reader promises or asks for besides. */
  asked: AskedProperty[];
  begun: Date;
}

/** Whether a row may still reach a verdict. */
export const isOpen = ({ state }: Row): boolean => state === "running" || state === "waiting" || state === "paused";

/** `lazy-return, TSO`; `every workload in two-cpus, TSO`. */
export function rowName({ scenario, workloads }: Pick<Row, "scenario" | "workloads">): string {
  const order = scenario.order.toUpperCase();
  return workloads ? l10n.t("every workload in {0}, {1}", scenario.id, order) : `${scenario.id}, ${order}`;
}
