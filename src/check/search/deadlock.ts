/** Is a terminal state a deadlock, and between whom? */
import { t } from "@vscode/l10n";
import { W } from "../../machine/layout";
import type { Machine, State } from "../../machine/machine";
import { joined } from "../lists";

/** Who can't go on in a state in which nothing but fills can happen; undefined when all is done. */
export function deadlockIn(machine: Machine, s: State): string | undefined {
  // A CPU that BUG() or a bad pointer has halted holds others up: that is a violation of its own.
  if (machine.layout.cpu.some((at) => s[at + W.halted] !== 0)) return undefined;
  const stuck = machine.scenario.cpus.flatMap((_, c) => (machine.hasStep(s, c) ? [c] : []));
  return stuck.length
    ? t("{0} can't go on: each waits for something that only another could do.", joined(stuck.map((c) => `CPU${c}`)))
    : undefined;
}
