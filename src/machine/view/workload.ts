/** The workload that CPUs chose in an execution, as a scenario of its own. */
import type { Action, Scenario } from "../../scenario/scenario";
import { choiceOf, moveCpu, MoveKind, moveKind, stepOf, type Move } from "../move";
import { describeAction } from "./names";

/** Do CPUs of this scenario choose what they do? */
export const hasChoices = ({ cpus }: Scenario): boolean => cpus.some((c) => c.actions !== undefined);

/** What each CPU chose, in this order: indices into its `does`. */
export function workloadChosen(scenario: Scenario, moves: readonly Move[]): number[][] {
  const chosen = scenario.cpus.map((): number[] => []);
  for (const m of moves) if (moveKind(m) === MoveKind.choose) chosen[moveCpu(m)].push(choiceOf(m));
  return chosen;
}

/** The same as actions. */
export const chosenActions = (scenario: Scenario, moves: readonly Move[]): Action[][] =>
  workloadChosen(scenario, moves).map((list, c) => list.map((index) => scenario.cpus[c].does[index].action));

/**
 * The scenario in which each CPU is asked for what it chose, and the same execution there. Kernel threads that take no
 * part go.
 */
export function workloadOf(scenario: Scenario, moves: readonly Move[]): { scenario: Scenario; moves: Move[] } {
  const chosen = chosenActions(scenario, moves);
  const range = { start: 0, end: 0 };
  const cpus = scenario.cpus.map((cpu, c) =>
    cpu.actions === undefined ? cpu : { starts: cpu.starts, does: chosen[c].map((action) => ({ action, range })) },
  );
  const named = new Set(
    cpus.flatMap(({ starts, does }) => [
      starts,
      ...does.flatMap(({ action: a }) => (a.do === "schedule" ? a.task : [])),
    ]),
  );
  return {
    scenario: {
      ...scenario,
      id: `${scenario.id}-found`,
      about: workloadText(chosen),
      tasks: scenario.tasks.filter(({ name, mm }) => mm !== undefined || named.has(name)),
      cpus,
    },
    moves: moves.map((m) => (moveKind(m) === MoveKind.choose ? stepOf(moveCpu(m)) : m)),
  };
}

/** `CPU0: schedule B/1, schedule A/1. CPU1: munmap page0.` */
export const workloadText = (chosen: readonly (readonly Action[])[]): string =>
  chosen
    .flatMap((actions, c) => (actions.length ? [`CPU${c}: ${actions.map(describeAction).join(", ")}.`] : []))
    .join(" ");
