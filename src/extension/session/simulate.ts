/** From a line of the source to a session that stands there, on the shortest execution that any scenario offers. */
import * as vscode from "vscode";
import type { LineFound, ReachJob } from "../../jobs/protocol";
import { JobError, type Workers } from "../../jobs/workers";
import { moveCpu, type Move } from "../../machine/machine";
import { simplestFirst } from "../../scenario/order";
import type { SimulateTarget } from "./session-lenses";
import type { Programs } from "../source/programs";
import { functionsOf } from "../source/protocol-functions";
import type { FoundScenario, Scenarios } from "../scenarios";
import type { Launcher } from "./launcher";
import type { Driver } from "./driver";
import { isCDocument, treeOf } from "../source/tree";

/** States that one scenario's search may visit. */
const maxStates = 200_000;

interface Best {
  scenario: FoundScenario;
  line: number;
  moves: Move[];
}

/** The result of the search through the scenarios. */
interface Outcome {
  best?: Best;
  /** Why the line is no place to stop at, when no scenario's program has a step there. */
  noStep?: string;
  tried: number;
  /** Scenarios too large to be searched to the end. */
  cutShort: string[];
  /** Why a program could not be run. */
  problems: string[];
}

export class Simulate {
  constructor(
    private readonly programs: Programs,
    private readonly scenarios: Scenarios,
    private readonly workers: Workers,
    private readonly launcher: Launcher,
    private readonly driver: Driver,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.commands.registerCommand("tlbscope.simulate", (given?: SimulateTarget | vscode.Uri) =>
        this.simulate(given),
      ),
      vscode.commands.registerCommand(
        "tlbscope.simulateWhen",
        (given?: SimulateTarget | vscode.Uri, condition?: string) => this.simulateWhen(given, condition),
      ),
    );
  }

  private async simulate(given: SimulateTarget | vscode.Uri | undefined, condition?: string): Promise<boolean> {
    const target = targetOf(given);
    if (!target)
      return this.refuse(
        vscode.l10n.t("Put the cursor on a line of the kernel's C, for instance in switch_mm(), and run this again."),
      );
    const document = await vscode.workspace.openTextDocument(target.uri);
    const { line } = target;
    const where = `${document.uri.path.split("/").at(-1)}:${line}`;
    const root = treeOf(document.uri);
    const outcome = await withLateProgress(vscode.l10n.t("Finding the shortest way to {0}", where), (report, token) =>
      this.search(document, line, root, condition, report, token),
    );
    if (!outcome) return false; // cancelled
    if (!outcome.best) return this.refuse(explain(outcome, document, line, condition));
    const { scenario, line: stop, moves } = outcome.best;
    if (condition !== undefined) {
      const files = await this.programs.files(root);
      return this.driver.drive({
        machine: {},
        scenario: scenario.name,
        tree: root?.toString(),
        files,
        originals: files,
        moves,
        cpu: moveCpu(moves.at(-1) ?? 0),
      });
    }
    return this.launcher.launch({
      scenario: scenario.name,
      tree: root?.toString(),
      stopAt: { file: document.uri.toString(), line: stop },
    });
  }

  /** The shortest execution to the line on which a condition holds there; or that there is none. */
  private async simulateWhen(
    given: SimulateTarget | vscode.Uri | undefined,
    condition: string | undefined,
  ): Promise<boolean> {
    condition ??= await vscode.window.showInputBox({
      title: vscode.l10n.t("Simulate from Here When…"),
      prompt: vscode.l10n.t(
        "A C expression that is to hold on this line, as the CPU that stands there would work it out",
      ),
      placeHolder: "!cpumask_test_cpu(cpu, mm_cpumask(next))",
    });
    return condition?.trim() ? this.simulate(given, condition.trim()) : false;
  }

  private async search(
    document: vscode.TextDocument,
    line: number,
    root: vscode.Uri | undefined,
    condition: string | undefined,
    report: (message: string) => void,
    token: vscode.CancellationToken,
  ): Promise<Outcome | undefined> {
    const uri = document.uri.toString();
    const outcome: Outcome = { tried: 0, cutShort: [], problems: [] };
    // A function's head has no step of its own: the first one of its body is meant.
    const atHead = functionsOf(document).some((f) => f.firstLine <= line && line <= f.nameLine);
    let hasStep = false;
    const [found, files] = await Promise.all([this.scenarios.all(), this.programs.files(root)]);
    // Small ones first: their searches are short, and of two executions of the same length the simpler scenario's is
    // the better one.
    const runnable = found.filter((s) => s.scenario).sort((a, b) => simplestFirst(a.scenario!, b.scenario!));
    for (const candidate of runnable) {
      const scenario = candidate.scenario!;
      // Once the line is reached, a larger machine or a hypervisor only makes the same execution harder to read.
      const { best } = outcome;
      if (
        best &&
        (best.line === line || atHead) &&
        candidate.builtIn &&
        (scenario.cpus.length > best.scenario.scenario!.cpus.length ||
          scenario.platform !== best.scenario.scenario!.platform)
      )
        continue;
      report(scenario.id);
      try {
        const searched = await this.searchLine(
          { kind: "reach", files, scenario, uri, line, condition, maxStates },
          token,
        );
        if (token.isCancellationRequested) return undefined;
        outcome.tried++;
        if ("why" in searched) {
          outcome.noStep ??= searched.why;
          continue;
        }
        hasStep = true;
        if (!searched.complete) outcome.cutShort.push(scenario.id);
        if (searched.moves === undefined) continue;
        // The asked line itself is better than one below it, however long its execution.
        const nearer = best && Math.abs(searched.line - line) - Math.abs(best.line - line);
        if (!best || nearer! < 0 || (nearer === 0 && searched.moves.length < best.moves.length))
          outcome.best = { scenario: candidate, line: searched.line, moves: searched.moves };
      } catch (error) {
        if (!(error instanceof JobError) || error.kind !== "refused") throw error;
        if (!outcome.problems.includes(error.message)) outcome.problems.push(error.message);
      }
    }
    if (hasStep) outcome.noStep = undefined;
    return outcome;
  }

  private async searchLine(job: ReachJob, token: vscode.CancellationToken): Promise<LineFound | { why: string }> {
    const running = this.workers.run(job);
    const listening = token.onCancellationRequested(() => running.cancel());
    try {
      return await running.answer;
    } finally {
      listening.dispose();
    }
  }

  private refuse(message: string): false {
    const newScenario = vscode.l10n.t("New Scenario");
    void vscode.window.showWarningMessage(message, newScenario).then((chosen) => {
      if (chosen === newScenario) void vscode.commands.executeCommand("tlbscope.newScenario");
    });
    return false;
  }
}

/** Most searches are over before anybody could read about them; only a long one is shown, and can be cancelled. */
async function withLateProgress<T>(
  title: string,
  work: (report: (message: string) => void, token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const cancel = new vscode.CancellationTokenSource();
  let message = "";
  let shown: vscode.Progress<{ message?: string }> | undefined;
  const done = work((text) => {
    message = text;
    shown?.report({ message });
  }, cancel.token);
  const late = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => cancel.cancel());
        shown = progress;
        progress.report({ message });
        return done.then(undefined, () => undefined); // whoever asked for the work sees its failure
      },
    );
  }, 800);
  try {
    return await done;
  } finally {
    clearTimeout(late);
    cancel.dispose();
  }
}

/** The line of a lens, or the cursor's. */
function targetOf(given: SimulateTarget | vscode.Uri | undefined): { uri: vscode.Uri; line: number } | undefined {
  if (given && "line" in given) return { uri: vscode.Uri.parse(given.uri, true), line: given.line };
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isCDocument(editor.document)) return undefined;
  return { uri: editor.document.uri, line: editor.selection.active.line + 1 };
}

/** Why no session starts, and what to do. */
function explain(
  { noStep, tried, cutShort, problems }: Outcome,
  document: vscode.TextDocument,
  line: number,
  condition: string | undefined,
): string {
  if (problems.length) return problems.join(" ");
  if (tried === 0) return vscode.l10n.t("There is no scenario without mistakes. Correct one of the scenario files.");
  if (noStep) return noStep;
  const where = `${document.uri.path.split("/").at(-1)}:${line}`;
  const partly = cutShort.length ? " " + vscode.l10n.t("The search was cut short in: {0}.", cutShort.join(", ")) : "";
  if (condition !== undefined)
    return (
      vscode.l10n.t(
        "No: in no interleaving of the {0} scenarios does a CPU come to {1} while {2}.",
        tried,
        where,
        condition,
      ) + partly
    );
  return (
    vscode.l10n.t(
      "None of the {0} scenarios reaches {1}. Write one that does: a scenario says which tasks run where, and " +
        "what each CPU is asked to do.",
      tried,
      where,
    ) + partly
  );
}
