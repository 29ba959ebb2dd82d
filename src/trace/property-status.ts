/** Each property's state at the trace's cursor: kept so far, or broken, where and why. */
import { t } from "@vscode/l10n";
import { properties, propertyIds, sentenceOf } from "../machine/effects";
import type { PropertyView } from "../machine/view/view";
import { W } from "../machine/layout";
import { isSpontaneous, type Machine, type State } from "../machine/machine";
import type { Trace } from "./trace";

/** No CPU can move (but for what comes about by itself), though one has something left to do. */
function isDeadlock(m: Machine, s: State): boolean {
  if (!m.scenario.cpus.some((_, c) => m.hasStep(s, c))) return false;
  // Where BUG() or a bad pointer has stopped a CPU, others may wait for it: the failure itself says so.
  if (m.layout.cpu.some((at) => s[at + W.halted] !== 0)) return false;
  return !m.moves(s).some((x) => !isSpontaneous(x));
}

export function propertiesAt(trace: Trace): PropertyView[] {
  const failed = new Map<string, { at: number; why: string }>();
  for (let i = 0; i <= trace.cursor; i++)
    for (const v of trace.entry(i).violations)
      if (!failed.has(v.property)) failed.set(v.property, { at: i, why: v.why });
  if (!failed.has("deadlock") && isDeadlock(trace.machine, trace.state))
    failed.set("deadlock", {
      at: trace.cursor,
      why: t("No CPU can go on: each waits for something that only another could do."),
    });
  return propertyIds.map((id) => {
    const f = failed.get(id);
    return {
      id,
      label: properties[id].label,
      sentence: sentenceOf(id, trace.machine.program.promise),
      ok: f === undefined,
      why: f?.why,
      failedAt: f?.at,
    };
  });
}
