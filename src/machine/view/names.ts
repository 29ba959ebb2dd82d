/** Names of actions and moves, for lists and messages. */
import { t } from "@vscode/l10n";
import type { Action } from "../../scenario/scenario";
import type { Layout } from "../layout";
import { broadcastOf, callerOf, choiceOf, fillOf, moveCpu, MoveKind, moveKind, vectorOf, type Move } from "../move";

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

/** What a move does, as a command: `Fill CPU0's TLB with A:page0`. In English, as the debug console is. */
export function describeMove(l: Layout, m: Move): string {
  const cpu = `CPU${moveCpu(m)}`;
  switch (moveKind(m)) {
    case MoveKind.step:
      return `Step ${cpu}`;
    case MoveKind.choose:
      return `Let ${cpu} ${describeAction(l.scenario.cpus[moveCpu(m)].does[choiceOf(m)].action)}`;
    case MoveKind.vector:
      return `Deliver the flush interrupt (vector ${vectorOf(m)}) to ${cpu}`;
    case MoveKind.call:
      return `Deliver CPU${callerOf(m)}'s function call to ${cpu}`;
    case MoveKind.fill: {
      const { mm, page } = fillOf(m);
      return `Fill ${cpu}'s TLB with ${l.mmNames[mm]}:${l.pageName(mm, page)}`;
    }
    case MoveKind.drain:
      return `Let ${cpu}'s oldest store reach memory`;
    case MoveKind.time:
      return `Let time pass, by ${cpu}'s timer`;
    case MoveKind.broadcast:
      return `Let ${cpu} carry out CPU${broadcastOf(m).from}'s INVLPGB`;
    default:
      return "this move";
  }
}
