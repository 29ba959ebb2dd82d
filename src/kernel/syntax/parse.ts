/**
 * tree-sitter's C grammar, turned into our own AST. Only bodies are parsed, so what stands around them can't break
 * them.
 */
import { Language, Parser, type Node as TsNode } from "web-tree-sitter";
import type { Expr, InitItem, LocalDecl, Node, Stmt } from "./ast";
import { forGrammar } from "./dialect";
import { readTypeName } from "./declarators";
import { characterCode, wholeNumber } from "./literals";
import type { Diagnostic, SourceFile } from "./source";

/** A stretch of C to parse; `text` stands at `start` of the file. */
export interface Slice {
  file: SourceFile;
  start: number;
  text: string;
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
  const parse = (slice: Slice, before: string, after: string) => {
    const tree = parser.parse(before + forGrammar(slice.text) + after)!;
    const reader = new Reader(slice, before.length);
    const body = tree.rootNode.descendantsOfType("compound_statement")[0];
    const stmts = body ? reader.block(body) : [reader.badStmt(tree.rootNode, "This can't be read as C.")];
    // What the grammar has passed over in some corner is told as well.
    if (body && tree.rootNode.hasError && reader.problems.length === 0) reader.tellFirstError(body);
    tree.delete();
    return { stmts, problems: reader.problems };
  };
  return {
    body: (slice) => parse(slice, "void f(void)", ""),
    macro: (slice) => parse(slice, "void f(void){", ";}"),
  };
}

/** Expressions and statements within each other that a function may have. */
const DEPTH_LIMIT = 200;
const notC = "This can't be read as C: complete or correct it, and the rest runs on.";
const tooDeep = "This is nested too deeply to be read: write it in smaller parts.";

class Reader {
  readonly problems: Diagnostic[] = [];
  private depth = 0;
  constructor(
    private readonly slice: Slice,
    private readonly lead: number,
  ) {}

  private span(n: TsNode): Node {
    const at = (i: number) => this.slice.start + Math.min(Math.max(i - this.lead, 0), this.slice.text.length);
    return { file: this.slice.file, start: at(n.startIndex), end: at(n.endIndex) };
  }

  private text(n: TsNode): string {
    const { start, end } = this.span(n);
    return this.slice.text.slice(start - this.slice.start, end - this.slice.start);
  }

  badStmt(n: TsNode, why: string): Stmt {
    this.report(n, why);
    return { ...this.span(n), k: "bad", why };
  }

  private badExpr(n: TsNode, why: string): Expr {
    this.report(n, why);
    return { ...this.span(n), k: "bad", why };
  }

  private report(n: TsNode, message: string): void {
    const { file, start, end } = this.span(n);
    this.problems.push({
      severity: "error",
      code: "cannot-lower",
      message,
      span: { file, start, end: Math.max(end, start + 1) },
    });
  }

  block(n: TsNode): Stmt[] {
    return n.namedChildren.flatMap((c) => (c && c.type !== "comment" ? [this.stmt(c)] : []));
  }

  private missing(n: TsNode): TsNode | undefined {
    return n.children.find((c) => c?.isMissing) ?? undefined;
  }

  /** Where the grammar first could not go on, below this node. */
  tellFirstError(n: TsNode): void {
    if (n.isError || n.isMissing) return this.report(n, notC);
    const within = n.children.find((c) => c?.hasError || c?.isError || c?.isMissing);
    if (within) this.tellFirstError(within);
  }

  /** The grammar goes on where a bracket or a semicolon is missing, as if it were there. */
  private tellMissing(n: TsNode): void {
    const gone = this.missing(n);
    if (gone && /[;{}()[\]]/.test(gone.type)) this.report(n, `A "${gone.type}" is missing here.`);
  }

  stmt(n: TsNode): Stmt {
    this.tellMissing(n);
    return this.nested(() => this.readStmt(n)) ?? this.badStmt(n, tooDeep);
  }

  private readStmt(n: TsNode): Stmt {
    const span = this.span(n);
    const field = (name: string) => n.childForFieldName(name);
    switch (n.type) {
      case "expression_statement": {
        const e = n.namedChildren.find((c) => c?.type !== "comment");
        if (e?.type === "gnu_asm_expression") return this.asm(e);
        // A word for the compiler, at the end of a case.
        if (e?.type === "identifier" && this.text(e) === "fallthrough") return { ...span, k: "empty" };
        return e ? { ...span, k: "expr", e: this.expr(e) } : { ...span, k: "empty" };
      }
      case "declaration":
        return { ...span, k: "decl", decls: this.declaration(n) };
      case "compound_statement":
        return { ...span, k: "block", body: this.block(n) };
      case "if_statement": {
        const alternative = field("alternative");
        const other =
          alternative?.type === "else_clause"
            ? alternative.namedChildren.find((c) => c?.type !== "comment")
            : alternative;
        return {
          ...span,
          k: "if",
          c: this.condition(n),
          then: this.stmt(field("consequence")!),
          else: other ? this.stmt(other) : undefined,
        };
      }
      case "while_statement": {
        const macro = this.originalWord(n);
        const c = this.condition(n),
          body = this.stmt(field("body")!);
        if (macro !== "while") return { ...span, k: "each", macro, args: flattenCommas(c), body };
        return { ...span, k: "while", c, body };
      }
      case "do_statement":
        return { ...span, k: "do", c: this.condition(n), body: this.stmt(field("body")!) };
      case "for_statement": {
        const init = field("initializer"),
          c = field("condition"),
          step = field("update");
        const first: Stmt | undefined = !init
          ? undefined
          : init.type === "declaration"
            ? this.stmt(init)
            : { ...this.span(init), k: "expr", e: this.expr(init) };
        return {
          ...span,
          k: "for",
          init: first,
          c: c ? this.expr(c) : undefined,
          step: step ? this.expr(step) : undefined,
          body: this.stmt(field("body")!),
        };
      }
      case "switch_statement":
        return { ...span, k: "switch", e: this.condition(n), body: this.stmt(field("body")!) };
      case "case_statement": {
        const value = field("value");
        const body = n.namedChildren.filter((c) => c && c.type !== "comment" && c.id !== value?.id) as TsNode[];
        return { ...span, k: "case", ...this.range(value), body: body.map((c) => this.stmt(c)) };
      }
      case "goto_statement":
        return { ...span, k: "goto", label: this.text(field("label")!) };
      case "labeled_statement": {
        const label = field("label")!;
        const body = n.namedChildren.find((c) => c && c.id !== label.id && c.type !== "comment");
        return { ...span, k: "label", label: this.text(label), body: body ? this.stmt(body) : undefined };
      }
      case "return_statement": {
        const e = n.namedChildren.find((c) => c?.type !== "comment");
        return { ...span, k: "return", e: e ? this.expr(e) : undefined };
      }
      case "break_statement":
        return { ...span, k: "break" };
      case "continue_statement":
        return { ...span, k: "continue" };
      case "gnu_asm_expression":
        return this.asm(n);
      case ";":
        return { ...span, k: "empty" };
      case "ERROR":
        return this.badStmt(n, notC);
      default:
        return this.badStmt(n, `TLBscope doesn't read this kind of statement (${n.type.replace(/_/g, " ")}).`);
    }
  }

  /** The value of a case or of an element's designator, and the last one of `1 ... 3`. */
  private range(n: TsNode | null): { value?: Expr; last?: Expr } {
    if (!n) return {};
    const operator = n.type === "binary_expression" ? n.childForFieldName("operator") : null;
    if (!operator || !this.text(operator).startsWith("..")) return { value: this.expr(n) };
    return { value: this.expr(n.childForFieldName("left")!), last: this.expr(n.childForFieldName("right")!) };
  }

  private asm(n: TsNode): Stmt {
    const code = n.childForFieldName("assembly_code"),
      list = n.childForFieldName("input_operands");
    const values = (list?.namedChildren ?? []).flatMap((c) => c?.childForFieldName("value") ?? []);
    const template = code ? [...this.text(code).matchAll(/"((?:\\.|[^"\\])*)"/g)].map((m) => m[1]).join("") : "";
    return { ...this.span(n), k: "asm", template, inputs: values.map((v) => this.expr(v)) };
  }

  /** The word that the file has where the grammar was shown `while`. */
  private originalWord(n: TsNode): string {
    const at = this.span(n).start - this.slice.start;
    return /^\w+/.exec(this.slice.text.slice(at))?.[0] ?? "while";
  }

  private condition(n: TsNode): Expr {
    const c = n.childForFieldName("condition");
    if (c) this.tellMissing(c);
    const inner = c?.type === "parenthesized_expression" ? c.namedChildren.find((x) => x && x.type !== "comment") : c;
    return inner ? this.expr(inner) : this.badExpr(n, "A condition is missing here.");
  }

  private declaration(n: TsNode): LocalDecl[] {
    const typeNode = n.childForFieldName("type");
    const declarators = n.namedChildren.filter(
      (c) => c && /declarator$|^identifier$/.test(c.type) && c.id !== typeNode?.id,
    ) as TsNode[];
    if (!typeNode) return [];
    const isStatic = n.namedChildren.some((c) => c?.type === "storage_class_specifier" && this.text(c) === "static");
    const structNode = /^(struct|union)_specifier$/.test(typeNode.type) ? typeNode.childForFieldName("body") : null;
    // A lock that a macro defines and initialises.
    const base = /^DEFINE_(?:RAW_)?(?:SPINLOCK|RWLOCK|MUTEX)$/.test(this.text(typeNode))
      ? "spinlock_t"
      : structNode
        ? this.text(typeNode).split("{")[0].trim() || "struct"
        : readTypeName(this.text(typeNode)).base;
    return declarators.flatMap((d) => {
      let pointers = 0;
      let fn = false;
      const dims: string[] = [];
      let init: Expr | undefined;
      let node: TsNode | null = d;
      while (node && node.type !== "identifier") {
        if (node.type === "init_declarator") {
          const value = node.childForFieldName("value");
          if (value) init = this.expr(value);
        } else if (node.type === "pointer_declarator") pointers++;
        else if (node.type === "array_declarator") {
          const size = node.childForFieldName("size");
          dims.unshift(size ? this.text(size).trim() : "");
        } else if (node.type === "function_declarator") fn = true;
        node =
          node.childForFieldName("declarator") ??
          node.namedChildren.find((c) => c && /declarator$|^identifier$/.test(c.type)) ??
          null;
      }
      if (!node || (fn && pointers === 0)) return []; // a prototype declares nothing to run
      if (node.isMissing) {
        this.report(node, "A variable's name is missing here.");
        return [];
      }
      return [
        {
          ...this.span(d),
          type: { base, pointers, dims, fn: fn || undefined },
          structBody: structNode ? this.text(structNode).slice(1, -1) : undefined,
          name: this.text(node),
          init,
          isStatic,
          free: /\b__free\s*\(\s*(\w+)\s*\)/.exec(this.text(d).split("=")[0])?.[1],
        },
      ];
    });
  }

  expr(n: TsNode): Expr {
    return this.nested(() => this.readExpr(n)) ?? this.badExpr(n, tooDeep);
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

  private readExpr(n: TsNode): Expr {
    this.tellMissing(n);
    const list = n.childForFieldName("arguments");
    if (list) this.tellMissing(list);
    const span = this.span(n);
    const field = (name: string) => n.childForFieldName(name)!;
    switch (n.type) {
      case "parenthesized_expression": {
        const inner = n.namedChildren.find((c) => c && c.type !== "comment");
        if (!inner) return this.badExpr(n, "An expression is missing between the brackets.");
        if (inner.type === "compound_statement") return { ...span, k: "stmts", body: this.block(inner) };
        return { ...this.expr(inner), start: span.start, end: span.end };
      }
      case "compound_statement":
        return { ...span, k: "stmts", body: this.block(n) };
      case "number_literal": {
        const value = wholeNumber(this.text(n));
        return value === undefined
          ? this.badExpr(n, "TLBscope reads whole numbers only.")
          : { ...span, k: "num", value };
      }
      case "char_literal":
        return { ...span, k: "num", value: characterCode(this.text(n)) };
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
        if (n.isMissing) return this.badExpr(n, "A name or a value is missing here.");
        return { ...span, k: "id", name: this.text(n) };
      case "pointer_expression":
        return { ...span, k: "unary", op: this.text(n)[0] as "*" | "&", e: this.expr(field("argument")) };
      case "unary_expression":
        return { ...span, k: "unary", op: this.text(n.children[0]!) as "-", e: this.expr(field("argument")) };
      case "update_expression":
        return {
          ...span,
          k: "step",
          op: this.text(field("operator")) as "++",
          prefix: n.children[0]!.type !== field("argument").type,
          e: this.expr(field("argument")),
        };
      case "binary_expression":
        return {
          ...span,
          k: "bin",
          op: this.text(field("operator")),
          l: this.expr(field("left")),
          r: this.expr(field("right")),
        };
      case "assignment_expression":
        return {
          ...span,
          k: "assign",
          op: this.text(field("operator")),
          l: this.expr(field("left")),
          r: this.expr(field("right")),
        };
      case "conditional_expression": {
        const a = n.childForFieldName("consequence");
        return {
          ...span,
          k: "cond",
          c: this.expr(field("condition")),
          a: a ? this.expr(a) : undefined,
          b: this.expr(field("alternative")),
        };
      }
      case "call_expression": {
        const args = field("arguments").namedChildren.filter((c) => c && c.type !== "comment") as TsNode[];
        return { ...span, k: "call", fn: this.expr(field("function")), args: args.map((a) => this.expr(a)) };
      }
      case "field_expression":
        return {
          ...span,
          k: "member",
          e: this.expr(field("argument")),
          field: this.text(field("field")),
          arrow: n.children.some((c) => c?.type === "->"),
        };
      case "subscript_expression":
        return { ...span, k: "index", e: this.expr(field("argument")), i: this.expr(field("index")) };
      case "cast_expression":
        return { ...span, k: "cast", type: readTypeName(this.text(field("type"))), e: this.expr(field("value")) };
      case "sizeof_expression": {
        const type = n.childForFieldName("type"),
          value = n.childForFieldName("value");
        return {
          ...span,
          k: "sizeof",
          type: type ? readTypeName(this.text(type)) : undefined,
          e: value ? this.expr(value) : undefined,
        };
      }
      case "comma_expression":
        return { ...span, k: "comma", l: this.expr(field("left")), r: this.expr(field("right")) };
      case "initializer_list":
        return {
          ...span,
          k: "init",
          items: n.namedChildren.flatMap((c) => (c && c.type !== "comment" ? [this.initItem(c)] : [])),
        };
      case "type_descriptor":
      case "struct_specifier":
      case "primitive_type":
      case "sized_type_specifier":
        return { ...span, k: "type", type: readTypeName(this.text(n)) };
      case "compound_literal_expression": {
        const init = this.expr(field("value"));
        return init.k === "init" ? { ...span, k: "literal", type: readTypeName(this.text(field("type"))), init } : init;
      }
      case "generic_expression": {
        const [of, ...rest] = n.namedChildren.filter((c) => c && c.type !== "comment") as TsNode[];
        const choices = rest.flatMap((c, i) =>
          i % 2 === 0 && rest[i + 1]
            ? [
                {
                  type: this.text(c).trim() === "default" ? undefined : readTypeName(this.text(c)),
                  value: this.expr(rest[i + 1]),
                },
              ]
            : [],
        );
        return { ...span, k: "generic", of: this.expr(of), choices };
      }
      case "offsetof_expression":
        return {
          ...span,
          k: "offsetof",
          type: readTypeName(this.text(field("type"))),
          field: this.text(field("member")),
        };
      case "extension_expression":
        return n.namedChildren[0] ? this.expr(n.namedChildren[0]) : this.badExpr(n, "An expression is missing here.");
      case "ERROR":
        return this.badExpr(n, notC);
      default:
        return this.badExpr(n, `TLBscope doesn't read this kind of expression (${n.type.replace(/_/g, " ")}).`);
    }
  }

  private initItem(n: TsNode): InitItem {
    if (n.type !== "initializer_pair") return { value: this.expr(n) };
    const [first, ...deeper] = n.childrenForFieldName("designator").filter((c) => c !== null);
    // `.in.b = 2` is `.in = { .b = 2 }`.
    const value = deeper.reduceRight<Expr>(
      (v, d) => ({ ...this.span(n), k: "init", items: [{ ...this.designator(d), value: v }] }),
      this.expr(n.childForFieldName("value")!),
    );
    return { ...this.designator(first), value };
  }

  private designator(n: TsNode): { field?: string; index?: Expr; last?: Expr } {
    if (n.type === "field_designator") return { field: this.text(n).slice(1).trim() };
    const { value, last } = this.range(n.namedChildren.find((c) => c && c.type !== "comment") ?? null);
    return { index: value, last };
  }
}

function flattenCommas(e: Expr): Expr[] {
  return e.k === "comma" ? [...flattenCommas(e.l), ...flattenCommas(e.r)] : [e];
}
