/**
 * *Could this happen?*: looks at every interleaving of a scenario on the open files, and offers to step through what
 * breaks.
 */
import * as vscode from "vscode";
import { counterexampleText, verdictText } from "../../check/verdict/verdict-text";
import { shortest, type Verdict } from "../../check/verdict/verdict";
import { LayoutError } from "../../machine/layout";
import { Machine } from "../../machine/machine";
import { moveCpu, type Move } from "../../machine/move";
import type { Workers } from "../../jobs/workers";
import type { SourceFile } from "../../kernel/syntax/source";
import { asked, limits } from "../checker/check-settings";
import { progressWords, restsOnWords } from "../checker/verdict-words";
import { done } from "../milestones";
import type { Driver } from "../session/driver";
import type { TourSources } from "./playing";
import { command } from "../command";

export class CouldHappen {
  constructor(
    private readonly sources: TourSources,
    private readonly driver: Driver,
    private readonly workers: Workers,
  ) {}

  start(): vscode.Disposable {
    return command("tlbscope.couldHappen", (name?: unknown) => this.ask(name));
  }

  /** Gives the outcome, for those who run this as a command of their own. */
  private async ask(given: unknown): Promise<Verdict["outcome"] | undefined> {
    const found = typeof given === "string" ? await this.sources.scenarios.find(given) : await this.choose();
    if (!found?.scenario) return undefined;
    const root = await this.sources.root();
    const program = await this.sources.programs.build(root, found.scenario.platform, found.scenario.settings);
    const machine = machineOf(program, found.scenario);
    const title = vscode.l10n.t("Trying every order of {0}", found.scenario.id);
    const verdict = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => this.search(machine.program.files, machine.scenario, progress, token),
    );
    done("ask");
    void this.tell(verdict, machine, root, found.name).catch((error: unknown) =>
      vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error)),
    );
    return verdict.outcome;
  }

  private async choose() {
    const items = (await this.sources.scenarios.all()).flatMap((found) =>
      found.scenario
        ? [
            {
              ...found,
              label: found.scenario.id,
              detail: found.scenario.about,
              description: found.builtIn ? vscode.l10n.t("built in") : undefined,
            },
          ]
        : [],
    );
    return vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Could This Happen?"),
      placeHolder: vscode.l10n.t("Every order in which these CPUs can act is tried. Which scenario?"),
      matchOnDetail: true,
    });
  }

  private async search(
    files: SourceFile[],
    scenario: Machine["scenario"],
    progress: vscode.Progress<{ message?: string }>,
    token: vscode.CancellationToken,
  ): Promise<Verdict> {
    const job = this.workers.run(
      { kind: "check", files, scenario, asked: asked(), limits: limits(1) },
      { progress: (p) => progress.report({ message: progressWords(p) }) },
    );
    const listening = token.onCancellationRequested(() => job.cancel());
    try {
      return await job.answer;
    } finally {
      listening.dispose();
    }
  }

  private async tell(
    verdict: Verdict,
    machine: Machine,
    root: vscode.Uri | undefined,
    scenario: string,
  ): Promise<void> {
    // An execution that rests on what isn't known shows nothing for certain.
    const broken = verdict.outcome === "fails" ? shortest(verdict) : undefined;
    const through = vscode.l10n.t("Step Through It"),
      more = vscode.l10n.t("Details");
    const chosen = await (broken
      ? vscode.window.showWarningMessage(
          vscode.l10n.t(
            "Yes: {0} breaks “{1}” in {2} steps. {3}",
            verdict.scenario,
            broken.property.label,
            broken.counterexample.moves.length,
            broken.counterexample.why,
          ),
          through,
          more,
        )
      : vscode.window.showInformationMessage(
          verdict.outcome === "holds"
            ? vscode.l10n.t("No: whatever the order, {0} keeps every promise. {1}", verdict.scenario, verdict.bounds)
            : verdict.restsOn.length
              ? vscode.l10n.t(
                  "Can't say: it rests on {0}. {1}",
                  restsOnWords(verdict.restsOn),
                  verdict.restsOn[0].message,
                )
              : vscode.l10n.t("Can't say: {0}", verdict.bounds),
          more,
        ));
    if (broken && chosen === through)
      await this.driver.drive({
        machine,
        scenario,
        tree: root?.toString(),
        files: machine.program.files,
        originals: machine.program.files,
        moves: broken.counterexample.moves,
        cpu: cpuOfLast(broken.counterexample.moves),
      });
    if (chosen === more)
      await vscode.window.showTextDocument(
        await vscode.workspace.openTextDocument({
          content: [
            verdictText(verdict),
            ...(broken ? ["", counterexampleText(machine, broken.counterexample.moves)] : []),
            "",
          ].join("\n"),
        }),
      );
  }
}

const cpuOfLast = (moves: readonly Move[]): number => (moves.length ? moveCpu(moves.at(-1)!) : 0);

function machineOf(program: Machine["program"], scenario: Machine["scenario"]): Machine {
  try {
    return new Machine(program, scenario);
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    throw new Error(vscode.l10n.t("The scenario {0} can't be run on this source. {1}", scenario.id, error.message));
  }
}
