/** The verdict view and its commands: check, pause, resume, cancel, step through. */
import * as vscode from "vscode";
import { counterexampleText, verdictText } from "../../check/verdict/verdict-text";
import { companionPaths } from "../../kernel/companions";
import { Machine } from "../../machine/machine";
import { workloadOf } from "../../machine/view/workload";
import { scenarioText } from "../../scenario/write-scenario";
import { toldOf } from "../../story/story-text";
import type { EditionFolder } from "../source/edition-files";
import { done } from "../milestones";
import type { Programs } from "../source/programs";
import { protocolFunctions } from "../source/protocol-functions";
import { currentTree, isCDocument, pathIn, treeOf } from "../source/tree";
import { command } from "../command";
import { showNew } from "../new-document";
import { rowName, type Checked, type Row } from "./check-rows";
import type { Checks } from "./checks";
import { failing } from "./promised";
import type { Questions } from "./asked-questions";
import type { Reports } from "./reports";
import { checksOnSave } from "./check-settings";
import type { StepThrough } from "./step-through";
import { VerdictTree, type VerdictNode } from "./verdict-tree";
import { failureWords, headline, rowWords, soFar } from "./verdict-words";

export const verdictsId = "tlbscope.verdicts";

/** Milliseconds between two drawings of a check that runs. */
const redraw = 200;

export class VerdictView {
  private readonly tree: VerdictTree;
  private view: vscode.TreeView<VerdictNode> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly keys = new Map<string, boolean>();

  constructor(
    private readonly checks: Checks,
    private readonly programs: Programs,
    private readonly edition: EditionFolder,
    private readonly steps: StepThrough,
    questions: Questions,
    private readonly reports: Reports,
  ) {
    this.tree = new VerdictTree(checks, questions, (row) => this.machineOf(row));
  }

  start(): vscode.Disposable {
    const view = (this.view = vscode.window.createTreeView(verdictsId, {
      treeDataProvider: this.tree,
      showCollapseAll: true,
    }));
    return vscode.Disposable.from(
      view,
      this.checks.onDidChange(() => this.soon()),
      this.checks.onDidChangeStale(() => this.draw()),
      command("tlbscope.check", (given?: unknown) => this.check(given)),
      command("tlbscope.check.pause", async () => this.checks.pause()),
      command("tlbscope.check.resume", async () => this.checks.resume()),
      command("tlbscope.check.cancel", async () => this.checks.cancel()),
      command("tlbscope.stepThrough", (node?: unknown) => this.stepThrough(node as VerdictNode | undefined)),
      command("tlbscope.saveWorkload", (node?: unknown) => this.saveWorkload(node as VerdictNode | undefined)),
      command("tlbscope.verdicts.text", (node?: unknown) => this.asText(node as VerdictNode | undefined)),
      command("tlbscope.check.again", async (node?: unknown) => this.again(node as VerdictNode | undefined)),
      vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)),
      { dispose: () => clearTimeout(this.timer) },
    );
  }

  /**
   * Checks the tree of a file (a lens names one), or else the tree in front. Gives how many rows fail, for those who
   * run this as a command of their own.
   */
  private async check(given: unknown): Promise<number> {
    const { uri, quietly } = (given ?? {}) as { uri?: string; quietly?: boolean };
    const root = typeof uri === "string" ? treeOf(vscode.Uri.parse(uri, true)) : await this.root();
    const { rows } = await this.checkTree(root, quietly);
    return rows.filter((r) => failing(r.verdict).length > 0).length;
  }

  /** Checks every scenario on a tree, with the list in view unless that is to be left alone. Resolves at the end. */
  async checkTree(root: vscode.Uri | undefined, quietly = false): Promise<Checked> {
    const running = this.checks.run(root);
    if (!quietly) await vscode.commands.executeCommand(`${verdictsId}.focus`, { preserveFocus: true });
    const checked = await vscode.window.withProgress({ location: { viewId: verdictsId } }, () => running);
    done("ask");
    return checked;
  }

  /** Draws again what is known. */
  redraw(): void {
    this.draw();
  }

  /** The tree in front, or where no kernel's C is open, the reader's copy of the edition. */
  async root(): Promise<vscode.Uri | undefined> {
    const found = await currentTree();
    if (found !== "none") return found;
    await this.edition.write();
    return this.edition.uri;
  }

  /**
   * A check that has, or is about to have, the verdicts of this very text goes on; one of an older text is begun again.
   */
  private saved(document: vscode.TextDocument): void {
    if (!isCDocument(document) || !checksOnSave(document.uri)) return;
    const root = treeOf(document.uri),
      path = root && pathIn(root, document.uri);
    const takesPart = (path !== undefined && companionPaths.includes(path)) || protocolFunctions(document).length > 0;
    if (takesPart && !this.checks.isCurrent(root))
      void vscode.commands.executeCommand("tlbscope.check", { uri: document.uri.toString(), quietly: true });
  }

  /** A row that came to no verdict; on an edited source, all of them. */
  private async again(node: VerdictNode | undefined): Promise<void> {
    const { current, outOfDate } = this.checks;
    const rows = node ? [node.row] : (current?.rows ?? []);
    if (outOfDate) await this.checkTree(current?.root);
    else for (const row of rows) this.checks.again(row);
  }

  private soon(): void {
    // The end of a check is shown at once.
    if (!this.checks.running || this.checks.paused !== this.keys.get("tlbscope.check.paused")) return this.draw();
    this.timer ??= setTimeout(() => this.draw(), redraw);
  }

  private draw(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { current, running, paused, outOfDate } = this.checks;
    this.setKey("tlbscope.check.running", running);
    this.setKey("tlbscope.check.paused", paused);
    this.setKey("tlbscope.check.some", (current?.rows.length ?? 0) > 0);
    if (!this.view) return;
    this.view.message = current && headline(current, paused, outOfDate);
    this.view.description = current?.root?.path.split("/").at(-1);
    this.tree.refresh();
  }

  private setKey(key: string, value: boolean): void {
    if (this.keys.get(key) === value) return;
    this.keys.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }

  private async stepThrough(given: VerdictNode | undefined): Promise<boolean> {
    const node = given ?? this.view?.selection[0];
    const { current } = this.checks;
    const moves = node && movesOf(node);
    if (!current || !node || !moves)
      throw new Error(
        vscode.l10n.t("Choose a broken promise or an execution in the list of verdicts, and run this again."),
      );
    const { name, scenario, workloads } = node.row;
    // A world is run with as many actions a CPU as were looked at.
    const run = workloads ? this.reports.keep(`${name}.yaml`, scenarioText(scenario)).toString() : name;
    return this.steps.show({ root: current.root, files: current.files, scenario: run, order: scenario.order, moves });
  }

  /** The workload of a failure as a scenario that can be named, run and checked by itself. */
  private async saveWorkload(given: VerdictNode | undefined): Promise<void> {
    const node = given ?? this.view?.selection[0];
    const moves = node && movesOf(node);
    if (!node?.row.workloads || !moves)
      throw new Error(
        vscode.l10n.t(
          "Choose a workload that fails in the list of verdicts, and run this again: it becomes a scenario.",
        ),
      );
    const { scenario } = workloadOf(node.row.scenario, moves);
    await showNew(`${scenario.id}.tlbscope.yaml`, scenarioText(scenario));
  }

  /**
   * The verdicts as the command line prints them, with the shortest execution of each failure; at a row's, if one is
   * given.
   */
  private async asText(node: VerdictNode | undefined): Promise<void> {
    const lines: string[] = [];
    let at = 1;
    for (const row of this.checks.current?.rows ?? []) {
      if (row === node?.row) at = lines.length + 1;
      const text = await this.textOf(row);
      if (text) lines.push(...text.split("\n"), "");
    }
    await this.reports.show(`${vscode.l10n.t("Verdicts")}.txt`, lines.join("\n"), at);
  }

  /** The machine that a row's executions are of; undefined where the source has been edited since. */
  private async machineOf({ scenario }: Row): Promise<Machine | undefined> {
    const { current, outOfDate } = this.checks;
    if (!current || outOfDate) return undefined;
    return new Machine(await this.programs.build(current.root, scenario.platform, scenario.settings), scenario);
  }

  private async textOf(row: Row): Promise<string> {
    const { verdict, error } = row;
    const parts: string[] = [];
    if (error)
      parts.push(
        [`${rowName(row)}: ${rowWords(row, false)}`, failureWords(error), ...soFar(row).map((note) => note.label)].join(
          "\n  ",
        ),
      );
    if (!verdict) return parts.join("\n");
    const machine = failing(verdict).length > 0 ? await this.machineOf(row) : undefined;
    parts.push(verdictText(verdict, machine && toldOf(machine)));
    if (!machine) return parts.join("\n");
    for (const p of failing(verdict))
      parts.push(`\n  ${p.id}:\n${counterexampleText(machine, p.executions[0]?.moves ?? [])}`);
    return parts.join("\n");
  }
}

function movesOf(node: VerdictNode): number[] | undefined {
  switch (node.k) {
    case "example":
      return node.example.moves;
    case "sample":
      return node.moves;
    case "property":
      return node.property.executions[0]?.moves;
    case "row":
      return failing(node.row.verdict)[0]?.executions[0]?.moves;
    default:
      return undefined;
  }
}
