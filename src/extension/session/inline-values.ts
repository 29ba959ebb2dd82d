/**
 * Values at the ends of the lines: the stopped function's variables, and what they point at, up to the line that runs
 * next.
 */
import * as vscode from "vscode";
import { splitTop } from "../../kernel/syntax/declarators";
import { configOf } from "../../kernel/configuration";
import { readFile } from "../../kernel/syntax/read-file";
import { functionsOf, sourceOf } from "../source/protocol-functions";
import { debugType } from "./sessions";
import { cSelector, isCDocument } from "../source/tree";

/** A name, or a chain of members; not what is called. */
const expression = /[A-Za-z_]\w*(?:\s*(?:->|\.)\s*[A-Za-z_]\w*)*(?!\w|\s*\(|\s*->|\s*\.)/g;

export class InlineValues implements vscode.InlineValuesProvider {
  start(): vscode.Disposable {
    return vscode.languages.registerInlineValuesProvider(cSelector, this);
  }

  provideInlineValues(
    document: vscode.TextDocument,
    _viewPort: vscode.Range,
    { stoppedLocation }: vscode.InlineValueContext,
  ): vscode.InlineValue[] {
    if (vscode.debug.activeDebugSession?.type !== debugType || !isCDocument(document)) return [];
    const stopped = stoppedLocation.start.line + 1;
    const fn = functionsOf(document).find((f) => f.firstLine <= stopped && stopped <= f.lastLine);
    if (!fn) return [];
    // Comments and what is compiled out are blank in this text, and everything stands where it stands in the document.
    const text = readFile(sourceOf(document), configOf("native")).text;
    const end = document.offsetAt(new vscode.Position(stopped, 0));
    const names = new Set([
      ...fn.item.params.map((p) => p.name),
      ...declared(text.slice(fn.item.bodyStart, fn.item.end)),
    ]);
    const values: vscode.InlineValue[] = [];
    const shown = new Set<string>();
    for (const m of text.slice(fn.item.nameStart, end).matchAll(expression)) {
      const name = m[0].replace(/\s+/g, "");
      const base = /^\w+/.exec(name)![0];
      const member = name.length > base.length;
      if (!names.has(base) && !(member && base === "cpu_tlbstate")) continue;
      const at = fn.item.nameStart + m.index;
      if (text[at - 1] === "&" && text[at - 2] !== "&") continue; // where it is, not what it holds
      const start = document.positionAt(at);
      const key = `${start.line} ${name}`;
      if (shown.has(key)) continue;
      shown.add(key);
      values.push(
        new vscode.InlineValueEvaluatableExpression(
          new vscode.Range(start, document.positionAt(at + m[0].length)),
          name,
        ),
      );
    }
    return values;
  }
}

/** A declaration at the beginning of a statement: its type, and the list of what it declares. */
const typeWords = String.raw`(?:(?:const|unsigned|static|struct|union|enum)\s+)*[A-Za-z_]\w*(?:\s+|\s*\*+\s*)`;
const declaration = new RegExp(String.raw`(?:^|[{};])\s*${typeWords}([A-Za-z_][^;{}]*)(?=;)`, "g");

/** Names of a body's local variables, wherever they are declared. */
function declared(body: string): string[] {
  return [...body.matchAll(declaration)].flatMap(([, list]) =>
    splitTop(list, ",").flatMap((d) => /^[\s*]*([A-Za-z_]\w*)/.exec(d)?.[1] ?? []),
  );
}
