/** The stories of failures, as the commands print them. */
import type { Verdict } from "../check/verdict/verdict";
import { verdictText, type Told } from "../check/verdict/verdict-text";
import type { Machine } from "../machine/machine";
import { storyOf } from "../story/story";
import { mailText, storyLines } from "../story/story-text";

/** The story of each failure in lines, where its execution has one. */
export const toldOf =
  (machine: Machine): Told =>
  ({ id }, { moves, workload }) => {
    const story = storyOf(machine, moves, id);
    if (!story) return [];
    const [actions, ...points] = storyLines(story);
    return workload === undefined ? [actions, ...points] : points; // a workload says what the CPUs do
  };

/** The stories of all failures as text for mails; where nothing fails, the verdict. */
export function mailsOf(machine: Machine, verdict: Verdict): string {
  const stories = verdict.properties.flatMap(({ id, counterexamples }) =>
    counterexamples.slice(0, 1).flatMap(({ moves }) => storyOf(machine, moves, id) ?? []),
  );
  return stories.length ? stories.map((s) => `${mailText(s)}\n`).join("\n") : verdictText(verdict);
}
