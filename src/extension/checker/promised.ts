/** What a verdict has a line for: the properties, and what the reader asked, each with how it stands. */
import { askedName, type AskedProperty } from "../../check/search/asked";
import { isFailure, type AskedVerdict, type Counterexample, type Verdict } from "../../check/verdict/verdict";
import { askedText } from "../../check/verdict/verdict-text";
import { questionWords } from "./asked-questions";

/** How one line of a verdict stands. */
export type Standing = AskedVerdict["standing"];

/** What a verdict has a line for: a property, or what the reader asked. */
export interface Promised {
  id: string;
  label: string;
  sentence: string;
  standing: Standing;
  /** What the reader asked, if it is that; and why this scenario's program can't be asked it. */
  question?: AskedProperty;
  refused?: string;
  /** Executions that break it, or that show what was asked for. */
  executions: Counterexample[];
}

/** Everything that a verdict speaks of; what the reader asked comes first, then what is broken. */
export function promisedIn(v: Verdict | undefined): Promised[] {
  if (!v) return [];
  const rank = { fails: 0, unknown: 1, "never reached": 2, holds: 3 };
  const own = v.asked.map((a): Promised => ({
    id: askedName(a.property),
    label: questionWords(a.property),
    sentence: askedText(a),
    standing: a.standing,
    executions: a.executions,
    question: a.property,
    refused: a.refused,
  }));
  const properties = [...v.properties]
    .sort((a, b) => rank[a.standing] - rank[b.standing])
    .map(({ counterexamples, ...p }): Promised => ({ ...p, executions: counterexamples }));
  return [...own, ...properties];
}

/** What speaks against the source: broken promises, and what was to occur and doesn't. */
export const failing = (v: Verdict | undefined): Promised[] =>
  promisedIn(v).filter(
    (p) => p.standing === "fails" || v!.asked.some((a) => isFailure(a) && askedName(a.property) === p.id),
  );
