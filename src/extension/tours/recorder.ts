/** Makes a tour of what the reader does in a session: each stop that they keep, with their words, becomes a step. */
import * as vscode from "vscode";
import type { LaunchConfig } from "../../debug/host";
import type { CustomRequests } from "../../debug/custom-requests";
import { buildProgram } from "../../kernel/program";
import type { SourceFile } from "../../kernel/syntax/source";
import { Machine } from "../../machine/machine";
import { settingsAsNumbers, withChanges } from "../../scenario/scenario-changes";
import { recordTour, stepId, type Stop } from "../../tour/record/record";
import { Statements } from "../../tour/anchor/source-statements";
import { tourText } from "../../tour/format/write-tour";
import { Trace } from "../../trace/trace";
import type { EditorHost } from "../session/debug-host";
import type { Sessions } from "../session/sessions";
import { showNew } from "../new-document";
import type { TourSources } from "./playing";
import { command } from "../command";

type History = CustomRequests["tlbscope.history"]["answer"];

interface Kept extends Stop {
  history: History;
  /** What ran. Kept with the stop, so that a recording outlives its session. */
  files: readonly SourceFile[];
}

interface Recording {
  session: vscode.DebugSession;
  stops: Kept[];
}

export class Recorder {
  private recording: Recording | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly sources: TourSources,
    private readonly host: EditorHost,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      command("tlbscope.recordTour", () => this.begin()),
      command("tlbscope.keepStop", (title?: unknown, words?: unknown) => this.keep(title, words)),
      command("tlbscope.finishRecording", (title?: unknown) => this.finish(title)),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (this.recording?.session === session && this.recording.stops.length === 0) this.set(undefined);
      }),
    );
  }

  private async begin(): Promise<void> {
    const session = this.sessions.current;
    if (!session)
      throw new Error(
        vscode.l10n.t(
          "A tour is recorded from a simulation. Start one with “Simulate from here” or “Start a Scenario…”, and " +
            "run this again.",
        ),
      );
    this.set({ session, stops: [] });
    const keep = vscode.l10n.t("Keep This Stop");
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        "Recording. Step to where there is something to say, and run “TLBscope: Keep This Stop” there; " +
          "“TLBscope: Finish Recording” makes the tour.",
      ),
      keep,
    );
    if (chosen === keep) await this.keep();
  }

  private async keep(givenTitle?: unknown, givenWords?: unknown): Promise<void> {
    const recording = this.now();
    const history = await this.sessions.request("tlbscope.history");
    const state = this.sessions.state!;
    const number = recording.stops.length + 1;
    const title =
      typeof givenTitle === "string"
        ? givenTitle
        : await vscode.window.showInputBox({
            title: vscode.l10n.t("Keep This Stop: Its Title (1 of 2)"),
            prompt: vscode.l10n.t("A few words for the tour's contents"),
            value: vscode.l10n.t("Step {0}", number),
            ignoreFocusOut: true,
          });
    if (title === undefined) return;
    const words =
      typeof givenWords === "string"
        ? givenWords
        : await vscode.window.showInputBox({
            title: vscode.l10n.t("Keep This Stop: Its Words (2 of 2)"),
            prompt: vscode.l10n.t("What there is to see here, in Markdown. The file can be edited afterwards."),
            value: state.sentence,
            ignoreFocusOut: true,
          });
    if (words === undefined) return;
    recording.stops.push({
      index: history.length,
      title,
      words,
      cpu: state.selectedCpu,
      history,
      files: this.host.ran,
    });
    vscode.window.setStatusBarMessage(vscode.l10n.t("Stop {0} is kept, at step {1}.", number, history.length), 6000);
  }

  private async finish(givenTitle?: unknown): Promise<void> {
    const { session, stops } = this.now();
    if (stops.length === 0)
      throw new Error(
        vscode.l10n.t("No stop was kept yet. Run “TLBscope: Keep This Stop” where there is something to say."),
      );
    // Stops that the reader has gone back from, to go on otherwise, lie on no way to the others.
    const longest = stops.reduce((a, b) => (b.history.length >= a.history.length ? b : a));
    const onTheWay = (s: Kept): boolean => s.files === longest.files && begins(longest.history, s.history);
    const [kept, left] = [stops.filter(onTheWay), stops.filter((s) => !onTheWay(s))];
    const title =
      typeof givenTitle === "string"
        ? givenTitle
        : await vscode.window.showInputBox({
            title: vscode.l10n.t("Finish Recording"),
            prompt: vscode.l10n.t("The tour's title"),
            value: vscode.l10n.t("My tour"),
            ignoreFocusOut: true,
          });
    if (title === undefined) return;
    const { id, content } = await this.text(title, longest, kept, session);
    this.set(undefined);
    await showNew(`${id}.tour.yaml`, content);
    if (left.length)
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          "Left out, because you went back from there and then another way: {0}. Make a tour of its own of them.",
          left.map((s) => s.title).join(", "),
        ),
      );
  }

  /** The same history on a machine of our own: what the session ran, made again. */
  private async text(
    title: string,
    { history, files }: Kept,
    stops: Stop[],
    session: vscode.DebugSession,
  ): Promise<{ id: string; content: string }> {
    const { scenario: name, order, settings = {} } = session.configuration as unknown as LaunchConfig;
    const { scenario: written } = await this.sources.scenarios.find(name);
    if (!written)
      throw new Error(
        vscode.l10n.t("The scenario {0} has mistakes now. Correct them, and finish the recording again.", name),
      );
    const scenario = withChanges(written, { order, settings: settingsAsNumbers(settings) });
    const parser = await this.sources.parser.load();
    const program = buildProgram({
      parser,
      files: [...files],
      platform: scenario.platform,
      settings: scenario.settings,
    });
    const trace = new Trace(new Machine(program, scenario));
    for (const h of history) {
      if ("move" in h) trace.step(h.move);
      else trace.edit(h.cell, h.value);
    }
    const id = stepId(title, 0, new Set());
    const made = recordTour({
      id,
      title,
      about: title,
      trace,
      stops,
      settings: Object.keys(settings).length ? settingsAsNumbers(settings) : undefined,
      statements: new Statements(parser, program),
    });
    if ("error" in made) throw new Error(made.error);
    const head = vscode.l10n.t(
      "Change this as you like, and save it as NAME.tour.yaml: TLBscope finds it by this ending.",
    );
    return { id, content: `# ${head}\n${tourText(made.tour)}` };
  }

  private now(): Recording {
    if (!this.recording)
      throw new Error(vscode.l10n.t("No tour is being recorded. Run “TLBscope: Record a Tour” first."));
    return this.recording;
  }

  private set(recording: Recording | undefined): void {
    this.recording = recording;
    void vscode.commands.executeCommand("setContext", "tlbscope.recording", recording !== undefined);
  }
}

const begins = (whole: History, part: History): boolean =>
  part.every((h, i) => JSON.stringify(h) === JSON.stringify(whole[i]));
