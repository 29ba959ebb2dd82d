/** How far every workload of a world was looked at, in words. */
import * as vscode from "vscode";
import { isOpen, type Row, type Workloads } from "./check-rows";

/** `at most 2 actions a CPU`. */
const atMost = (n: number): string =>
  n === 1 ? vscode.l10n.t("at most 1 action a CPU") : vscode.l10n.t("at most {0} actions a CPU", n);

/** The most actions of a CPU that the row's verdict is of. */
const actionsLookedAt = ({ scenario }: Row): number => Math.max(...scenario.cpus.map((c) => c.actions ?? 0));

/** `fails, at most 2 actions a CPU`, of a row with a verdict; `outcome` in words. */
export const workloadOutcome = (row: Row, outcome: string): string => `${outcome}, ${atMost(actionsLookedAt(row))}`;

/** What is being looked at beyond the verdict, or was not looked at to the end; undefined where there is nothing. */
export function workloadRest(row: Row, workloads: Workloads): string | undefined {
  const { actions, cut } = workloads;
  if (cut) return vscode.l10n.t("the time was up for {0}", atMost(actions));
  if (!isOpen(row)) return undefined;
  if (row.state === "waiting") return vscode.l10n.t("next: {0}", atMost(actions));
  return row.state === "paused"
    ? vscode.l10n.t("paused: {0}", atMost(actions))
    : vscode.l10n.t("now: {0}", atMost(actions));
}

/** What every workload that was looked at in all of these rows has in common, for the end of a sentence. */
export function workloadsHold(rows: readonly Row[]): string | undefined {
  const least = Math.min(...rows.map(actionsLookedAt));
  return rows.length === 0 ? undefined : vscode.l10n.t("and in every workload of {0}", atMost(least));
}
