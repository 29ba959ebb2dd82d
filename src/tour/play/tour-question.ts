/** Questions: which answers there are, and which of them the machine finds right after the reveal. */
import type { StateContext } from "./state-context";
import type { Ask, Test } from "../format/tour";
import { say } from "../say";
import { evaluateTest, instantiate } from "./claims";

/** What the reader clicked. */
export type Answer =
  { kind: "cpu"; cpu: number } | { kind: "bit"; mm: string; cpu: number } | { kind: "choice"; index: number };

/** Every answer that there is to a question, on this machine. */
export function answersOf(ask: Ask, x: Pick<StateContext, "machine">): Answer[] {
  const { cpus, mms } = x.machine.scenario;
  switch (ask.kind) {
    case "cpu":
      return cpus.map((_, cpu) => ({ kind: "cpu", cpu }));
    case "bit":
      return mms.flatMap(({ name: mm }) => cpus.map((_, cpu): Answer => ({ kind: "bit", mm, cpu })));
    case "choice":
      return ask.choices.map((_, index) => ({ kind: "choice", index }));
  }
}

/** An answer in words: `CPU1`, `CPU1 in mm_cpumask(A)`, or the choice itself. */
export function answerText(ask: Ask, a: Answer): string {
  switch (a.kind) {
    case "cpu":
      return say.cpu(a.cpu);
    case "bit":
      return say.bit(a.cpu, a.mm);
    case "choice":
      return ask.kind === "choice" ? (ask.choices[a.index]?.say ?? "") : "";
  }
}

/** Is the answer right? `x` stands after the reveal, and compares with the state before it. */
export function isRight(ask: Ask, a: Answer, x: StateContext): boolean {
  const all = (tests: Test[]) => tests.every((t) => evaluateTest(t, x).ok);
  if (ask.kind === "choice") return a.kind === "choice" && a.index in ask.choices && all(ask.choices[a.index].answer);
  if (a.kind !== ask.kind) return false;
  return all(ask.answer.map((t) => (a.kind === "bit" ? instantiate(t, a.cpu, a.mm) : instantiate(t, a.cpu))));
}

/** Expressions of the question that have no value for any answer: a mistake of the tour, not of the reader. */
export function broken(ask: Ask, x: StateContext): string[] {
  const tests =
    ask.kind === "choice"
      ? ask.choices.flatMap((c) => c.answer)
      : answersOf(ask, x).flatMap((a) =>
          a.kind === "choice"
            ? []
            : ask.answer.map((t) => (a.kind === "bit" ? instantiate(t, a.cpu, a.mm) : instantiate(t, a.cpu))),
        );
  const values = tests.map((t) => evaluateTest(t, x));
  const failed = [...new Set(values.flatMap((v) => (v.missing ? [v.why ?? v.text] : [])))];
  return ask.kind === "choice" || values.every((v) => v.missing) ? failed : [];
}
