/**
 * *Why is this line here?* The program is checked without the statement (and with it exchanged with its neighbour)
 * across the scenarios; what is violated then, and wasn't before, is the answer.
 */
import { t } from "@vscode/l10n";
import { LayoutError } from "../../machine/layout";
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import { withExchanged, withoutStatement, type Statement } from "../../kernel/statements";
import type { FunctionItem } from "../../kernel/syntax/items";
import type { Scenario } from "../../scenario/scenario";
import type { Baseline, ScenarioBaseline, WhyInput } from "./baseline";
import { distinct, type Premise } from "../../machine/rests-on";
import { effectOf, type Consequence, type Effect, type Mended } from "./consequences";

export interface WhyAnswer {
  statement: Statement;
  /** Does any scenario reach it, as far as they were tried? */
  reached: boolean;
  removed?: Consequence;
  /** What is kept without it, and broken as the source stands. */
  removedMends: Mended[];
  /** Exchanged with the statement after it. */
  exchanged?: Consequence;
  exchangedMends: Mended[];
  /** Scenarios that were left out, or not searched to the end, and may have more to say. */
  untried: Scenario[];
  /** The change can't be run: why not. */
  refused?: string;
  /** What isn't known, and the answer that nothing goes wrong rests on. */
  restsOn: Premise[];
}

const noEffect: Effect = { broken: [], mended: [], untried: [], restsOn: [] };

/** Is a statement reached in a scenario? Only a complete search can say that it isn't. */
function reaches({ coverage }: ScenarioBaseline, item: FunctionItem, statement: Statement): boolean {
  return coverage.lines.get(item.file.uri)?.get(positionAt(item.file, statement.start).line) !== 0;
}

/** The answer for one statement of a function. */
export function* why(
  input: WhyInput,
  item: FunctionItem,
  statement: Statement,
  list: readonly Statement[],
  baseline: Baseline,
): Generator<number, WhyAnswer> {
  const next = statement.next === undefined ? undefined : list[statement.next];
  const effect = (file: SourceFile, of: readonly Statement[]) =>
    effectOf(
      {
        input: { ...input, files: input.files.map((f) => (f === item.file ? file : f)) },
        fn: item.name,
        // A scenario that doesn't reach a statement can't depend on it.
        matters: (k) => !k.complete || of.some((s) => reaches(k, item, s)),
      },
      baseline,
    );
  const answer: WhyAnswer = {
    statement,
    reached: baseline.some((k) => reaches(k, item, statement)),
    removedMends: [],
    exchangedMends: [],
    untried: [],
    restsOn: [],
  };
  try {
    const removal = yield* effect(withoutStatement(item.file, statement), [statement]);
    answer.removed = removal.broken[0];
    answer.removedMends = removal.mended;
    const exchange = next ? yield* effect(withExchanged(item.file, statement, next), [statement, next]) : noEffect;
    answer.exchanged = exchange.broken[0];
    answer.exchangedMends = exchange.mended;
    answer.restsOn = distinct([...removal.restsOn, ...exchange.restsOn]);
    answer.untried = [...new Set([...removal.untried, ...exchange.untried])];
  } catch (e) {
    if (!(e instanceof LayoutError)) throw e;
    answer.refused = e.message;
  }
  return answer;
}

/** What an answer says of a scenario. */
type Named = Pick<Scenario, "id" | "order">;
/** An answer as far as its text goes. */
export interface AnswerSummary extends Pick<WhyAnswer, "reached" | "refused" | "restsOn"> {
  removed?: ConsequenceSummary;
  removedMends: readonly MendedSummary[];
  exchanged?: ConsequenceSummary;
  exchangedMends: readonly MendedSummary[];
  untried: readonly Named[];
}
type ConsequenceSummary = Pick<Consequence, "moves" | "property" | "why" | "restsOn"> & { scenario: Named };
type MendedSummary = Pick<Mended, "property"> & { scenario: Named };

/**
 * What isn't known, and an answer rests on: that of its first part, which is what a reader takes away. Empty where the
 * answer is certain.
 */
export function premisesOfAnswer<P>(a: {
  refused?: string;
  removed?: { restsOn: P[] };
  exchanged?: { restsOn: P[] };
  restsOn: P[];
}): P[] {
  return a.refused !== undefined ? [] : ((a.removed ?? a.exchanged)?.restsOn ?? a.restsOn);
}

/** An answer in a few sentences. */
export function answerText(a: AnswerSummary): string {
  if (a.refused) return t("Without it the program can't be run: {0}", a.refused);
  const left = a.untried.length ? [t("Not tried, or not to the end: {0}.", a.untried.map(nameOf).join(", "))] : [];
  if (!a.reached) return [t("No scenario comes here, so that none can tell."), ...left].join(" ");
  const fails = (c: ConsequenceSummary) =>
    c.moves.length
      ? t("{0} fails in {1} steps, {2}: {3}", nameOf(c.scenario), c.moves.length, c.property, c.why)
      : t("{0} fails before its first step, {1}: {2}", nameOf(c.scenario), c.property, c.why);
  const told = (c: ConsequenceSummary) => (c.restsOn.length ? t("perhaps {0}", fails(c)) : fails(c));
  const nothing = a.restsOn.length
    ? t("Can't say: nothing in these scenarios needs it, but that rests on what isn't known.")
    : t("Nothing in these scenarios needs it.");
  const parts = [a.removed ? t("Without it, {0}", told(a.removed)) : nothing];
  if (a.removedMends.length) parts.push(t("Without it, {0}", mendsText(a.removedMends)));
  if (a.exchanged) parts.push(t("Exchanged with the next statement, {0}", told(a.exchanged)));
  if (a.exchangedMends.length) parts.push(t("Exchanged with the next statement, {0}", mendsText(a.exchangedMends)));
  return [...parts, ...left].join(" ");
}

const nameOf = (s: Named): string => `${s.id} (${s.order.toUpperCase()})`;

/** `switch-away (SC) keeps stale-translation, which it breaks as the source stands.` */
const mendsText = (mended: readonly MendedSummary[]): string =>
  t(
    "{0}, which it breaks as the source stands.",
    mended.map((m) => t("{0} keeps {1}", nameOf(m.scenario), m.property)).join(", "),
  );
