/** Ticks on the history's scrubber: actions that begin, context switches, interrupts, and broken promises. */
import { t } from "@vscode/l10n";
import { cellName } from "../machine/view/locals";
import { properties, type Effect } from "../machine/effects";
import type { Layout } from "../machine/layout";
import { describeAction } from "../machine/view/names";
import { moveCpu, type Machine } from "../machine/machine";
import type { Entry, Trace } from "../trace/trace";
import type { PanelState } from "./messages";

type Mark = PanelState["marks"][number];

const cache = new WeakMap<Entry, { label: string; failed: boolean }[]>();

/** All marks of the history, in its order. */
export function marksOf(trace: Trace): Mark[] {
  const out: Mark[] = [];
  for (let at = 0; at <= trace.last; at++) {
    const entry = trace.entry(at);
    let marks = cache.get(entry);
    if (!marks) cache.set(entry, (marks = marksFor(trace.machine, entry)));
    for (const m of marks) out.push({ at, ...m });
  }
  return out;
}

function marksFor(machine: Machine, e: Entry): { label: string; failed: boolean }[] {
  const broken = e.violations.map((v) => ({ label: t("broken: {0}", properties[v.property].label), failed: true }));
  if (e.cause.k === "edit")
    return [{ label: t("you set {0}", cellName(machine, e.state, e.cause.cell)), failed: false }, ...broken];
  if (e.cause.k === "start") return broken;
  const c = moveCpu(e.cause.move);
  const said = e.effects.map((f) => labelOf(f, c, machine, machine.layout)).filter((l) => l !== undefined);
  return [
    ...said.map((what) => ({
      label: t({ message: "{0} {1}", args: [`CPU${c}`, what], comment: "a CPU, and what it does" }),
      failed: false,
    })),
    ...broken,
  ];
}

function labelOf(e: Effect, c: number, machine: Machine, l: Layout): string | undefined {
  const cpus = (mask: number) =>
    Array.from({ length: l.cpuCount }, (_, i) => i)
      .filter((i) => (mask >> i) & 1)
      .map((i) => `CPU${i}`)
      .join(", ");
  switch (e.k) {
    case "action":
      return t("begins: {0}", describeAction(machine.scenario.cpus[c].does[e.index].action));
    case "switch":
      return t("switches to {0}", l.objectAt(e.to));
    case "sendVector":
      return e.to === 0 ? undefined : t("sends the flush interrupt to {0}", cpus(e.to));
    case "sendCall":
      return e.to === 0 ? undefined : t("asks {0} to call {1}", cpus(e.to), `${l.fnName(e.fn) ?? t("a function")}()`);
    case "take":
      return t("takes an interrupt: {0}", `${e.fn}()`);
    default:
      return undefined;
  }
}
