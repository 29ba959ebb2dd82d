/**
 * Answers to what the reader asks. They come from a search of their own, so that what is asked changes no other
 * verdict.
 */
import type { Machine } from "../../machine/machine";
import { askedName, type AskedProperty } from "../search/asked";
import { counterexamplesOf, decide, type Counterexample, type DecideOptions } from "./decide";
import type { Progress, SearchEnd } from "../search/search";
import type { Standing } from "./standing";

/** The answer to what the reader asked for. */
export interface AskedVerdict {
  property: AskedProperty;
  /**
   * As for other properties; what "can" be or "occurs" is "happens" or "never happens". "never reached": it could be
   * worked out in no state.
   */
  standing: Standing | "happens" | "never happens";
  /** Distinct executions that break an "always", or that show what was asked for, the shortest first. */
  executions: Counterexample[];
  /** In how many states it could be worked out. */
  tried: number;
  /** Why it can't be asked of this scenario's program, which then decides by the rest. */
  refused?: string;
}

/** Is this answer a failure: a broken "always", or something that should occur and doesn't? */
export const isFailure = (a: AskedVerdict): boolean =>
  a.standing === "fails" ||
  (a.property.kind === "occurs" && (a.standing === "never happens" || a.standing === "never reached"));

export interface Answers {
  answers: AskedVerdict[];
  /** How the search for them ended. */
  end: SearchEnd;
}

/** Looks at every interleaving once more, for all that is asked. Throws an AskedError when it can't be read. */
export function* answersTo(
  machine: Machine,
  asked: readonly AskedProperty[],
  options: DecideOptions,
): Generator<Progress, Answers> {
  const names = new Set(asked.map(askedName));
  const broken = (property: string): void => {
    if (names.has(property)) options.broken?.(property);
  };
  const { search, end, failuresOf } = yield* decide(machine, { ...options, asked, broken, stopAt: undefined });
  const answers = asked.map((property, i): AskedVerdict => {
    const executions = counterexamplesOf(machine, failuresOf(askedName(property)));
    const tried = search.tried[i];
    const known = (standing: AskedVerdict["standing"]) =>
      end !== "complete" ? "unknown" : tried === 0 ? "never reached" : standing;
    if (property.kind === "always")
      return { property, standing: executions.length ? "fails" : known("holds"), executions, tried };
    return { property, standing: executions.length ? "happens" : known("never happens"), executions, tried };
  });
  return { answers, end };
}

/** What can be said when nothing was looked at. */
export const unanswered = (asked: readonly AskedProperty[]): AskedVerdict[] =>
  asked.map((property) => ({ property, standing: "unknown", executions: [], tried: 0 }));
