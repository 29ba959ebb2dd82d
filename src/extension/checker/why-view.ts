/**
 * The answers of *Why is this line here?*: a list to step through, a mark behind each line, a table to take away, and
 * the commands.
 */
import * as vscode from "vscode";
import type { JobProgress, StatementAnswer } from "../../jobs/protocol";
import { functionsOf } from "../source/protocol-functions";
import { showPlace } from "../reveal";
import { isCDocument } from "../source/tree";
import { command } from "../command";
import type { Reports } from "./reports";
import { number } from "./verdict-words";
import {
  answerWords,
  consequenceWords,
  howWords,
  mendsWords,
  untriedWords,
  type Asked,
  type Change,
  type Whys,
} from "./whys";

const viewId = "tlbscope.why";

type WhyNode = { k: "answer"; answer: StatementAnswer } | { k: "change"; answer: StatementAnswer; change: Change };

export class WhyView implements vscode.TreeDataProvider<WhyNode>, vscode.CodeActionProvider {
  private readonly changed = new vscode.EventEmitter<WhyNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private view: vscode.TreeView<WhyNode> | undefined;
  private readonly mark = vscode.window.createTextEditorDecorationType({
    after: { margin: "0 0 0 3em", fontStyle: "italic", color: new vscode.ThemeColor("editorCodeLens.foreground") },
  });

  constructor(
    private readonly whys: Whys,
    private readonly reports: Reports,
  ) {}

  start(): vscode.Disposable {
    this.view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    return vscode.Disposable.from(
      this.view,
      this.changed,
      this.mark,
      this.whys.onDidChange(() => this.draw()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.drawMarks()),
      vscode.languages.registerCodeActionsProvider([{ language: "c" }, { language: "cpp" }], this, {
        providedCodeActionKinds: [vscode.CodeActionKind.Empty],
      }),
      command("tlbscope.why", (given?: unknown) => this.ask(given, false)),
      command("tlbscope.explain", (given?: unknown) => this.ask(given, true)),
      vscode.commands.registerCommand("tlbscope.why.show", showPlace),
      command("tlbscope.why.cancel", async () => this.whys.cancel()),
      command("tlbscope.why.clear", async () => this.whys.forget()),
      command("tlbscope.why.table", () => this.table()),
      command("tlbscope.why.stepThrough", (node?: unknown) => this.stepThrough(node as WhyNode | undefined)),
    );
  }

  /** On a statement of a function there is something to ask. */
  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const line = range.start.line + 1;
    if (!isCDocument(document) || !functionsOf(document).some((f) => f.nameLine < line && line < f.lastLine)) return [];
    const action = new vscode.CodeAction(vscode.l10n.t("Why is this line here?"), vscode.CodeActionKind.Empty);
    action.command = {
      command: "tlbscope.why",
      title: action.title,
      arguments: [{ uri: document.uri.toString(), line }],
    };
    return [action];
  }

  /**
   * A lens or an action names the place; else it is the cursor's. Gives the answers, for those who run this as a
   * command of their own.
   */
  private async ask(given: unknown, whole: boolean): Promise<StatementAnswer[]> {
    const place = given as { uri?: unknown; line?: unknown } | undefined;
    const editor = vscode.window.activeTextEditor;
    const named = typeof place?.uri === "string" && typeof place.line === "number";
    if (!named && !editor)
      throw new Error(
        vscode.l10n.t(
          "Put the cursor on a statement of the kernel's C, for instance in switch_mm(), and run this again.",
        ),
      );
    const document = named
      ? await vscode.workspace.openTextDocument(vscode.Uri.parse(place.uri as string, true))
      : editor!.document;
    const line = named ? (place.line as number) : editor!.selection.active.line + 1;
    const asking = this.whys.ask(document, line, whole);
    void vscode.commands.executeCommand("setContext", "tlbscope.why.some", true);
    void vscode.commands.executeCommand(`${viewId}.focus`, { preserveFocus: true });
    return (await vscode.window.withProgress({ location: { viewId } }, () => asking)).answers;
  }

  private draw(): void {
    const { current, outOfDate } = this.whys;
    void vscode.commands.executeCommand("setContext", "tlbscope.why.some", current !== undefined);
    void vscode.commands.executeCommand("setContext", "tlbscope.why.running", current?.open === true);
    if (this.view) {
      this.view.description = current && `${current.fn}()`;
      this.view.message = current && messageOf(current, outOfDate);
    }
    this.changed.fire(undefined);
    this.drawMarks();
  }

  private drawMarks(): void {
    const { current, outOfDate } = this.whys;
    for (const editor of vscode.window.visibleTextEditors) {
      const own = current && !outOfDate && editor.document.uri.toString() === current.file.uri;
      editor.setDecorations(this.mark, own ? current.answers.map((a) => this.markOf(editor.document, a)) : []);
    }
  }

  private markOf(document: vscode.TextDocument, answer: StatementAnswer): vscode.DecorationOptions {
    const hoverMessage = new vscode.MarkdownString();
    hoverMessage.appendText(`${answer.statement.text}: ${answerWords(answer)}`);
    const why = answer.removed?.why ?? answer.exchanged?.why;
    if (why) hoverMessage.appendText(`\n\n${why}`);
    return {
      range: document.lineAt(answer.line - 1).range,
      hoverMessage,
      renderOptions: { after: { contentText: `← ${answerWords(answer)}` } },
    };
  }

  getChildren(node?: WhyNode): WhyNode[] {
    if (!node) return (this.whys.current?.answers ?? []).map((answer) => ({ k: "answer", answer }));
    if (node.k === "change") return [];
    return (["removed", "exchanged"] as const).flatMap((change) =>
      node.answer[change] ? [{ k: "change" as const, answer: node.answer, change }] : [],
    );
  }

  getTreeItem(node: WhyNode): vscode.TreeItem {
    return node.k === "answer" ? this.answerItem(node.answer) : changeItem(node);
  }

  private answerItem(answer: StatementAnswer): vscode.TreeItem {
    const { statement, line } = answer;
    const needed = answer.removed ?? answer.exchanged;
    const words = answerWords(answer);
    // The statement stands in the editor: where there is little room, the answer is what can't be done without.
    const item = new vscode.TreeItem(
      `${line}  ${words}`,
      needed ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
    );
    item.description = statement.text;
    item.iconPath = new vscode.ThemeIcon(needed ? "key" : answer.refused ? "warning" : "circle-slash");
    const left =
      needed && answer.untried.length > 0
        ? [vscode.l10n.t("Not tried to the end, as this was found before: {0}.", untriedWords(answer))]
        : [];
    item.tooltip = [statement.text, words, ...left].join("\n\n");
    item.contextValue = needed ? "steppable" : "statement";
    const place = { file: this.whys.current!.file.uri, line, column: 1, endLine: line, endColumn: 1, fn: "" };
    item.command = { command: "tlbscope.why.show", title: vscode.l10n.t("Show the line"), arguments: [place] };
    item.accessibilityInformation = {
      label: vscode.l10n.t("Line {0}, {1}: {2}", line, statement.text, words),
      role: "treeitem",
    };
    return item;
  }

  private async stepThrough(given: WhyNode | undefined): Promise<boolean> {
    const node = given ?? this.view?.selection[0];
    const { current } = this.whys;
    if (!node || !current) throw new Error(vscode.l10n.t("Choose an answer in the list, and run this again."));
    return this.whys.stepThrough(
      current,
      node.answer,
      node.k === "change" ? node.change : node.answer.removed ? "removed" : "exchanged",
    );
  }

  /** All answers as a Markdown table, each line a link to its place. */
  private async table(): Promise<void> {
    const { current } = this.whys;
    if (!current)
      throw new Error(vscode.l10n.t("Ask first: “Why Is This Line Here?” or “Explain the Whole Function”."));
    const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
    const told = (a: StatementAnswer, change: Change): string =>
      [a[change] && `${consequenceWords(a[change])}. ${a[change].why}`, mendsWords(a, change)]
        .filter(Boolean)
        .join(" ");
    const rows = current.answers.map(
      (a) =>
        `| [${a.line}](${current.uri.toString()}#L${a.line}) | \`${cell(a.statement.text)}\` | ` +
        `${cell(told(a, "removed") || answerWords(a))} | ${cell(told(a, "exchanged"))} |`,
    );
    const head = [
      vscode.l10n.t("Line"),
      vscode.l10n.t("Statement"),
      vscode.l10n.t("Without it"),
      vscode.l10n.t("Exchanged with the next"),
    ];
    const content = [`# ${current.fn}()`, "", `| ${head.join(" | ")} |`, "| --- | --- | --- | --- |", ...rows, ""].join(
      "\n",
    );
    await this.reports.show(`${current.fn}.md`, content);
  }
}

function messageOf({ open, answers, progress, error }: Asked, outOfDate: boolean): string | undefined {
  if (error) return error;
  const stale = outOfDate ? vscode.l10n.t("The source has changed since: ask again.") : undefined;
  const working = open ? workingWords(answers.length, progress) : undefined;
  return [working, stale].filter(Boolean).join(" ") || undefined;
}

function workingWords(answered: number, progress: JobProgress | undefined): string {
  const states =
    progress && progress.states > 0
      ? ` ${vscode.l10n.t("{0} states, {1} a second.", number(progress.states), number(progress.rate))}`
      : "";
  if (progress?.larger && !progress.of)
    return (
      vscode.l10n.t(
        "Where nothing was found, the scenarios with many states are tried too: looking at what they do as the " +
          "source stands.",
      ) + states
    );
  if (!progress?.of) return vscode.l10n.t("Looking at what the scenarios do as the source stands.") + states;
  if (progress.larger)
    return (
      vscode.l10n.t(
        "Where nothing was found, the scenarios with many states are tried too: {0} of {1}.",
        progress.done ?? 0,
        progress.of,
      ) + states
    );
  return (
    (answered > 0 || progress.of > 1
      ? vscode.l10n.t("Trying it without each statement: {0} of {1}.", answered, progress.of)
      : vscode.l10n.t("Trying it without the statement.")) + states
  );
}

function changeItem(node: Extract<WhyNode, { k: "change" }>): vscode.TreeItem {
  const { answer, change } = node;
  const consequence = answer[change]!;
  const title = vscode.l10n.t("Step through it");
  const item = new vscode.TreeItem(
    change === "removed"
      ? vscode.l10n.t("Without it: {0}", consequence.why)
      : vscode.l10n.t("Exchanged with the next: {0}", consequence.why),
  );
  item.description = consequenceWords(consequence);
  item.iconPath = new vscode.ThemeIcon("debug-alt");
  item.contextValue = "steppable";
  item.tooltip = `${consequence.why}\n\n${howWords(answer, change)}\n\n${title}`;
  item.command = { command: "tlbscope.why.stepThrough", title, arguments: [node] };
  item.accessibilityInformation = {
    label: `${title}: ${consequence.why} ${consequenceWords(consequence)}`,
    role: "treeitem",
  };
  return item;
}
