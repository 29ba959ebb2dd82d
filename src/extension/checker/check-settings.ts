/** What the reader has set for the checker. */
import * as vscode from "vscode";
import { readAsked, type AskedProperty } from "../../check/search/asked";
import { USUAL_WORKLOADS } from "../../jobs/deepening";
import type { Limits } from "../../jobs/protocol";
import type { MemoryOrder, Scenario } from "../../scenario/scenario";

const section = "tlbscope.check";
const settings = (scope?: vscode.Uri) => vscode.workspace.getConfiguration(section, scope);

/** Megabytes that the states of all searches together may take. */
export const megabytes = (): number => Math.max(64, settings().get("maxMemory", 2048));

/** Where one of `most` searches at a time gives up. */
export const limits = (most: number): Limits => ({
  states: Math.max(1, settings().get("maxStates", 20_000_000)),
  bytes: (megabytes() * 1024 * 1024) / most,
});

/** How far workloads are looked at when the scenarios have ended: at most so many actions a CPU, for so long. */
export function workloadLimits(): { actions: number; milliseconds: number } {
  const of = (name: keyof typeof USUAL_WORKLOADS): number =>
    Math.max(0, settings().get(`workloads.${name}`, USUAL_WORKLOADS[name]));
  return { actions: of("actions"), milliseconds: 1000 * of("seconds") };
}

/** The memory orders in which a scenario is to be checked. */
export function ordersOf(scenario: Scenario): MemoryOrder[] {
  switch (settings().get<"both" | "sc" | "tso" | "scenario">("order", "both")) {
    case "sc":
      return ["sc"];
    case "tso":
      return ["tso"];
    case "scenario":
      return [scenario.order];
    default:
      return ["sc", "tso"];
  }
}

/** The same for a world of workloads: every execution under SC is one under TSO, so that both need one search. */
export function ordersOfWorld(world: Scenario): MemoryOrder[] {
  const orders = ordersOf(world);
  return orders.includes("tso") ? ["tso"] : orders;
}

/** What the reader promises or asks for besides, as it is written in the settings. */
export const asked = (): AskedProperty[] => readList(settings().get<unknown>("properties"));

/** Changes what is written in the settings of one target, unless nothing changes. */
export async function changeAsked(
  target: vscode.ConfigurationTarget.Workspace | vscode.ConfigurationTarget.Global,
  change: (list: AskedProperty[]) => AskedProperty[],
): Promise<void> {
  const written = settings().inspect<unknown>("properties");
  const list = readList(
    target === vscode.ConfigurationTarget.Workspace ? written?.workspaceValue : written?.globalValue,
  );
  const now = change(list);
  if (now === list) return;
  await settings().update(
    "properties",
    now.length > 0
      ? now.map((p) => ({ kind: p.kind, text: p.in === undefined ? p.text : `${p.text} in ${p.in}()` }))
      : undefined,
    target,
  );
}

function readList(given: unknown): AskedProperty[] {
  return (Array.isArray(given) ? (given as { kind?: unknown; text?: unknown }[]) : []).flatMap(({ kind, text }) =>
    typeof text === "string" && text.trim()
      ? [readAsked(kind === "can" || kind === "occurs" ? kind : "always", text)]
      : [],
  );
}

export const checksOnSave = (scope: vscode.Uri): boolean => settings(scope).get("onSave", false);

export const showsLenses = (scope: vscode.Uri): boolean => settings(scope).get("codeLens.enabled", true);

export const lensSetting = `${section}.codeLens.enabled`;
