/**
 * Does a scenario make sense on a kernel? What its actions need is written where they are carried out, in
 * environment.c.
 */
import { byName } from "../../kernel/by-name";
import { t } from "@vscode/l10n";
import type { Program } from "../../kernel/ir";
import type { Action, Scenario } from "../../scenario/scenario";

/** The environment's function that carries an action out. */
export const entryOf = (a: Action): string => (a.do === "reclaim" ? `scenario_reclaim_${a.pte}` : `scenario_${a.do}`);

/** What a kernel may lack, as environment.c names it (`tlbscope_lacks`), in words. */
const lacks: Record<string, () => string> = byName({
  gathered_flushes: () =>
    t(
      "This kernel flushes each page by itself. Flushes that are gathered for many pages (try_to_unmap_flush, " +
        "arch_tlbbatch_flush) came with 4.3.",
    ),
  rmap_code: () =>
    t(
      "Until 4.13 {0} sent the flushes that it gathered for many pages, and this tree lacks it: get it from the same " +
        "kernel.",
      "mm/rmap.c",
    ),
  global_asids: () =>
    t(
      "No ASID is the same on all CPUs here. That takes a kernel from 6.15 on, and the setting {0}.",
      "X86_FEATURE_INVLPGB",
    ),
});

/** Why this scenario doesn't apply; undefined when it does. */
export function whyNotApplicable(program: Program, scenario: Scenario): string | undefined {
  for (const { action } of scenario.cpus.flatMap((c) => c.does)) {
    const what = program.lacks.get(entryOf(action));
    if (what !== undefined) return lacks[what]?.() ?? what;
  }
  return undefined;
}
