/** Names of actions and moves, for lists and messages. */
import { t } from "@vscode/l10n";
import type { Action } from "../../scenario/scenario";

/** An action as a scenario writes it, `schedule kworker`, `munmap page0`; in words where that would say too little. */
export function describeAction(a: Action): string {
  switch (a.do) {
    case "schedule":
      return `schedule ${a.task}`;
    case "exec":
      return `exec ${a.mm}`;
    case "global_asid":
      return t("give {0} a global ASID", a.mm);
    case "exit":
      return "exit";
    case "reclaim":
      return `reclaim ${a.mm}:${a.page}`;
    case "munmap_table":
      return t("munmap {0} and its page table", a.page);
    default:
      return `${a.do} ${a.page}`;
  }
}
