/** Has a screen reader say each step of a tour by itself: VS Code is silent when a comment comes up. */
import * as vscode from "vscode";
import type { Panel } from "../panel";
import type { Answered } from "./body";
import type { Guide } from "./guide";
import { plain } from "./pick";
import type { TourThread } from "./thread";

export class TourVoice {
  private last: { step: string; answered?: Answered } | undefined;

  constructor(
    private readonly guide: Guide,
    private readonly thread: TourThread,
    private readonly panel: Panel,
  ) {}

  start(): vscode.Disposable {
    return this.guide.onDidChange(() => this.speak());
  }

  private speak(): void {
    const { current } = this.guide;
    const before = this.last;
    this.last = current && { step: current.step, answered: current.answered };
    if (!current) return;
    const same = before?.step === current.step;
    // An edit of the source moves the words, and is the reader's own doing.
    if (same && before.answered === current.answered) return;
    const text = same && current.answered ? this.verdict(current.answered) : this.step();
    if (text === "" || this.panel.say(text)) return;
    // Where the panel isn't in sight, only a notification is heard; it would be in the way of those who see.
    if (vscode.workspace.getConfiguration("editor").get("accessibilitySupport") === "on")
      void vscode.window.showInformationMessage(text);
  }

  private step(): string {
    const { state } = this.guide;
    const { said } = this.thread;
    if (!said) return "";
    if (!state) return plain(said.body.value);
    const notes = [state.patched?.message, state.drift?.message].filter((n) => n !== undefined);
    const asked = state.question
      ? [state.question.words, vscode.l10n.t("Answers: {0}.", state.question.answers.map((a) => a.text).join("; "))]
      : [];
    return plain([said.label, ...notes, state.words, ...asked].join("\n\n"));
  }

  private verdict({ judged }: Answered): string {
    return plain(`${judged.right ? vscode.l10n.t("Right.") : vscode.l10n.t("Not so.")} ${judged.words}`);
  }
}
