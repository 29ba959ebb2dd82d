/** Commands that act on the running simulation, and those that begin one. */
import * as vscode from "vscode";
import type { CustomRequests } from "../../debug/custom-requests";
import type { LaunchConfig } from "../../debug/host";
import { MoveKind, moveKind } from "../../machine/move";
import { hasChoices, workloadOf } from "../../machine/view/workload";
import { scenarioText } from "../../scenario/write-scenario";
import { command } from "../command";
import type { Launcher } from "./launcher";
import { DEFAULT_SCENARIO } from "../../scenario/order";
import { showNew } from "../new-document";
import type { Scenarios } from "../scenarios";
import type { Sessions } from "./sessions";

type Offered = CustomRequests["tlbscope.moves"]["answer"][number];

export class SessionCommands {
  constructor(
    private readonly sessions: Sessions,
    private readonly scenarios: Scenarios,
    private readonly launcher: Launcher,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      command("tlbscope.start", () => this.pickScenario()),
      command("tlbscope.freePlay", () => this.freePlay()),
      command("tlbscope.freePlay.save", () => this.savePlay()),
      command("tlbscope.newScenario", () => this.newScenario()),
      command("tlbscope.deliverInterrupt", () => this.deliver()),
      command("tlbscope.speculativeFill", () => this.fill()),
      command("tlbscope.hardware", () => this.hardware()),
      command("tlbscope.gotoStep", () => this.goto()),
      command("tlbscope.stepAtomic", () => this.stepAtomic()),
    );
  }

  private async pickScenario(): Promise<void> {
    const found = await this.scenarios.all();
    const items = found.map(({ name, uri, builtIn, scenario }) => ({
      name,
      label: scenario?.id ?? uri.path.split("/").at(-1)!,
      description: builtIn ? vscode.l10n.t("built in") : vscode.workspace.asRelativePath(uri),
      detail: scenario?.about ?? vscode.l10n.t("This file has mistakes: open it to see them."),
      uri,
      scenario,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Start a Scenario"),
      placeHolder: vscode.l10n.t("What should the CPUs do?"),
      matchOnDetail: true,
    });
    if (!chosen) return;
    if (chosen.scenario) await this.launcher.launch({ scenario: chosen.name, stopOnEntry: true });
    else await vscode.window.showTextDocument(chosen.uri);
  }

  /** A session in which the reader chooses on each CPU's card what it does next. */
  private async freePlay(): Promise<void> {
    const { name } = await this.scenarios.freePlay();
    if (await this.launcher.launch({ scenario: name, stopOnEntry: true }))
      await vscode.commands.executeCommand("tlbscope.panel.focus");
  }

  /** What was chosen so far, as a scenario that can be named, run and checked by itself. */
  private async savePlay(): Promise<void> {
    const { current } = this.sessions;
    const name = (current?.configuration as Partial<LaunchConfig> | undefined)?.scenario;
    const scenario = name === undefined ? undefined : (await this.scenarios.find(name)).scenario;
    const history = current && (await this.sessions.request("tlbscope.history", undefined));
    const moves = (history ?? []).flatMap((h) => ("move" in h ? [h.move] : []));
    if (!scenario || !hasChoices(scenario) || !moves.some((m) => moveKind(m) === MoveKind.choose))
      throw new Error(
        vscode.l10n.t(
          "Nothing was chosen yet: start a free play, choose what the CPUs do on their cards, and save it then.",
        ),
      );
    const played = workloadOf(scenario, moves).scenario;
    await showNew("played.tlbscope.yaml", scenarioText({ ...played, id: "played" }));
  }

  /** A new file to begin from: a built-in scenario's text, to be changed. */
  private async newScenario(): Promise<void> {
    const model = await this.scenarios.find(DEFAULT_SCENARIO);
    const content = model.text
      .replace(
        /^(?:#.*\n)+/,
        `# ${vscode.l10n.t("Change this, and save it as NAME.tlbscope.yaml: TLBscope finds it by this ending.")}\n`,
      )
      .replace(/^id: .*$/m, "id: my-scenario");
    await showNew("my-scenario.tlbscope.yaml", content);
  }

  private async deliver(): Promise<void> {
    const moves = await this.moves("interrupt");
    if (moves.length === 0)
      throw new Error(
        vscode.l10n.t(
          "No interrupt can be taken now: none is queued, or its CPU runs with interrupts off. Step on until a " +
            "CPU sends one or lets one in.",
        ),
      );
    await this.choose(moves, vscode.l10n.t("Deliver which interrupt?"));
  }

  private async fill(): Promise<void> {
    const moves = await this.moves("fill");
    if (moves.length === 0)
      throw new Error(
        vscode.l10n.t(
          "No CPU can fill its TLB now: every translation that its CR3 gives is held already, or the scenario " +
            "says speculation: false.",
        ),
      );
    await this.choose(moves, vscode.l10n.t("Which translation does which CPU fetch, without being asked?"));
  }

  /** What no line of code does: a store that reaches memory, a broadcast that arrives, time that passes. */
  private async hardware(): Promise<void> {
    const moves = (await this.sessions.request("tlbscope.moves")).filter(
      ({ kind }) => kind !== "step" && kind !== "interrupt",
    );
    if (moves.length === 0)
      throw new Error(
        vscode.l10n.t(
          "The hardware has nothing to do by itself now: no store waits (they do under TSO), and no translation " +
            "is left to fetch. Step on.",
        ),
      );
    await this.choose(moves, vscode.l10n.t("What should the hardware do, between two lines?"));
  }

  private async moves(kind: Offered["kind"]): Promise<Offered[]> {
    return (await this.sessions.request("tlbscope.moves")).filter((move) => move.kind === kind);
  }

  private async choose(moves: Offered[], placeHolder: string): Promise<void> {
    const items = moves.map(({ label, move }) => ({ label, move }));
    const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
    if (chosen) await this.sessions.request("tlbscope.move", { move: chosen.move });
  }

  private async goto(): Promise<void> {
    const state = this.sessions.state ?? (await this.sessions.request("tlbscope.panelState"));
    const valid = (text: string) => /^\d+$/.test(text.trim()) && Number(text) <= state.last;
    const answer = await vscode.window.showInputBox({
      title: vscode.l10n.t("Go to Step"),
      value: String(state.step),
      prompt: vscode.l10n.t("A step from 0, the start, to {0}, the last one that was made", state.last),
      validateInput: (text) =>
        valid(text) ? undefined : vscode.l10n.t("Type a whole number from 0 to {0}.", state.last),
    });
    if (answer !== undefined) await this.sessions.request("tlbscope.goto", { step: Number(answer) });
  }

  /** One memory access of the selected CPU, which may be less than a statement. */
  private async stepAtomic(): Promise<void> {
    const cpu = this.sessions.state?.selectedCpu ?? 0;
    const step = (await this.moves("step")).find((move) => move.cpu === cpu);
    if (!step)
      throw new Error(
        vscode.l10n.t(
          "CPU{0} has no step to take now: it waits for another CPU, or has done all that the scenario asks. " +
            "Select another CPU.",
          cpu,
        ),
      );
    await this.sessions.request("tlbscope.move", { move: step.move });
  }
}
