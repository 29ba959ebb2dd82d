/** Statements, from tree-sitter's tree to our own. */
import type { Node as TsNode } from "web-tree-sitter";
import type { Expr, Stmt } from "./ast";
import { readLocals } from "./parse-locals";
import { NOT_C, readRange, type TreeReader } from "./tree-reader";

export function readStmt(r: TreeReader, n: TsNode): Stmt {
  const span = r.span(n);
  const field = (name: string) => n.childForFieldName(name);
  switch (n.type) {
    case "expression_statement": {
      const e = n.namedChildren.find((c) => c?.type !== "comment");
      if (e?.type === "gnu_asm_expression") return inlineAssembly(r, e);
      // A word for the compiler, at the end of a case.
      if (e?.type === "identifier" && r.text(e) === "fallthrough") return { ...span, k: "empty" };
      return e ? { ...span, k: "expr", e: r.expr(e) } : { ...span, k: "empty" };
    }
    case "declaration":
      return { ...span, k: "decl", decls: readLocals(r, n) };
    case "compound_statement":
      return { ...span, k: "block", body: r.block(n) };
    case "if_statement": {
      const alternative = field("alternative");
      const other =
        alternative?.type === "else_clause"
          ? alternative.namedChildren.find((c) => c?.type !== "comment")
          : alternative;
      return {
        ...span,
        k: "if",
        c: condition(r, n),
        then: r.stmt(field("consequence")!),
        else: other ? r.stmt(other) : undefined,
      };
    }
    case "while_statement": {
      const macro = originalWord(r, n);
      const c = condition(r, n),
        body = r.stmt(field("body")!);
      if (macro !== "while") return { ...span, k: "each", macro, args: flattenCommas(c), body };
      return { ...span, k: "while", c, body };
    }
    case "do_statement":
      return { ...span, k: "do", c: condition(r, n), body: r.stmt(field("body")!) };
    case "for_statement": {
      const init = field("initializer"),
        c = field("condition"),
        step = field("update");
      const first: Stmt | undefined = !init
        ? undefined
        : init.type === "declaration"
          ? r.stmt(init)
          : { ...r.span(init), k: "expr", e: r.expr(init) };
      return {
        ...span,
        k: "for",
        init: first,
        c: c ? r.expr(c) : undefined,
        step: step ? r.expr(step) : undefined,
        body: r.stmt(field("body")!),
      };
    }
    case "switch_statement":
      return { ...span, k: "switch", e: condition(r, n), body: r.stmt(field("body")!) };
    case "case_statement": {
      const value = field("value");
      const body = n.namedChildren.filter((c) => c && c.type !== "comment" && c.id !== value?.id) as TsNode[];
      return { ...span, k: "case", ...readRange(r, value), body: body.map((c) => r.stmt(c)) };
    }
    case "goto_statement":
      return { ...span, k: "goto", label: r.text(field("label")!) };
    case "labeled_statement": {
      const label = field("label")!;
      const body = n.namedChildren.find((c) => c && c.id !== label.id && c.type !== "comment");
      return { ...span, k: "label", label: r.text(label), body: body ? r.stmt(body) : undefined };
    }
    case "return_statement": {
      const e = n.namedChildren.find((c) => c?.type !== "comment");
      return { ...span, k: "return", e: e ? r.expr(e) : undefined };
    }
    case "break_statement":
      return { ...span, k: "break" };
    case "continue_statement":
      return { ...span, k: "continue" };
    case "gnu_asm_expression":
      return inlineAssembly(r, n);
    case ";":
      return { ...span, k: "empty" };
    case "ERROR":
      return r.badStmt(n, NOT_C);
    default:
      return r.badStmt(n, `TLBscope doesn't read this kind of statement (${n.type.replace(/_/g, " ")}).`);
  }
}

function inlineAssembly(r: TreeReader, n: TsNode): Stmt {
  const code = n.childForFieldName("assembly_code"),
    list = n.childForFieldName("input_operands");
  const values = (list?.namedChildren ?? []).flatMap((c) => c?.childForFieldName("value") ?? []);
  const template = code ? [...r.text(code).matchAll(/"((?:\\.|[^"\\])*)"/g)].map((m) => m[1]).join("") : "";
  const outputs = n.childForFieldName("output_operands")?.namedChildCount ?? 0;
  return { ...r.span(n), k: "asm", template, inputs: values.map((v) => r.expr(v)), outputs };
}

/** The word that the file has where the grammar was shown `while`. */
function originalWord(r: TreeReader, n: TsNode): string {
  return /^\w+/.exec(r.textFrom(n))?.[0] ?? "while";
}

function condition(r: TreeReader, n: TsNode): Expr {
  const c = n.childForFieldName("condition");
  if (c) r.reportMissing(c);
  const inner = c?.type === "parenthesized_expression" ? c.namedChildren.find((x) => x && x.type !== "comment") : c;
  return inner ? r.expr(inner) : r.badExpr(n, "A condition is missing here.");
}

function flattenCommas(e: Expr): Expr[] {
  return e.k === "comma" ? [...flattenCommas(e.l), ...flattenCommas(e.r)] : [e];
}
