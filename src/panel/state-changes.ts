/** What changed between two states, in words. */
import { t } from "@vscode/l10n";
import type { Machine, State } from "../machine/machine";

/** `cpu_tlbstate.state of CPU0: TLBSTATE_LAZY → TLBSTATE_OK`, for every cell that has a name. */
export function changesBetween(machine: Machine, before: State, after: State): string[] {
  const { layout: l } = machine;
  const out: string[] = [];
  for (let cell = 0; cell < after.length; cell++) {
    const known = l.cells[cell];
    if (before[cell] === after[cell] || known === undefined || known.key === "pt_regs.orig_ax") continue;
    const own = known.cpu !== undefined && known.key !== "tlb" && !known.name.includes(`CPU${known.cpu}`);
    const name = own
      ? t({ message: "{0} of {1}", args: [known.name, `CPU${known.cpu}`], comment: "a variable of a CPU" })
      : known.name;
    out.push(`${name}: ${l.format(cell, before[cell])} → ${l.format(cell, after[cell])}`);
  }
  return out;
}
