/** The commands of the reader's own questions: ask one, keep it in the settings, ask it no longer. */
import * as vscode from "vscode";
import { askedName, type AskedProperty } from "../../check/search/asked";
import type { QuestionAnswer } from "../../jobs/protocol";
import type { Workers } from "../../jobs/workers";
import type { Programs } from "../source/programs";
import { functionsOf } from "../source/protocol-functions";
import type { Scenarios } from "../scenarios";
import { command } from "../command";
import { isCDocument, treeOf } from "../source/tree";
import { askReader } from "./ask-question";
import { questionWords, type Questions } from "./asked-questions";
import type { Checked, Row } from "./check-rows";
import { promisedIn, type Promised } from "./promised";
import type { VerdictView } from "./verdict-view";
import type { VerdictNode } from "./verdict-tree";
import { exampleWords } from "./verdict-words";

/** What a lens gives, or whoever runs this as a command of their own: with a text, nothing is asked of the reader. */
interface Given {
  uri?: string;
  fn?: string;
  kind?: AskedProperty["kind"];
  text?: string;
}

interface Answer {
  row: Row;
  property: Promised;
}

export class AskCommand {
  constructor(
    private readonly workers: Workers,
    private readonly programs: Programs,
    private readonly scenarios: Scenarios,
    private readonly questions: Questions,
    private readonly view: VerdictView,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      command("tlbscope.ask", (given?: unknown) => this.ask(given as Given | undefined)),
      command("tlbscope.ask.keep", (node?: unknown) => this.keep(questionOf(node))),
      command("tlbscope.ask.drop", (node?: unknown) => this.drop(questionOf(node))),
    );
  }

  /** Gives the answer in words, for those who run this as a command of their own. */
  private async ask(given: Given | undefined): Promise<string | undefined> {
    const uri = typeof given?.uri === "string" ? vscode.Uri.parse(given.uri, true) : undefined;
    const root = uri ? treeOf(uri) : await this.view.root();
    const inquire = (question?: AskedProperty): Promise<QuestionAnswer> => this.inquire(root, question);
    const question =
      given?.text === undefined
        ? await askReader(inquire, given?.fn ?? functionAtCursor())
        : { kind: given.kind ?? "can", text: given.text, in: given.fn };
    if (!question) return undefined;
    const { refused } = await inquire(question);
    if (refused) throw new Error(refused.why);
    this.questions.add(question);
    const checked = await this.view.checkTree(root);
    const answer = answerIn(checked, question);
    void this.show(question, answer);
    return answer.words;
  }

  private async inquire(root: vscode.Uri | undefined, asked: AskedProperty | undefined): Promise<QuestionAnswer> {
    const [files, found] = await Promise.all([this.programs.files(root), this.scenarios.all()]);
    return this.workers.run({ kind: "question", files, scenarios: found.flatMap((f) => f.scenario ?? []), asked })
      .answer;
  }

  private async show(question: AskedProperty, { words, shortest }: ReturnType<typeof answerIn>): Promise<void> {
    const through = vscode.l10n.t("Step Through It"),
      keep = vscode.l10n.t("Keep the Question");
    const chosen = await vscode.window.showInformationMessage(
      words,
      ...(shortest ? [through] : []),
      ...(this.questions.isKept(question) ? [] : [keep]),
    );
    if (chosen === through && shortest)
      await vscode.commands.executeCommand("tlbscope.stepThrough", {
        k: "property",
        ...shortest,
      } satisfies VerdictNode);
    if (chosen === keep) await vscode.commands.executeCommand("tlbscope.ask.keep", question);
  }

  private async keep(question: AskedProperty | undefined): Promise<void> {
    await this.questions.keep(chosen(question));
    this.view.redraw();
    vscode.window.setStatusBarMessage(
      vscode.l10n.t("Every check asks this from now on: it stands in the setting “tlbscope.check.properties”."),
      6000,
    );
  }

  private async drop(question: AskedProperty | undefined): Promise<void> {
    await this.questions.drop(chosen(question));
    this.view.redraw();
    vscode.window.setStatusBarMessage(vscode.l10n.t("The next check doesn't ask this any more."), 6000);
  }
}

/** What a check answers to a question: the shortest execution that shows it, and the answer in a sentence. */
function answerIn({ rows }: Checked, question: AskedProperty): { words: string; shortest?: Answer } {
  const id = askedName(question);
  const answers = rows.flatMap((row): Answer[] =>
    promisedIn(row.verdict)
      .filter((p) => p.id === id)
      .map((property) => ({ row, property })),
  );
  const length = (a: Answer): number => a.property.executions[0]?.moves.length ?? Infinity;
  const [shortest] = answers.filter((a) => a.property.executions.length > 0).sort((a, b) => length(a) - length(b));
  const text = questionWords(question);
  if (shortest) {
    const { row, property } = shortest;
    const where = vscode.l10n.t(
      "{0}, {1}: {2}",
      row.scenario.id,
      row.scenario.order.toUpperCase(),
      exampleWords(property.executions[0]),
    );
    return {
      shortest,
      words:
        question.kind === "always"
          ? vscode.l10n.t("Not always: {0}. The shortest execution that breaks it is in {1}.", text, where)
          : vscode.l10n.t("It happens: {0}. The shortest execution is in {1}.", text, where),
    };
  }
  const partly =
    rows.length === 0 ||
    answers.length < rows.length ||
    answers.some((a) => a.property.standing === "unknown" && a.property.refused === undefined);
  if (partly) return { words: vscode.l10n.t("Can't say: {0}. Not every interleaving was looked at.", text) };
  if (answers.every((a) => a.property.refused !== undefined || a.property.standing === "never reached"))
    return { words: vscode.l10n.t("Never reached: {0}. In no state of these scenarios has it a value.", text) };
  return {
    words:
      question.kind === "always"
        ? vscode.l10n.t("Always: {0}. It holds in every interleaving of these scenarios.", text)
        : vscode.l10n.t("Never: {0}. It happens in no interleaving of these scenarios.", text),
  };
}

function chosen(question: AskedProperty | undefined): AskedProperty {
  if (!question)
    throw new Error(vscode.l10n.t("Choose a question of your own in the list of verdicts, and run this again."));
  return question;
}

/** The question of a line in the list, or itself. */
function questionOf(given: unknown): AskedProperty | undefined {
  const node = given as VerdictNode | AskedProperty | undefined;
  return node && "kind" in node ? node : node?.k === "property" ? node.property.question : undefined;
}

/** The function around the cursor is likely the one that is meant. */
function functionAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isCDocument(editor.document)) return undefined;
  const line = editor.selection.active.line + 1;
  return functionsOf(editor.document).find((f) => f.firstLine <= line && line <= f.lastLine)?.item.name;
}
