/** What exports say beside the tour's own words, in one place. */
import { t } from "@vscode/l10n";
import type { Ref, Tour } from "../tour/format/tour";

export const phrases = {
  /** For `lang`: a translation says its own. */
  language: () => t({ message: "en", comment: "the code of the language that this bundle is in, as in HTML's lang" }),
  contents: () => t("Contents"),
  minutes: (n: number) => (n === 1 ? t("About 1 minute.") : t("About {0} minutes.", n)),
  runBy: ({ scenario, order }: Pick<Tour, "scenario" | "order">) =>
    t(
      "Every state and value below was worked out by TLBscope, on the scenario {0}.",
      order === "tso" ? `${scenario}, TSO` : scenario,
    ),
  line: (path: string, line: number, fn: string) => t("{0}, line {1}, in {2}()", path, line, fn),
  state: () => t("The machine here"),
  answer: () => t("Show the answer"),
  /** `right` is a list of answers. */
  answerIs: (right: string) => t("Right: {0}.", right),
  branch: (say: string, link: string) => t("{0} See {1}.", say, link),
  under: (title: string) => t("A side step of “{0}”", title),
  refs: () => t("Read on:"),
  ref: (r: Ref) =>
    r.k === "commit"
      ? t("{0} commit {1}: {2}", r.project, r.commit.slice(0, 12), r.say)
      : t("{0}, section {1}: {2}", r.manual, r.section, r.say),
  here: () => t({ message: "here", comment: "a screen reader says this of the line that the step stands at" }),
};

/** Where a commit of Linux can be read; undefined for other projects and for manuals. */
export const commitUrl = (r: Ref): string | undefined =>
  r.k === "commit" && r.project === "Linux" ? `https://git.kernel.org/torvalds/c/${r.commit}` : undefined;
