/**
 * tree-sitter's C grammar, turned into our own AST. Only bodies are parsed, so what stands around them can't break
 * them.
 */
import { Language, Parser, type Node as TsNode } from "web-tree-sitter";
import { lostIn, type Lost } from "./account";
import type { Expr, Node, Stmt } from "./ast";
import { forGrammar } from "./dialect";
import { readExpr } from "./parse-expr";
import { readStmt } from "./parse-stmt";
import type { Diagnostic, SourceFile } from "../source";
import type { TreeReader } from "./tree-reader";

/** A stretch of C to parse; `text` stands at `start` of the file. */
export interface Slice {
  file: SourceFile;
  start: number;
  text: string;
  /** Names that are known to be none of types; and those of a macro's parameters. */
  values?: ReadonlySet<string>;
  parameters?: ReadonlySet<string>;
}

export interface CParser {
  /** A function's body with its braces. */
  body(slice: Slice): { stmts: Stmt[]; problems: Diagnostic[] };
  /** An expression, or the statements of a function-like macro. */
  macro(slice: Slice): { stmts: Stmt[]; problems: Diagnostic[] };
}

/**
 * Loads the grammar. Both arguments are the bytes of the .wasm files that the packages web-tree-sitter and
 * tree-sitter-c ship: the core touches no file system, so the host reads them.
 */
export async function loadParser(runtime: Uint8Array, grammar: Uint8Array): Promise<CParser> {
  await Parser.init({ wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  const parse = (slice: Slice, before: string, after: string): { stmts: Stmt[]; problems: Diagnostic[] } => {
    if (slice.text.length > LENGTH_LIMIT) return tooLong(slice);
    const tree = parser.parse(before + forGrammar(slice.text, slice.values, slice.parameters) + after)!;
    const reader = new Reader(slice, before.length);
    const body = tree.rootNode.descendantsOfType("compound_statement")[0];
    const stmts = body ? reader.block(body) : [reader.badStmt(tree.rootNode, "This can't be read as C.")];
    if (body) reader.account(lostIn(tree.rootNode, body, (n) => reader.text(n), before.endsWith("{")));
    tree.delete();
    return { stmts, problems: reader.problems };
  };
  return {
    body: (slice) => parse(slice, "void f(void)", ""),
    macro: (slice) => parse(slice, "void f(void){", ";}"),
  };
}

/** Characters of a function or macro. The longest function in the kernel's own files has some thirty thousand. */
const LENGTH_LIMIT = 50_000;

function tooLong({ file, start, text }: Slice): { stmts: Stmt[]; problems: Diagnostic[] } {
  const span = { file, start, end: Math.min(start + 1, file.text.length) };
  const why = `This is ${text.length} characters long: what is longer than ${LENGTH_LIMIT} isn't read.`;
  return {
    stmts: [{ ...span, k: "bad", why }],
    problems: [{ severity: "error", code: "cannot-lower", message: why, span }],
  };
}

/** Expressions and statements within each other that a function may have. */
const DEPTH_LIMIT = 200;
const tooDeep = "This is nested too deeply to be read: write it in smaller parts.";

class Reader implements TreeReader {
  readonly problems: Diagnostic[] = [];
  private depth = 0;
  constructor(
    private readonly slice: Slice,
    private readonly lead: number,
  ) {}

  span(n: TsNode): Node {
    const { file, start } = this.slice;
    // A slice may have a few words in front, or macros expanded, that its file hasn't.
    const at = (i: number) => Math.min(Math.max(start + this.within(i), 0), file.text.length);
    return { file, start: at(n.startIndex), end: at(n.endIndex) };
  }

  /** Where a place of the parsed text stands in the slice. */
  private within(i: number): number {
    return Math.min(Math.max(i - this.lead, 0), this.slice.text.length);
  }

  text(n: TsNode): string {
    return this.slice.text.slice(this.within(n.startIndex), this.within(n.endIndex));
  }

  textFrom(n: TsNode): string {
    return this.slice.text.slice(this.within(n.startIndex));
  }

  keywordBefore(n: TsNode): string | undefined {
    const previous = n.previousSibling;
    if (!previous) return undefined;
    const between = this.slice.text.slice(this.within(previous.endIndex), this.within(n.startIndex));
    return /^\s*(struct|union)\s+$/.exec(between)?.[1];
  }

  badStmt(n: TsNode, why: string): Stmt {
    this.report(n, why);
    return { ...this.span(n), k: "bad", why };
  }

  badExpr(n: TsNode, why: string): Expr {
    this.report(n, why);
    return { ...this.span(n), k: "bad", why };
  }

  report(n: TsNode, message: string): void {
    const { file, start, end } = this.span(n);
    // What is missing has no length: the character behind it stands for it, and at the end of the text nothing.
    const from = Math.min(start, file.text.length);
    const span = { file, start: from, end: Math.min(Math.max(end, from + 1), file.text.length) };
    this.problems.push({ severity: "error", code: "cannot-lower", message, span });
  }

  /** Reports what is lost, as far as no problem is known there. */
  account(lost: readonly Lost[]): void {
    const known = [...this.problems];
    for (const { node, message } of lost) {
      const { start, end } = this.span(node);
      if (!known.some(({ span }) => span.start <= Math.max(end, start + 1) && span.end >= start))
        this.report(node, message);
    }
  }

  block(n: TsNode): Stmt[] {
    return n.namedChildren.flatMap((c) => (c && c.type !== "comment" ? [this.stmt(c)] : []));
  }

  private missing(n: TsNode): TsNode | undefined {
    return n.children.find((c) => c?.isMissing) ?? undefined;
  }

  reportMissing(n: TsNode): void {
    const gone = this.missing(n);
    if (gone && /[;{}()[\]]/.test(gone.type)) this.report(n, `A "${gone.type}" is missing here.`);
  }

  stmt(n: TsNode): Stmt {
    this.reportMissing(n);
    return this.nested(() => readStmt(this, n)) ?? this.badStmt(n, tooDeep);
  }

  expr(n: TsNode): Expr {
    return this.nested(() => readExpr(this, n)) ?? this.badExpr(n, tooDeep);
  }

  private nested<T>(read: () => T): T | undefined {
    if (this.depth >= DEPTH_LIMIT) return undefined;
    this.depth++;
    try {
      return read();
    } finally {
      this.depth--;
    }
  }
}
