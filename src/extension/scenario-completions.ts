/** The words that a scenario is written in, offered where they fit. */
import * as vscode from "vscode";
import { actionKeys, knownFields } from "../scenario/scenario-schema";
import { scenarioSelector } from "./scenarios";

export class Completions implements vscode.CompletionItemProvider {
  start(): vscode.Disposable {
    return vscode.languages.registerCompletionItemProvider(scenarioSelector, this, "-", " ");
  }

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const before = document.lineAt(position).text.slice(0, position.character);
    const indent = /^\s*(?:- *)?/.exec(before)![0];
    // Only at the start of an item: what stands after a colon is a name of the reader's own.
    if (!/^\w*$/.test(before.slice(indent.length))) return [];
    return words(section(document, position.line, indent.search(/\S|$/)), indent).map((word) => {
      const item = new vscode.CompletionItem(word, vscode.CompletionItemKind.Property);
      if (word !== "exit") item.insertText = `${word}: `;
      return item;
    });
  }
}

/** The key of the list or map that a line with this indent stands in; the empty string at the top. */
function section(document: vscode.TextDocument, line: number, indent: number): string {
  if (indent === 0) return "";
  for (let i = line - 1; i >= 0; i--) {
    const m = /^(\s*)(?:- +)?(\w[\w/]*):/.exec(document.lineAt(i).text);
    if (m && m[1].length < indent) return m[2];
  }
  return "";
}

function words(section: string, indent: string): readonly string[] {
  const item = indent.includes("-");
  switch (section) {
    case "":
      return item ? [] : knownFields.scenario;
    case "cpus":
      return knownFields.cpu;
    case "does":
      return item ? [...actionKeys, "exit"] : knownFields.choice;
    case "starts":
      return item ? [] : knownFields.cpu;
    case "mms":
    case "tasks":
      return [];
    case "reclaim":
      return knownFields.reclaim;
    default:
      return [];
  }
}
