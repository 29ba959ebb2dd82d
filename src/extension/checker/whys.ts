/**
 * *Why is this line here?*: asks what goes wrong without a statement, of one line or of a whole function, and keeps
 * the answers.
 */
import * as vscode from "vscode";
import type { JobProgress, PlainConsequence, StatementAnswer } from "../../jobs/protocol";
import { runWhy } from "../../jobs/shared-why";
import { JobError, type Running, type Workers } from "../../jobs/workers";
import type { SourceFile } from "../../kernel/syntax/source";
import { withExchanged, withoutStatement } from "../../kernel/statements";
import type { Programs } from "../source/programs";
import { functionsOf } from "../source/protocol-functions";
import type { Scenarios } from "../scenarios";
import { StaleTexts } from "../source/stale";
import { isCDocument, treeOf } from "../source/tree";
import { failureWords, restsOnWords } from "./verdict-words";
import { ordersOf } from "./check-settings";
import type { StepThrough } from "./step-through";

/** What was asked last. */
export interface Asked {
  fn: string;
  uri: vscode.Uri;
  root: vscode.Uri | undefined;
  files: SourceFile[];
  /** The file that the statements are of, as it was asked about. */
  file: SourceFile;
  /** What a launch configuration names each scenario by. */
  names: Map<string, string>;
  answers: StatementAnswer[];
  progress?: JobProgress;
  open: boolean;
  error?: string;
}

export type Change = "removed" | "exchanged";

/** States that one search may visit: a changed program can have far more of them than the one it is a change of. */
const maxStates = 4_000_000;

export class Whys {
  private asked: Asked | undefined;
  private job: Running<"why"> | undefined;
  private readonly stale = new StaleTexts();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly workers: Workers,
    private readonly programs: Programs,
    private readonly scenarios: Scenarios,
    private readonly steps: StepThrough,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      this.stale.start(),
      this.stale.onDidChange(() => this.changed.fire()),
    );
  }

  get current(): Asked | undefined {
    return this.asked;
  }

  /** Has the program been edited since? */
  get outOfDate(): boolean {
    return this.stale.uris.size > 0;
  }

  /**
   * Asks about the statement on a line (counted from 1), or about each one of the function around it. Resolves when
   * all is answered.
   */
  async ask(document: vscode.TextDocument, line: number, whole: boolean): Promise<Asked> {
    const fn = isCDocument(document)
      ? functionsOf(document).find((f) => f.firstLine <= line && line <= f.lastLine)
      : undefined;
    if (!fn)
      throw new Error(
        vscode.l10n.t(
          "Put the cursor on a statement of the kernel's C, for instance in switch_mm(), and run this again.",
        ),
      );
    const root = treeOf(document.uri);
    const [files, found] = await Promise.all([this.programs.files(root), this.scenarios.all()]);
    const file = files.find((f) => f.uri === document.uri.toString());
    if (!file)
      throw new Error(
        vscode.l10n.t(
          "{0} takes no part in the program: it is not code of x86, or not of this tree.",
          vscode.workspace.asRelativePath(document.uri),
        ),
      );
    const scenarios = found.flatMap((f) =>
      f.scenario ? ordersOf(f.scenario).map((order) => ({ ...f.scenario!, order })) : [],
    );
    this.cancel();
    const names = new Map(found.flatMap((f) => (f.scenario ? [[f.scenario.id, f.name] as const] : [])));
    const asked: Asked = { fn: fn.item.name, uri: document.uri, root, files, file, names, answers: [], open: true };
    this.asked = asked;
    this.stale.watch(files);
    const at = whole ? undefined : document.offsetAt(new vscode.Position(line - 1, 0));
    this.job = runWhy(
      this.workers,
      { kind: "why", files, scenarios, uri: file.uri, fn: fn.item.name, at, maxStates },
      {
        progress: (progress) => this.note(asked, () => (asked.progress = progress)),
        part: (answer) =>
          this.note(
            asked,
            () =>
              (asked.answers = [
                ...asked.answers.filter((a) => a.statement.start !== answer.statement.start),
                answer,
              ].sort((a, b) => a.line - b.line || a.statement.start - b.statement.start)),
          ),
      },
    );
    this.changed.fire();
    try {
      asked.answers = await this.job.answer;
    } catch (error) {
      asked.error = error instanceof JobError ? failureWords(error) : String(error);
      throw new Error(asked.error);
    } finally {
      this.note(asked, () => (asked.open = false));
    }
    return asked;
  }

  /** What was answered so far stays. */
  cancel(): void {
    this.job?.cancel();
  }

  forget(): void {
    this.cancel();
    this.asked = undefined;
    this.changed.fire();
  }

  /** A session on the changed program, at the end of what goes wrong there. */
  async stepThrough(asked: Asked, answer: StatementAnswer, change: Change): Promise<boolean> {
    const consequence = answer[change];
    if (!consequence)
      throw new Error(vscode.l10n.t("Nothing goes wrong with this change: there is nothing to step through."));
    const { file, root, files, names } = asked;
    const changed =
      change === "removed"
        ? withoutStatement(file, answer.statement)
        : withExchanged(file, answer.statement, answer.next!);
    return this.steps.show({
      root,
      files,
      change: { file: changed, how: howWords(answer, change) },
      scenario: names.get(consequence.scenario) ?? consequence.scenario,
      order: consequence.order,
      moves: consequence.moves,
    });
  }

  private note(asked: Asked, work: () => void): void {
    work();
    if (asked === this.asked) this.changed.fire();
  }
}

/** How the program that runs differs from the file. */
export function howWords(answer: StatementAnswer, change: Change): string {
  return change === "removed"
    ? vscode.l10n.t("A copy without line {0}: {1}", answer.line, answer.statement.text)
    : vscode.l10n.t("A copy in which line {0} stands after the statement that follows it", answer.line);
}

/** `lazy-return, SC fails in 102 steps: own-page-tables`. */
export function consequenceWords({ scenario, order, moves, property, restsOn }: PlainConsequence): string {
  if (restsOn.length)
    return vscode.l10n.t(
      "{0}, {1} fails perhaps: {2}; it rests on {3}",
      scenario,
      order.toUpperCase(),
      property,
      restsOnWords(restsOn),
    );
  return moves.length
    ? vscode.l10n.t("{0}, {1} fails in {2} steps: {3}", scenario, order.toUpperCase(), moves.length, property)
    : vscode.l10n.t("{0}, {1} fails before its first step: {2}", scenario, order.toUpperCase(), property);
}

/** `without it, switch-away, SC keeps stale-translation, which it breaks as the source stands`. */
export function mendsWords(a: StatementAnswer, change: Change): string | undefined {
  const mended = change === "removed" ? a.removedMends : a.exchangedMends;
  if (mended.length === 0) return undefined;
  const kept = mended
    .map((m) => vscode.l10n.t("{0}, {1} keeps {2}", m.scenario, m.order.toUpperCase(), m.property))
    .join("; ");
  return change === "removed"
    ? vscode.l10n.t("without it, {0}, which it breaks as the source stands", kept)
    : vscode.l10n.t("exchanged with the next statement, {0}, which it breaks as the source stands", kept);
}

/** `two-lazy-cpus, SC; two-lazy-cpus, TSO`. */
export const untriedWords = (a: StatementAnswer): string =>
  a.untried.map((u) => `${u.scenario}, ${u.order.toUpperCase()}`).join("; ");

/** What a statement is for, in a few words. */
export function answerWords(a: StatementAnswer): string {
  if (a.refused) return vscode.l10n.t("without it the program can't be run: {0}", a.refused);
  if (!a.reached)
    return a.untried.length > 0
      ? vscode.l10n.t("none of the scenarios tried comes here; not tried to the end: {0}", untriedWords(a))
      : vscode.l10n.t("no scenario comes here, so that none can tell");
  if (a.removed) return vscode.l10n.t("without it, {0}", consequenceWords(a.removed));
  if (a.exchanged)
    return vscode.l10n.t("its place matters: exchanged with the next statement, {0}", consequenceWords(a.exchanged));
  const mends = mendsWords(a, "removed") ?? mendsWords(a, "exchanged");
  if (mends) return mends;
  if (a.restsOn.length) return vscode.l10n.t("can't say: it rests on {0}", restsOnWords(a.restsOn));
  return a.untried.length > 0
    ? vscode.l10n.t("nothing found that needs it; not tried to the end: {0}", untriedWords(a))
    : vscode.l10n.t("nothing in these scenarios needs it");
}
