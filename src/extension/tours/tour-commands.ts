/** Commands to take tours with: each is in the palette, in the comment's title or in its words. */
import * as vscode from "vscode";
import type { FromPanel } from "../../panel/messages";
import type { Answer } from "../../tour/play/tour-question";
import { command, showFailure } from "../command";
import type { Panel } from "../panel";
import type { Sessions } from "../session/sessions";
import { fromWords } from "./body";
import type { Guide } from "./guide";
import type { TourLibrary } from "./library";
import { pickAnswer, pickStep, pickTour } from "./pick";
import type { TourProgress } from "./tour-progress";
import type { TourThread } from "./thread";

/** Answer of `tlbscope.tour.said`: the step that is shown; the line counts from 1. */
export interface Said {
  label: string;
  file: string;
  line: number;
  words: string;
}

export class TourCommands {
  constructor(
    private readonly guide: Guide,
    private readonly tours: TourLibrary,
    private readonly progress: TourProgress,
    private readonly thread: TourThread,
    private readonly sessions: Sessions,
    private readonly panel: Panel,
  ) {}

  start(): vscode.Disposable {
    const { guide } = this;
    return vscode.Disposable.from(
      command("tlbscope.takeTour", (name?: unknown, step?: unknown) => this.take(name, step)),
      command("tlbscope.tour.next", (from?: unknown) => this.keepFocus(from, guide.next())),
      command("tlbscope.tour.back", (from?: unknown) => this.keepFocus(from, guide.back())),
      command("tlbscope.tour.stop", () => guide.stop()),
      command("tlbscope.tour.return", (from?: unknown) => this.keepFocus(from, guide.again())),
      command("tlbscope.tour.read", () => this.thread.focus()),
      command("tlbscope.tour.contents", (from?: unknown) => this.keepFocus(from, this.contents())),
      command("tlbscope.tour.go", (step?: unknown, from?: unknown) =>
        this.keepFocus(from, typeof step === "string" ? guide.go(step) : this.branches()),
      ),
      command("tlbscope.tour.answer", (answer?: unknown, from?: unknown) => this.keepFocus(from, this.answer(answer))),
      // For scripts and tests: VS Code tells nobody what a comment says.
      vscode.commands.registerCommand("tlbscope.tour.said", () => this.said()),
      guide.onDidChange(() => this.listen()),
      { dispose: () => (this.panel.answers = undefined) },
    );
  }

  /** By a tour's key or id, as links and lenses name it; else the reader chooses. */
  private async take(name: unknown, step: unknown): Promise<void> {
    const chosen =
      typeof name === "string"
        ? { found: await this.tours.find(name), step: typeof step === "string" ? step : undefined }
        : await pickTour(await this.tours.all(), this.progress);
    if (!chosen) return;
    if (!chosen.found.tour) await vscode.window.showTextDocument(chosen.found.uri);
    else
      await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Starting “{0}”", chosen.found.tour.title) },
        () => this.guide.take(chosen.found, chosen.step),
      );
  }

  /** A step has words of its own: whoever read on from within the old ones goes on in the new ones. */
  private async keepFocus(from: unknown, work: Promise<void>): Promise<void> {
    await work;
    // VS Code hands the buttons above the words their thread.
    const within = from === fromWords || (typeof from === "object" && from !== null && "comments" in from);
    if (within) await this.thread.focus();
  }

  private said(): Said | undefined {
    const { said } = this.thread;
    return said && { label: said.label, file: said.place.file, line: said.place.line, words: said.body.value };
  }

  private async contents(): Promise<void> {
    const { current } = this.guide;
    const step = current && (await pickStep(current.tour.title, current.playing.player.contents, current.step));
    if (step !== undefined) await this.guide.go(step);
  }

  private async branches(): Promise<void> {
    const branches = this.guide.state?.branches ?? [];
    const chosen = await vscode.window.showQuickPick(
      branches.map(({ say, to }) => ({ label: say, to })),
      { title: vscode.l10n.t("Another Way from Here") },
    );
    if (chosen) await this.guide.go(chosen.to);
  }

  private async answer(given: unknown): Promise<void> {
    const { state } = this.guide;
    if (!state?.question) return;
    const known = state.question.answers.find((a) => JSON.stringify(a.answer) === JSON.stringify(given))?.answer;
    const answer = known ?? (await pickAnswer(state.question));
    if (answer) await this.guide.answer(answer);
  }

  /** While a CPU or a bit is asked for, a click on one in the panel is the answer. */
  private listen(): void {
    const { current, state } = this.guide;
    const kind = current?.answered ? undefined : state?.question?.kind;
    this.panel.answers = kind === "cpu" || kind === "bit" ? (click) => this.clicked(kind, click) : undefined;
  }

  private clicked(kind: "cpu" | "bit", click: FromPanel): boolean {
    const answer = this.answerOf(kind, click);
    if (!answer) return false;
    void this.guide.answer(answer).catch(showFailure);
    return true;
  }

  private answerOf(kind: "cpu" | "bit", click: FromPanel): Answer | undefined {
    if (kind === "cpu") return click.type === "selectCpu" ? { kind, cpu: click.cpu } : undefined;
    if (click.type !== "lastWrite" || click.bit === undefined) return undefined;
    const mm = this.sessions.state?.view.mms.find((m) => m.cpumaskCell === click.cell)?.name;
    return mm === undefined ? undefined : { kind, mm, cpu: click.bit };
  }
}
