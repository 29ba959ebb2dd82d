/** The statements of a function as the reader sees them, for taking one out or exchanging two. */
import type { Stmt } from "./syntax/tree/ast";
import { blank } from "./syntax/conditionals";
import type { FunctionItem } from "./syntax/items";
import type { CParser } from "./syntax/tree/parse";
import { readFile } from "./syntax/read-file";
import { configOf } from "./configuration";
import type { SourceFile } from "./syntax/source";

export interface Statement {
  /** With its semicolon; of an `if` or loop, with all that it guards. */
  start: number;
  end: number;
  /** On one line, white space folded. */
  text: string;
  /** How deep it stands in other statements; 0 for the function's own. */
  depth: number;
  /** Index in the list of the statement that follows it in the same block, if there is one. */
  next?: number;
}

/** The function of this name in a file, as it is configured for a platform. */
function functionIn(file: SourceFile, name: string, platform: "native" | "xen" = "native"): FunctionItem | undefined {
  return readFile(file, configOf(platform)).items.find(
    (i): i is FunctionItem => i.kind === "function" && i.name === name,
  );
}

/** A function and its statements, as it is configured natively or, where only Xen has it, under Xen. */
export function functionWithStatements(
  parser: CParser,
  file: SourceFile,
  name: string,
): { item: FunctionItem; list: Statement[] } | undefined {
  for (const platform of ["native", "xen"] as const) {
    const item = functionIn(file, name, platform);
    if (item) return { item, list: statementsOf(parser, item, platform) };
  }
  return undefined;
}

/** A function's statements in the order of the text; declarations without a value are left out, for they do nothing. */
export function statementsOf(parser: CParser, item: FunctionItem, platform: "native" | "xen" = "native"): Statement[] {
  const text = readFile(item.file, configOf(platform)).text;
  const { stmts } = parser.body({ file: item.file, start: item.bodyStart, text: text.slice(item.bodyStart, item.end) });
  const out: Statement[] = [];
  const add = (s: Stmt, depth: number): number =>
    out.push({ start: s.start, end: s.end, text: fold(text.slice(s.start, s.end)), depth }) - 1;
  const walk = (list: Stmt[], depth: number): void => {
    let before: number | undefined;
    for (const s of list) {
      if (s.k === "empty" || (s.k === "decl" && s.decls.every((d) => !d.init))) continue;
      if (s.k === "block") {
        walk(s.body, depth);
        before = undefined;
        continue;
      }
      const index = add(s, depth);
      if (before !== undefined) out[before].next = index;
      before = index;
      if (s.k === "if") {
        walk([s.then], depth + 1);
        if (s.else) walk([s.else], depth + 1);
      } else if (s.k === "while" || s.k === "do" || s.k === "for" || s.k === "each" || s.k === "switch")
        walk([s.body], depth + 1);
      else if (s.k === "case") walk(s.body, depth + 1);
      else if (s.k === "label" && s.body) walk([s.body], depth + 1);
    }
  };
  walk(stmts, 0);
  return out;
}

const fold = (text: string): string => {
  const one = text.replace(/\s+/g, " ").trim();
  return one.length > 72 ? `${one.slice(0, 69)}…` : one;
};

/** The innermost statement that begins on or covers the line of an offset: what the reader means by "this line". */
export function statementAt(list: readonly Statement[], file: SourceFile, offset: number): Statement | undefined {
  const lineStart = file.text.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = (file.text.indexOf("\n", offset) + 1 || file.text.length + 1) - 1;
  const begins = list.filter((s) => s.start >= lineStart && s.start <= lineEnd);
  if (begins.length) return begins.find((s) => offset >= s.start && offset < s.end) ?? begins[0];
  return [...list].reverse().find((s) => offset >= s.start && offset < s.end);
}

/**
 * The file without a statement: blanks in its place, and a semicolon so that what guards it still guards something.
 * Lines stay where they are.
 */
export function withoutStatement(file: SourceFile, s: Statement): SourceFile {
  const blanks = blank(file.text.slice(s.start, s.end));
  return { ...file, text: file.text.slice(0, s.start) + ";" + blanks.slice(1) + file.text.slice(s.end) };
}

/** The file with two statements of one block exchanged. */
export function withExchanged(file: SourceFile, a: Statement, b: Statement): SourceFile {
  const t = file.text;
  return {
    ...file,
    text:
      t.slice(0, a.start) +
      t.slice(b.start, b.end) +
      t.slice(a.end, b.start) +
      t.slice(a.start, a.end) +
      t.slice(b.end),
  };
}
