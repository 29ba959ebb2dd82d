/**
 * Answers to the reader's questions. They come from a search of their own, so that a question changes no other verdict.
 */
import type { Machine } from "../../machine/machine";
import { askedName, type AskedProperty } from "../search/asked";
import { counterexamplesOf, decide, type Counterexample, type DecideOptions } from "./decide";
import type { Progress, SearchEnd } from "../search/search";
import { premisesOf, type Premise } from "../../machine/rests-on";
import type { Standing } from "./standing";

/** The answer to a question. */
export interface AskedVerdict {
  property: AskedProperty;
  /**
   * As for other properties; of "can" and "occurs" it is "happens" or "never happens". "never reached": there was no
   * state in which it could be evaluated.
   */
  standing: Standing | "happens" | "never happens";
  /** Distinct executions that violate an "always", or that show what is asked for, the shortest first. */
  executions: Counterexample[];
  /** In how many states it could be evaluated. */
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
  /** What they rest on and nobody knows. */
  premises: Premise[];
}

/** Searches every interleaving again, for all questions at once. Throws an AskedError when one can't be read. */
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
  const premises = premisesOf(machine.program, search.unknowns);
  const answers = asked.map((property, i): AskedVerdict => {
    const executions = counterexamplesOf(machine, failuresOf(askedName(property)));
    const tried = search.tried[i];
    const certain = executions.some((e) => premisesOf(machine.program, e.unknowns).length === 0);
    const known = (standing: AskedVerdict["standing"]) =>
      end !== "complete" || premises.length > 0 ? "unknown" : tried === 0 ? "never reached" : standing;
    if (property.kind === "always")
      return {
        property,
        standing: certain ? "fails" : executions.length ? "unknown" : known("holds"),
        executions,
        tried,
      };
    return {
      property,
      standing: certain ? "happens" : executions.length ? "unknown" : known("never happens"),
      executions,
      tried,
    };
  });
  return { answers, end, premises };
}

/** The answers when nothing was searched. */
export const unanswered = (asked: readonly AskedProperty[]): AskedVerdict[] =>
  asked.map((property) => ({ property, standing: "unknown", executions: [], tried: 0 }));
