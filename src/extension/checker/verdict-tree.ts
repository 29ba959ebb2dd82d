/**
 * The list of verdicts: per scenario and memory order each property's standing, the bounds, and the executions to step
 * through.
 */
import * as vscode from "vscode";
import { fewestSwitchesFirst, type Counterexample } from "../../check/verdict/decide";
import { hangsOnText } from "../../check/verdict/verdict-text";
import type { PropertyId } from "../../machine/effects";
import type { Machine, Move } from "../../machine/machine";
import { toldOf } from "../../story/story-text";
import type { Questions } from "./asked-questions";
import { rowName, type Row } from "./check-rows";
import type { Checks } from "./checks";
import { failing, promisedIn, type Promised } from "./promised";
import {
  boundWords,
  exampleWords,
  failureWords,
  number,
  restsOnWords,
  rowWords,
  sampleWords,
  soFar,
  standingIcon,
  standingWord,
} from "./verdict-words";

/** What the list is made of. */
export type VerdictNode =
  | { k: "row"; row: Row }
  | { k: "property"; row: Row; property: Promised }
  | { k: "example"; row: Row; property: Promised; example: Counterexample; index: number }
  /** The promises that a failing row keeps. */
  | { k: "kept"; row: Row; kept: Promised[] }
  | { k: "samples"; row: Row }
  | { k: "sample"; row: Row; moves: Move[]; index: number }
  | { k: "note"; row: Row; label: string; icon: string; tooltip?: string };

const keyOf = (row: Row): string => `${row.name} ${row.scenario.order}`;

export class VerdictTree implements vscode.TreeDataProvider<VerdictNode> {
  private readonly changed = new vscode.EventEmitter<VerdictNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly checks: Checks,
    private readonly questions: Questions,
    private readonly machineOf: (row: Row) => Promise<Machine | undefined>,
  ) {}

  refresh(): void {
    this.changed.fire(undefined);
  }

  getChildren(node?: VerdictNode): VerdictNode[] {
    if (!node) return (this.checks.current?.rows ?? []).map((row) => ({ k: "row", row }));
    switch (node.k) {
      case "row":
        return childrenOf(node.row);
      case "property":
        return fewestSwitchesFirst(node.property.executions).map((example, index) => ({
          k: "example",
          row: node.row,
          property: node.property,
          example,
          index,
        }));
      case "kept":
        return node.kept.map((property) => ({ k: "property", row: node.row, property }));
      case "samples":
        return node.row.verdict!.samples.map((moves, index) => ({ k: "sample", row: node.row, moves, index }));
      default:
        return [];
    }
  }

  getParent(node: VerdictNode): VerdictNode | undefined {
    switch (node.k) {
      case "row":
        return undefined;
      case "example":
        return { k: "property", row: node.row, property: node.property };
      case "sample":
        return { k: "samples", row: node.row };
      default:
        return { k: "row", row: node.row };
    }
  }

  getTreeItem(node: VerdictNode): vscode.TreeItem {
    switch (node.k) {
      case "row":
        return this.rowItem(node.row);
      case "property":
        return this.propertyItem(node);
      case "example": {
        const id = `${keyOf(node.row)} ${node.property.id} ${node.index}`;
        const item = stepItem(node, exampleWords(node.example), id, node.example.why);
        if (!node.property.question) item.tooltip = undefined; // resolveTreeItem is asked only then
        return item;
      }
      case "kept": {
        const count = (standing: Promised["standing"]): string[] => {
          const n = node.kept.filter((p) => p.standing === standing).length;
          return n > 0 ? [`${n} ${standingWord(standing)}`] : [];
        };
        const item = new vscode.TreeItem(vscode.l10n.t("Other promises"), vscode.TreeItemCollapsibleState.Collapsed);
        item.id = `${keyOf(node.row)} kept`;
        item.description = (["holds", "never reached", "unknown"] as const).flatMap(count).join(", ");
        item.iconPath = new vscode.ThemeIcon("checklist");
        return item;
      }
      case "samples": {
        const item = new vscode.TreeItem(vscode.l10n.t("Sample executions"), vscode.TreeItemCollapsibleState.Collapsed);
        item.id = `${keyOf(node.row)} samples`;
        item.iconPath = new vscode.ThemeIcon("list-tree");
        item.tooltip = vscode.l10n.t(
          "Nothing breaks, whatever the order. These are some of the executions that were looked at.",
        );
        return item;
      }
      case "sample":
        return stepItem(
          node,
          sampleWords(node.moves),
          `${keyOf(node.row)} sample ${node.index}`,
          vscode.l10n.t("An execution in which every promise is kept"),
        );
      case "note": {
        const item = new vscode.TreeItem(node.label);
        item.iconPath = new vscode.ThemeIcon(node.icon);
        item.tooltip = node.tooltip ?? node.label;
        item.id = `${keyOf(node.row)} ${node.icon}`;
        // A line of a list can't be read to its end: the text can.
        item.command = {
          command: "tlbscope.verdicts.text",
          title: vscode.l10n.t("Open the Verdicts as Text"),
          arguments: [node],
        };
        return item;
      }
    }
  }

  /** Of a failure's execution its story, once somebody points at it. */
  async resolveTreeItem(item: vscode.TreeItem, node: VerdictNode): Promise<vscode.TreeItem> {
    if (node.k !== "example" || node.property.question) return item;
    const machine = await this.machineOf(node.row);
    const lines = machine ? toldOf(machine)({ id: node.property.id as PropertyId }, node.example) : [];
    item.tooltip = lines.length
      ? new vscode.MarkdownString().appendText(node.example.why).appendCodeblock(lines.join("\n"), "text")
      : node.example.why;
    return item;
  }

  private rowItem(row: Row): vscode.TreeItem {
    const { outOfDate } = this.checks;
    const words = rowWords(row, outOfDate);
    // What the reader looks for: failures, and what was asked for and happens.
    const telling =
      failing(row.verdict).length > 0 ||
      row.broken.length > 0 ||
      row.state === "failed" ||
      row.happens.length > 0 ||
      row.verdict?.asked.some((a) => a.standing === "happens");
    const hasChildren =
      row.verdict !== undefined || row.state === "failed" || row.broken.length + row.happens.length > 0;
    const item = new vscode.TreeItem(
      rowName(row),
      !hasChildren
        ? vscode.TreeItemCollapsibleState.None
        : telling
          ? vscode.TreeItemCollapsibleState.Expanded
          : vscode.TreeItemCollapsibleState.Collapsed,
    );
    // A fold that the reader made stays; a verdict that has something to show now opens again.
    item.id = `${keyOf(row)} ${telling ? "open" : "closed"}`;
    item.description = words;
    item.iconPath = rowIcon(row, outOfDate);
    item.contextValue =
      row.state === "failed"
        ? "failed"
        : row.workloads && failing(row.verdict).length
          ? "scenario workload"
          : "scenario";
    item.tooltip = new vscode.MarkdownString(`**${rowName(row)}**: ${words}\n\n`).appendText(
      `${row.scenario.about}\n\n${row.verdict?.bounds ?? ""}`,
    );
    item.accessibilityInformation = { label: `${rowName(row)}: ${words}`, role: "treeitem" };
    return item;
  }

  private propertyItem({ row, property }: Extract<VerdictNode, { k: "property" }>): vscode.TreeItem {
    const { standing, executions, label, sentence, id, question } = property;
    // Of a question, which may be long, the answer comes first.
    const item = new vscode.TreeItem(
      question ? `${standingWord(standing)}: ${label}` : label,
      executions.length ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
    );
    const why = property.refused ?? executions[0]?.why;
    item.id = `${keyOf(row)} ${id} ${standing}`;
    item.description = question ? why : why ? `${standingWord(standing)}: ${why}` : standingWord(standing);
    item.iconPath = standingIcon(standing);
    // The menus of a line go by these words.
    item.contextValue = [
      executions.length ? "steppable" : "property",
      ...(executions.length && row.workloads ? ["workload"] : []),
      ...(question ? ["question", this.questions.isKept(question) ? "kept" : "new"] : []),
    ].join(" ");
    item.tooltip = [`${id}: ${standingWord(standing)}`, sentence, ...(why ? [why] : [])].join("\n\n");
    item.accessibilityInformation = {
      label: [`${label}: ${standingWord(standing)}.`, ...(why ? [asSentence(why)] : []), sentence].join(" "),
      role: "treeitem",
    };
    return item;
  }
}

/** What is read aloud pauses where a sentence ends. */
const asSentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

function rowIcon(row: Row, outOfDate: boolean): vscode.ThemeIcon {
  switch (row.state) {
    case "waiting":
      if (row.verdict) return standingIcon(row.verdict.outcome);
      return new vscode.ThemeIcon("circle-outline");
    case "running":
      return new vscode.ThemeIcon("loading~spin");
    case "paused":
      return new vscode.ThemeIcon("debug-pause");
    case "failed":
      return new vscode.ThemeIcon("warning");
    case "done":
      if (!row.verdict) return new vscode.ThemeIcon("circle-slash"); // the time was up
      return outOfDate ? new vscode.ThemeIcon("history") : standingIcon(row.verdict.outcome);
  }
}

function childrenOf(row: Row): VerdictNode[] {
  const { verdict } = row;
  const nodes: VerdictNode[] = [];
  if (row.error) nodes.push({ k: "note", row, label: failureWords(row.error), icon: "warning" });
  if (!verdict) {
    return [...nodes, ...soFar(row).map((note): VerdictNode => ({ k: "note", row, ...note }))];
  }
  const all = promisedIn(verdict),
    broken = failing(verdict);
  const shown = broken.length === 0 ? all : all.filter((p) => broken.some((b) => b.id === p.id) || p.question);
  for (const property of shown) nodes.push({ k: "property", row, property });
  // Where the search ended at the first broken promise, nothing is known of the others.
  if (shown.length < all.length && verdict.end !== "broken")
    nodes.push({ k: "kept", row, kept: all.filter((p) => !shown.includes(p)) });
  if (verdict.samples.length) nodes.push({ k: "samples", row });
  const { states, edges, depth } = verdict.progress;
  if (verdict.hangsOn.length) {
    const label = verdict.hangsOn.map(hangsOnText).join("; ");
    nodes.push({ k: "note", row, label: label[0].toUpperCase() + label.slice(1), icon: "settings" });
  }
  if (verdict.restsOn.length) {
    const label = vscode.l10n.t("It rests on {0}", restsOnWords(verdict.restsOn));
    nodes.push({ k: "note", row, label, icon: "question", tooltip: verdict.restsOn.map((p) => p.message).join("\n") });
  }
  nodes.push({ k: "note", row, label: verdict.bounds, icon: "info" });
  const more = boundWords(verdict);
  if (more) nodes.push({ k: "note", row, label: more, icon: "gear" });
  nodes.push({
    k: "note",
    row,
    label: vscode.l10n.t("{0} states, {1} transitions, up to {2} steps long", number(states), number(edges), depth),
    icon: "graph",
  });
  return nodes;
}

function stepItem(node: VerdictNode, label: string, id: string, tooltip: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  const title = vscode.l10n.t("Step through it");
  item.id = id;
  item.description = title;
  item.iconPath = new vscode.ThemeIcon("debug-alt");
  item.contextValue = "steppable";
  item.tooltip = `${tooltip}\n\n${title}`;
  item.command = { command: "tlbscope.stepThrough", title, arguments: [node] };
  item.accessibilityInformation = { label: `${title}: ${label}. ${tooltip}`, role: "treeitem" };
  return item;
}
