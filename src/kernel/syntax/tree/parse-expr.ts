/** Expressions, from tree-sitter's tree to our own. */
import type { Node as TsNode } from "web-tree-sitter";
import type { Expr, InitItem } from "./ast";
import { readTypeName } from "../declarators";
import { characterCode, literalType, wholeNumber } from "./literals";
import { NOT_C, readRange, type TreeReader } from "./tree-reader";

export function readExpr(r: TreeReader, n: TsNode): Expr {
  r.reportMissing(n);
  const list = n.childForFieldName("arguments");
  if (list) r.reportMissing(list);
  const span = r.span(n);
  const field = (name: string) => n.childForFieldName(name)!;
  switch (n.type) {
    case "parenthesized_expression": {
      const inner = n.namedChildren.find((c) => c && c.type !== "comment");
      if (!inner) return r.badExpr(n, "An expression is missing between the brackets.");
      if (inner.type === "compound_statement") return { ...span, k: "stmts", body: r.block(inner) };
      return { ...r.expr(inner), start: span.start, end: span.end };
    }
    case "compound_statement":
      return { ...span, k: "stmts", body: r.block(n) };
    case "number_literal":
      return number(r, n);
    case "char_literal":
      return n.namedChildCount > 1
        ? r.badExpr(n, "TLBscope reads characters one at a time only.")
        : { ...span, k: "num", value: characterCode(r.text(n)) };
    case "true":
      return { ...span, k: "num", value: 1 };
    case "false":
    case "null":
      return n.type === "null" ? { ...span, k: "id", name: "NULL" } : { ...span, k: "num", value: 0 };
    case "string_literal":
    case "concatenated_string":
      return { ...span, k: "str" };
    case "identifier":
    case "field_identifier":
    case "type_identifier":
      if (n.isMissing) return r.badExpr(n, "A name or a value is missing here.");
      if (/^\d/.test(r.text(n))) return number(r, n);
      // The grammar isn't shown the brackets around some names.
      return { ...span, k: "id", name: r.text(n).replace(/^\(\s*|\s*\)$/g, "") };
    case "pointer_expression":
      return { ...span, k: "unary", op: r.text(n)[0] as "*" | "&", e: r.expr(field("argument")) };
    case "unary_expression":
      return { ...span, k: "unary", op: r.text(n.children[0]!) as "-", e: r.expr(field("argument")) };
    case "update_expression":
      return {
        ...span,
        k: "step",
        op: r.text(field("operator")) as "++",
        prefix: n.children[0]!.type !== field("argument").type,
        e: r.expr(field("argument")),
      };
    case "binary_expression":
      return {
        ...span,
        k: "bin",
        op: r.text(field("operator")),
        l: r.expr(field("left")),
        r: r.expr(field("right")),
      };
    case "assignment_expression":
      return {
        ...span,
        k: "assign",
        op: r.text(field("operator")),
        l: r.expr(field("left")),
        r: r.expr(field("right")),
      };
    case "conditional_expression": {
      const a = n.childForFieldName("consequence");
      return {
        ...span,
        k: "cond",
        c: r.expr(field("condition")),
        a: a ? r.expr(a) : undefined,
        b: r.expr(field("alternative")),
      };
    }
    case "call_expression": {
      const args = field("arguments").namedChildren.filter((c) => c && c.type !== "comment") as TsNode[];
      return { ...span, k: "call", fn: r.expr(field("function")), args: args.map((a) => argument(r, a)) };
    }
    case "field_expression":
      return {
        ...span,
        k: "member",
        e: r.expr(field("argument")),
        field: r.text(field("field")),
        arrow: n.children.some((c) => c?.type === "->"),
      };
    case "subscript_expression":
      return { ...span, k: "index", e: r.expr(field("argument")), i: r.expr(field("index")) };
    case "cast_expression":
      return { ...span, k: "cast", type: readTypeName(r.text(field("type"))), e: r.expr(field("value")) };
    case "sizeof_expression": {
      const type = n.childForFieldName("type"),
        value = n.childForFieldName("value");
      return {
        ...span,
        k: "sizeof",
        type: type ? readTypeName(r.text(type)) : undefined,
        e: value ? r.expr(value) : undefined,
      };
    }
    case "comma_expression":
      return { ...span, k: "comma", l: r.expr(field("left")), r: r.expr(field("right")) };
    case "initializer_list":
      return {
        ...span,
        k: "init",
        items: n.namedChildren.flatMap((c) => (c && c.type !== "comment" ? [initItem(r, c)] : [])),
      };
    case "type_descriptor":
    case "struct_specifier":
    case "primitive_type":
    case "sized_type_specifier":
      return { ...span, k: "type", type: readTypeName(r.text(n)) };
    case "compound_literal_expression": {
      const init = r.expr(field("value"));
      return init.k === "init" ? { ...span, k: "literal", type: readTypeName(r.text(field("type"))), init } : init;
    }
    case "generic_expression": {
      const [of, ...rest] = n.namedChildren.filter((c) => c && c.type !== "comment") as TsNode[];
      const choices = rest.flatMap((c, i) =>
        i % 2 === 0 && rest[i + 1]
          ? [
              {
                type: r.text(c).trim() === "default" ? undefined : readTypeName(r.text(c)),
                value: r.expr(rest[i + 1]),
              },
            ]
          : [],
      );
      return { ...span, k: "generic", of: r.expr(of), choices };
    }
    case "offsetof_expression":
      return {
        ...span,
        k: "offsetof",
        type: readTypeName(r.text(field("type"))),
        field: r.text(field("member")),
      };
    case "extension_expression":
      return n.namedChildren[0] ? r.expr(n.namedChildren[0]) : r.badExpr(n, "An expression is missing here.");
    case "ERROR":
      return r.badExpr(n, NOT_C);
    default:
      return r.badExpr(n, `TLBscope doesn't read this kind of expression (${n.type.replace(/_/g, " ")}).`);
  }
}

function number(r: TreeReader, n: TsNode): Expr {
  const value = wholeNumber(r.text(n));
  return value === undefined
    ? r.badExpr(n, "TLBscope reads whole numbers only.")
    : { ...r.span(n), k: "num", value, ...literalType(r.text(n)) };
}

/** An argument; a structure's tag behind its keyword, which the grammar isn't shown, is a type's name. */
function argument(r: TreeReader, n: TsNode): Expr {
  const tag = n.type === "identifier" ? r.keywordBefore(n) : undefined;
  return tag ? { ...r.span(n), k: "type", type: readTypeName(`${tag} ${r.text(n)}`) } : r.expr(n);
}

function initItem(r: TreeReader, n: TsNode): InitItem {
  if (n.type !== "initializer_pair") return { value: r.expr(n) };
  const [first, ...deeper] = n.childrenForFieldName("designator").filter((c) => c !== null);
  // `.in.b = 2` is `.in = { .b = 2 }`.
  const value = deeper.reduceRight<Expr>(
    (v, d) => ({ ...r.span(n), k: "init", items: [{ ...designator(r, d), value: v }] }),
    r.expr(n.childForFieldName("value")!),
  );
  return { ...designator(r, first), value };
}

function designator(r: TreeReader, n: TsNode): { field?: string; index?: Expr; last?: Expr } {
  if (n.type === "field_designator") return { field: r.text(n).slice(1).trim() };
  // `a: 1`, as gcc had it before C99.
  if (n.type === "field_identifier") return { field: r.text(n) };
  const { value, last } = readRange(r, n.namedChildren.find((c) => c && c.type !== "comment") ?? null);
  return { index: value, last };
}
