/**
 * What the readers of tree-sitter's tree share. Expressions and statements need each other; they know only this
 * interface, which parse.ts implements.
 */
import type { Node as TsNode } from "web-tree-sitter";
import type { Expr, Node, Stmt } from "./ast";

export interface TreeReader {
  expr(n: TsNode): Expr;
  stmt(n: TsNode): Stmt;
  /** The statements of a compound statement. */
  block(n: TsNode): Stmt[];

  /** Where a node stands in its file. */
  span(n: TsNode): Node;
  /** A node's text as the file has it, which may differ from what the grammar was given. */
  text(n: TsNode): string;
  /** The file's text from where a node begins. */
  textFrom(n: TsNode): string;

  /** `struct` or `union`, where one of them stands before a node in the file, and the grammar was shown blanks. */
  keywordBefore(n: TsNode): string | undefined;

  report(n: TsNode, message: string): void;
  badStmt(n: TsNode, why: string): Stmt;
  badExpr(n: TsNode, why: string): Expr;
  /** The grammar goes on where a bracket or a semicolon is missing, as if it were there: this reports it. */
  reportMissing(n: TsNode): void;
}

export const NOT_C = "This can't be read as C: complete or correct it, and the rest runs on.";

/** The value of a case or of an element's designator, and the last one of `1 ... 3`. */
export function readRange(r: TreeReader, n: TsNode | null): { value?: Expr; last?: Expr } {
  if (!n) return {};
  const operator = n.type === "binary_expression" ? n.childForFieldName("operator") : null;
  if (!operator || !r.text(operator).startsWith("..")) return { value: r.expr(n) };
  return { value: r.expr(n.childForFieldName("left")!), last: r.expr(n.childForFieldName("right")!) };
}
