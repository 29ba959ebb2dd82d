/**
 * A step of a tour as the Markdown of its comment: how the code differs, the words, the question, and links
 * to other steps.
 */
import * as vscode from "vscode";
import { commitUrl, phrases } from "../../export/export-words";
import { withoutImages } from "../../tour/without-images";
import type { Answer } from "../../tour/play/tour-question";
import type { Judged, StepState } from "../../tour/play/step-state";

/** Commands that the links in a step's words may run. Their own text comes from files, so nothing else may. */
const linked = [
  "tlbscope.tour.next",
  "tlbscope.tour.back",
  "tlbscope.tour.contents",
  "tlbscope.tour.stop",
  "tlbscope.tour.go",
  "tlbscope.tour.answer",
  "tlbscope.tour.change",
];

/** The last argument of a command that was run from a step's words, by a link or a key. */
export const fromWords = "words";

export interface Answered {
  answer: Answer;
  judged: Judged;
}

export interface BodyInput {
  state: StepState;
  /** Set once the step's question was answered. */
  answered?: Answered;
  /** Said on the step where a tour begins to run on the edition instead of the reader's source. */
  onEdition?: string;
  back: boolean;
}

/** The head of a step's words: `2 of 14 · Off to a kernel thread`. A step beside the tour's way has no number. */
export function stepLabel(title: string, number: number | undefined, length: number): string {
  return number === undefined
    ? vscode.l10n.t("Aside · {0}", title)
    : vscode.l10n.t("{0} of {1} · {2}", number, length, title);
}

/** The step's comment. Links in it may run the tour's own commands, and no others. */
export function stepBody({ state, answered, onEdition, back }: BodyInput): vscode.MarkdownString {
  const parts: string[] = [];
  const notes = [
    ...(onEdition === undefined ? [] : [onEdition]),
    ...(state.drift ? [state.drift.message] : []),
    ...state.problems.filter((p) => p !== state.drift?.message),
  ];
  if (notes.length) parts.push(notes.map((n) => quote(`$(warning) ${n}`)).join("\n>\n"));
  if (state.patched)
    parts.push(quote(`$(beaker) ${state.patched.message} ${link(vscode.l10n.t("Compare"), "tlbscope.tour.change")}`));
  parts.push(state.words);
  if (state.question) parts.push("---", ...question(state, answered));
  if (state.step.refs.length) parts.push(rows(state.step.refs.map(reference)));
  if (state.branches.length)
    parts.push(rows(state.branches.map(({ say, to }) => `$(git-branch) ${link(say, "tlbscope.tour.go", to)}`)));
  parts.push("---", navigation(state, answered, back));
  return markdown(parts.join("\n\n"));
}

/** A step that can't be played, with the reason in its place. */
export function brokenBody(error: string, back: boolean): vscode.MarkdownString {
  return markdown(
    [quote(`$(warning) ${error}`), "---", [...(back ? [backLink()] : []), contentsLink(), stopLink()].join(" · ")].join(
      "\n\n",
    ),
  );
}

function markdown(text: string): vscode.MarkdownString {
  const body = new vscode.MarkdownString(withoutImages(text), true);
  body.isTrusted = { enabledCommands: linked };
  return body;
}

function question({ question, step }: StepState, answered: Answered | undefined): string[] {
  const { kind, words, answers } = question!;
  const parts = [`$(question) **${words.replace(/\s+/g, " ").replaceAll("**", "")}**`];
  if (!answered) {
    if (kind === "cpu") parts.push(vscode.l10n.t("Click the CPU's name in the panel, or choose here:"));
    if (kind === "bit") parts.push(vscode.l10n.t("Click the bit in the panel's cpumask table, or choose here:"));
    parts.push(rows(answers.map((a) => `$(circle-large-outline) ${link(a.text, "tlbscope.tour.answer", a.answer)}`)));
    return parts;
  }
  const { answer, judged } = answered;
  const chosen = (a: Answer) => JSON.stringify(a) === JSON.stringify(answer);
  const right = (a: Answer) => judged.rightAnswers.some((r) => JSON.stringify(r.answer) === JSON.stringify(a));
  // What the machine found of each, in words as well as in a mark.
  parts.push(
    rows(
      answers.map(
        (a) =>
          `$(${right(a.answer) ? "check" : chosen(a.answer) ? "close" : "circle-large-outline"}) ` +
          `${a.text}${verdictMark(right(a.answer), chosen(a.answer))}`,
      ),
    ),
  );
  parts.push(`**${judged.right ? vscode.l10n.t("Right.") : vscode.l10n.t("Not so.")}** ${judged.words}`);
  const own = judged.problems.filter((p) => !step.words.includes(p));
  if (own.length) parts.push(own.map((p) => quote(`$(warning) ${p}`)).join("\n>\n"));
  return parts;
}

function verdictMark(right: boolean, chosen: boolean): string {
  if (chosen) return ` *(${right ? vscode.l10n.t("your answer, and right") : vscode.l10n.t("your answer")})*`;
  return right ? ` *(${vscode.l10n.t("right")})*` : "";
}

function reference(ref: StepState["step"]["refs"][number]): string {
  const url = commitUrl(ref);
  return `$(book) ${url ? `[${phrases.ref(ref)}](${url})` : phrases.ref(ref)}`;
}

function navigation(state: StepState, answered: Answered | undefined, back: boolean): string {
  const skip = state.question && !answered;
  const next = link(
    state.next === undefined
      ? vscode.l10n.t("Finish")
      : skip
        ? vscode.l10n.t("Next, without an answer →")
        : vscode.l10n.t("Next →"),
    "tlbscope.tour.next",
  );
  return [...(back ? [backLink()] : []), skip ? next : `**${next}**`, contentsLink(), stopLink()].join(" · ");
}

const backLink = () => link(vscode.l10n.t("← Back"), "tlbscope.tour.back");
const contentsLink = () => link(vscode.l10n.t("Contents"), "tlbscope.tour.contents");
const stopLink = () => link(vscode.l10n.t("Stop"), "tlbscope.tour.stop");

/** One below the other; the mark in front takes a bullet's place. */
const rows = (lines: string[]): string => lines.join("  \n");

const quote = (text: string): string =>
  text
    .split("\n")
    .map((l) => `> ${l}`)
    .join("\n");

/** The last argument tells the command that it was given from within the words, where the focus then belongs. */
function link(text: string, command: string, ...rest: unknown[]): string {
  const args = [...rest, fromWords];
  // encodeURIComponent leaves brackets and apostrophes, which would end the link.
  const query = encodeURIComponent(JSON.stringify(args)).replace(/[()']/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `[${text.replace(/[[\]]/g, "\\$&")}](command:${command}?${query})`;
}
