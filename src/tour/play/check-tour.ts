/** Plays a whole tour on a source, as a reader would who takes every step and every answer; says what doesn't fit. */
import { premisesOf, unknownsIn, type Premise } from "../../machine/rests-on";
import type { TourPlayer } from "./player";

export interface StepReport {
  id: string;
  /** `function:line` of the step's place. */
  place: string;
  /** The step's anchor was found: `moved` elsewhere in its function than in the edition. */
  anchor: "found" | "moved" | "drifted" | "none";
  moves: number;
  claims: number;
  /** The question's right answers, in short. */
  answer?: string;
  /** Everything that doesn't fit. */
  problems: string[];
  /** What isn't known, and the step's state rests on. */
  restsOn: Premise[];
}

/** One report for each step that takes part, in the order of the contents. */
export function checkTour(player: TourPlayer): StepReport[] {
  return player.contents.items.map(({ id }) => {
    const state = player.at(id);
    if ("error" in state)
      return { id, place: "-", anchor: "drifted", moves: 0, claims: 0, problems: [state.error], restsOn: [] };
    const problems = [...state.problems];
    const drifted = state.drift !== undefined && state.drift.k !== "moved";
    if (drifted) problems.push(state.drift!.message);
    for (const c of state.claims) if (!c.ok) problems.push(`Claimed, but not so: ${c.text}. ${c.why ?? ""}`.trim());
    let answer: string | undefined;
    if (state.question) {
      // Every answer is tried, so that all that may be said is seen.
      const judged = state.question.answers.map((a) => player.answer(id, a.answer)!);
      problems.push(...new Set(judged.flatMap((j) => j.problems)));
      answer = judged[0]?.rightAnswers.map((a) => a.text).join(" / ");
    }
    return {
      id,
      answer,
      problems: [...new Set(problems)],
      place: state.place ? `${state.place.fn}:${state.place.line}` : "-",
      anchor: drifted ? "drifted" : state.drift ? "moved" : state.step.at || state.place ? "found" : "none",
      moves: state.script.length,
      claims: state.claims.length,
      restsOn: premisesOf(state.machine.program, unknownsIn(state.machine, state.script)),
    };
  });
}
