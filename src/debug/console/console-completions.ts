/** What the debug console offers while the reader types. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { fieldsAfter, knownNames, type Context } from "../values/expressions";
import { commandsAfter } from "./console-commands";
import type { Session } from "../session";

/** Completions for the word that ends at `column` (from 1). */
export function completions(
  session: Session,
  context: Context,
  text: string,
  column: number,
): DebugProtocol.CompletionItem[] {
  const before = text.slice(0, column - 1);
  const word = /\w*$/.exec(before)![0];
  const head = before.slice(0, before.length - word.length);
  const item = (label: string, type: DebugProtocol.CompletionItemType): DebugProtocol.CompletionItem => ({
    label,
    type,
    start: head.length,
    length: word.length,
  });
  const member = /([\w.>()[\]-]+?)(?:->|\.)$/.exec(head);
  if (member) return fieldsAfter(context, member[1]).map((f) => item(f, "field"));
  const names = knownNames(context).map((n) => item(n, "variable"));
  return head.trim() === "" ? [...names, ...commandsAfter(session).map((c) => item(c, "keyword"))] : names;
}
