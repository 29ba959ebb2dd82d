/** Merges what two searches, on scenarios of their own, found of one statement. */
import { distinct } from "../machine/rests-on";
import type { PlainConsequence, PlainMended, StatementAnswer, WhyJob } from "./protocol";

type Named = PlainConsequence | PlainMended | StatementAnswer["untried"][number];

/** The second may have tried what the first had left out. `scenarios`: all of them, in their order. */
export function mergeAnswers(a: StatementAnswer, b: StatementAnswer, scenarios: WhyJob["scenarios"]): StatementAnswer {
  const rank = (c: Named): number => scenarios.findIndex((s) => s.id === c.scenario && s.order === c.order);
  const inOrder = <T extends Named>(list: T[]): T[] => list.sort((x, y) => rank(x) - rank(y));
  /** What is certain before what isn't; of two equally short ones, that of the scenario that was named first. */
  const shorter = (x: PlainConsequence | undefined, y: PlainConsequence | undefined): PlainConsequence | undefined => {
    if (!x || !y) return x ?? y;
    const certain = Math.min(1, x.restsOn.length) - Math.min(1, y.restsOn.length);
    return (certain || x.moves.length - y.moves.length || rank(x) - rank(y)) <= 0 ? x : y;
  };
  return {
    ...a,
    reached: a.reached || b.reached,
    refused: a.refused ?? b.refused,
    removed: shorter(a.removed, b.removed),
    removedMends: inOrder([...a.removedMends, ...b.removedMends]),
    exchanged: shorter(a.exchanged, b.exchanged),
    exchangedMends: inOrder([...a.exchangedMends, ...b.exchangedMends]),
    restsOn: distinct([...a.restsOn, ...b.restsOn]),
    untried: inOrder([...a.untried, ...b.untried]),
  };
}
