/** The stories of failures as text for mails. */
import type { Verdict } from "../../check/verdict/verdict";
import { verdictText } from "../../check/verdict/verdict-text";
import type { Machine } from "../../machine/machine";
import { storyOf } from "../../story/story";
import { mailText } from "../../story/story-text";

/** The stories of all failures as text for mails; where nothing fails, the verdict. */
export function mailsOf(machine: Machine, verdict: Verdict): string {
  const stories = verdict.properties.flatMap(({ id, counterexamples }) =>
    counterexamples.slice(0, 1).flatMap(({ moves }) => storyOf(machine, moves, id) ?? []),
  );
  return stories.length ? stories.map((s) => `${mailText(s)}\n`).join("\n") : verdictText(verdict);
}
