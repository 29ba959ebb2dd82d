/**
 * Leads through a tour: which step is shown, the steps to go back to, the answers given, and what is shown after an
 * edit of the source.
 */
import * as vscode from "vscode";
import type { SourcePlace } from "../../machine/view/view";
import type { Answer } from "../../tour/play/tour-question";
import type { Tour } from "../../tour/format/tour";
import type { StepState } from "../../tour/play/step-state";
import { done } from "../milestones";
import type { Sessions } from "../session/sessions";
import { isCDocument } from "../source/tree";
import { brokenBody, stepBody, stepLabel, type Answered } from "./body";
import { ContextKeys } from "./context-keys";
import type { Driver } from "../session/driver";
import type { FoundTour } from "./library";
import { offerTree } from "./offer-tree";
import type { TourProgress } from "./tour-progress";
import { sameText, type Playing, type TourSources } from "./playing";
import type { TourThread } from "./thread";

/** The tour that is being taken. */
export interface Taken {
  found: FoundTour;
  tour: Tour;
  root: vscode.Uri | undefined;
  playing: Playing;
  step: string;
  answered?: Answered;
  /** Steps that were shown before this one, for Back. */
  visited: string[];
  /** Where the words stood last: a step whose place is lost speaks there. */
  place: SourcePlace;
}

/** A pause in typing. */
const pause = 400;

export class Guide {
  private taken: Taken | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly keys = new ContextKeys();
  /** One thing after the other: a second click waits for the first one's end. */
  private queue: Promise<unknown> = Promise.resolve();
  private readonly changed = new vscode.EventEmitter<void>();
  /** Another step is shown, it was answered, or the tour is over. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly sources: TourSources,
    private readonly driver: Driver,
    private readonly sessions: Sessions,
    private readonly thread: TourThread,
    private readonly progress: TourProgress,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (!this.taken || !isCDocument(document)) return;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.inTurn(() => this.refresh()).catch(() => undefined), pause);
      }),
      this.sessions.onDidChangeState(() => this.setContext()),
      // An editor has come in front of the words.
      this.driver.onDidShowLate(() => void this.inTurn(async () => this.taken && this.speak(this.taken))),
      { dispose: () => this.end() },
    );
  }

  get current(): Taken | undefined {
    return this.taken;
  }

  /** The step that is shown, if it can be played. */
  get state(): StepState | undefined {
    const state = this.taken?.playing.player.at(this.taken.step);
    return state && !("error" in state) ? state : undefined;
  }

  /** Begins a tour at a step, by default at its first one. */
  take(found: FoundTour, step?: string): Promise<void> {
    return this.inTurn(async () => {
      const { tour } = found;
      if (!tour)
        throw new Error(
          vscode.l10n.t("This tour has mistakes: {0} Correct them first.", found.problems[0]?.message ?? ""),
        );
      this.end();
      const root = await this.sources.root();
      const playing = await this.sources.play(tour, root);
      const { player } = playing;
      if (player.elsewhere !== undefined) return void offerTree(player.elsewhere);
      const first = step !== undefined && player.contents.items.some((i) => i.id === step) ? step : player.first;
      if (first === undefined)
        throw new Error(
          vscode.l10n.t(
            "None of the steps of “{0}” fits this source. Open the built-in edition and take it there.",
            tour.title,
          ),
        );
      const head = playing.files[0];
      this.taken = {
        found,
        tour,
        root,
        playing,
        step: first,
        visited: [],
        place: { file: head.uri, line: 1, column: 1, endLine: 1, endColumn: 1, fn: "" },
      };
      try {
        await this.show();
        done("tour");
      } catch (error) {
        this.end();
        throw error;
      }
    });
  }

  /** Goes to a step, and remembers where from. */
  go(step: string): Promise<void> {
    return this.inTurn(async () => {
      const { taken } = this;
      if (!taken) return;
      if (step !== taken.step) taken.visited.push(taken.step);
      await this.moveTo(taken, step);
    });
  }

  next(): Promise<void> {
    return this.inTurn(async () => {
      const { taken } = this;
      if (!taken) return;
      const to = taken.playing.player.contents.next(taken.step);
      if (to === undefined) return this.finish(taken);
      taken.visited.push(taken.step);
      await this.moveTo(taken, to);
    });
  }

  back(): Promise<void> {
    return this.inTurn(async () => {
      const { taken } = this;
      const to = taken && (taken.visited.pop() ?? taken.playing.player.contents.previous(taken.step));
      if (to !== undefined) await this.moveTo(taken!, to);
    });
  }

  /** Puts the machine and the editor back to where the step is. */
  again(): Promise<void> {
    return this.inTurn(() => this.show());
  }

  answer(answer: Answer): Promise<void> {
    return this.inTurn(async () => {
      const { taken } = this;
      const judged = taken?.playing.player.answer(taken.step, answer);
      if (!taken || !judged) return;
      taken.answered = { answer, judged };
      await this.show();
    });
  }

  /** Ends the tour; the session stays for the reader to go on with. */
  stop(): Promise<void> {
    return this.inTurn(() => Promise.resolve(this.end()));
  }

  private async finish({ found, tour, step, playing }: Taken): Promise<void> {
    await this.progress.note(found.key, { step, length: playing.player.contents.length, done: true });
    this.end();
    vscode.window.setStatusBarMessage(
      vscode.l10n.t("That was “{0}”. The simulation stays as it is; step on as you like.", tour.title),
      8000,
    );
  }

  private async moveTo(taken: Taken, step: string): Promise<void> {
    taken.step = step;
    taken.answered = undefined;
    await this.show();
  }

  /** Plays the step on the source as it is now, drives the session there, and speaks. */
  private async show(): Promise<void> {
    const { taken } = this;
    if (!taken) return;
    await this.renew(taken);
    const { player, scenarioName, files } = taken.playing;
    const state = player.at(taken.step);
    if (!("error" in state)) {
      const whole = taken.root !== undefined && !state.patched && player.onEdition === undefined;
      const originals = state.patched
        ? state.files.map((f) => state.patched!.changed.find((c) => c.file === f)?.original ?? f)
        : state.files;
      await this.driver.drive({
        machine: state.machine,
        scenario: scenarioName(state.scenario.id),
        order: state.scenario.order,
        settings: taken.tour.settings,
        tree: whole ? taken.root!.toString() : undefined,
        files: whole ? files : state.files,
        originals,
        root: player.onEdition === undefined ? taken.root?.toString() : undefined,
        moves: taken.answered?.judged.script ?? state.script,
        cpu: state.cpu,
      });
      if (this.taken !== taken) return;
    }
    await this.speak(taken);
    const { contents } = player;
    await this.progress.note(taken.found.key, {
      step: taken.step,
      number: contents.items.find((i) => i.id === taken.step)?.number,
      length: contents.length,
      done: false,
    });
    this.announce();
  }

  /** The source was edited: the words may stand elsewhere, or say otherwise. The session runs on as it was. */
  private async refresh(): Promise<void> {
    const { taken } = this;
    if (!taken || !(await this.renew(taken))) return;
    await this.speak(taken, true);
    this.announce();
  }

  /** Makes a new player where the source is no longer the one that the tour plays on. */
  private async renew(taken: Taken): Promise<boolean> {
    if (sameText(await this.sources.files(taken.root), taken.playing.files)) return false;
    taken.playing = await this.sources.play(taken.tour, taken.root);
    if (taken.answered) {
      const judged = taken.playing.player.answer(taken.step, taken.answered.answer);
      taken.answered = judged && { ...taken.answered, judged };
    }
    return true;
  }

  private async speak(taken: Taken, quietly = false): Promise<void> {
    const {
      playing: { player },
      step,
      answered,
    } = taken;
    const state = player.at(step);
    const { contents } = player;
    const number = contents.items.find((i) => i.id === step)?.number;
    const label = stepLabel(taken.tour.steps.find((s) => s.id === step)?.title ?? step, number, contents.length);
    const back = this.hasBack;
    if (!("error" in state) && state.place) taken.place = state.place;
    const body =
      "error" in state
        ? brokenBody(state.error, back)
        : stepBody({ state, answered, back, onEdition: taken.visited.length === 0 ? player.onEdition : undefined });
    await this.thread.say({ label, tour: taken.tour.title, body, place: taken.place }, quietly);
  }

  get hasBack(): boolean {
    const { taken } = this;
    return (
      taken !== undefined &&
      (taken.visited.length > 0 || taken.playing.player.contents.previous(taken.step) !== undefined)
    );
  }

  private end(): void {
    clearTimeout(this.timer);
    this.taken = undefined;
    this.thread.clear();
    this.announce();
  }

  private announce(): void {
    this.setContext();
    this.changed.fire();
  }

  /** What the commands' when-clauses ask. */
  private setContext(): void {
    const { taken } = this;
    const step = taken?.tour.steps.find((s) => s.id === taken.step);
    this.keys.set("tlbscope.tour", taken !== undefined);
    this.keys.set("tlbscope.tour.back", this.hasBack);
    this.keys.set("tlbscope.tour.asks", step?.ask !== undefined && taken?.answered === undefined);
    this.keys.set("tlbscope.tour.branches", (step?.branches.length ?? 0) > 0);
    this.keys.set("tlbscope.tour.away", taken !== undefined && this.driver.isAway(this.sessions.state));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined); // whoever asked for it is told
    return done;
  }
}
