/** Which workloads `tlbscope check` looks at, by what it is asked for. */
import { USUAL_WORKLOADS } from "../../jobs/deepening";
import type { Scenario } from "../../scenario/scenario";
import { inOrders, UsageError, wholeNumber, worldNames, type Changes } from "../inputs";

export interface WorkloadPlan {
  /** Each in a memory order. */
  worlds: Scenario[];
  /** The most actions of a CPU. */
  actions: number;
  /** When to stop; without it, when all is looked at. */
  seconds?: number;
}

/** What the options say of it. */
export interface WorkloadFlags extends Changes {
  withScenarios: boolean;
  scenarios: readonly string[];
  asked: readonly unknown[];
  settings: boolean;
  workloads?: string;
  seconds?: string;
  save?: string;
}

/** Undefined where scenarios or questions are named and workloads aren't, or none are wanted. */
export function workloadPlan(o: WorkloadFlags): WorkloadPlan | undefined {
  const actions = wholeNumber("--workloads", o.workloads, 0);
  const seconds = wholeNumber("--seconds", o.seconds);
  const named = o.scenarios.length > 0 || o.asked.length > 0 || o.settings;
  if (actions === 0 || (named && actions === undefined)) {
    for (const option of ["seconds", "save"] as const)
      if (o[option] !== undefined)
        throw new UsageError(`--${option} is for workloads: give --workloads, too, as in --workloads 2.`);
    if (!o.withScenarios) throw new UsageError("Without scenarios and workloads there is nothing to look at.");
    return undefined;
  }
  return {
    // Every execution under SC is one under TSO: the one in which each store reaches memory at once.
    worlds: inOrders(worldNames(), { ...o, order: o.order ?? "tso" }),
    actions: actions ?? USUAL_WORKLOADS.actions,
    seconds: seconds ?? (actions === undefined ? USUAL_WORKLOADS.seconds : undefined),
  };
}
