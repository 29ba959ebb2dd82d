/** What exports say beside the tour's own words, in one place. */
import type { Ref } from "../tour/model";

export const phrases = {
  contents: "Contents",
  minutes: (n: number) => `About ${n} minute${n === 1 ? "" : "s"}.`,
  runBy: (scenario: string) => `Every state and value below was worked out by TLBscope, on the scenario ${scenario}.`,
  line: (path: string, line: number, fn: string) => `${path}, line ${line}, in ${fn}()`,
  state: "The machine here",
  answer: "Show the answer",
  answerIs: "Right",
  branch: "See",
  under: (title: string) => `A side step of “${title}”`,
  refs: "Read on",
  ref: (r: Ref) => (r.k === "commit" ? `${r.project} commit ${r.commit.slice(0, 12)}: ${r.say}` : `${r.manual}, section ${r.section}: ${r.say}`),
  here: "here",
};

export const commitUrl = (r: Ref): string | undefined => (r.k === "commit" && r.project === "Linux" ? `https://git.kernel.org/torvalds/c/${r.commit}` : undefined);
