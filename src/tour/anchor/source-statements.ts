/** The statements of a program's functions, in the order of the text: what anchors are looked for among. */
import type { Expr, Node, Stmt } from "../../kernel/syntax/tree/ast";
import type { Program } from "../../kernel/ir";
import type { FunctionItem } from "../../kernel/syntax/items";
import type { CParser } from "../../kernel/syntax/tree/parse";
import { readFile } from "../../kernel/syntax/read-file";
import type { SourceFile } from "../../kernel/syntax/source";
import { canonical } from "./canonical";

/** One statement or condition: the machine stops in front of each of them. */
export interface Statement {
  file: SourceFile;
  start: number;
  end: number;
  fn: string;
  /** As it stands in the text, on one line. */
  text: string;
  /** In the common spelling. */
  tokens: string[];
  key: string;
  /** The branches of `if`s that it stands in. */
  branches: ("then" | "else")[];
  /** Where the whole statement stands, with its semicolon and, of a condition, with all that it governs. */
  whole: { start: number; end: number };
  /** It is a condition: `whole` is more than it. */
  condition: boolean;
  /** It is all that an `if` or a loop governs, without braces. */
  single: boolean;
}

export interface FunctionText {
  item: FunctionItem;
  statements: Statement[];
}

/** The functions of a program by name, each parsed when it is first asked for. */
export class Statements {
  private readonly functions = new Map<string, FunctionItem>();
  private readonly known = new Map<string, FunctionText>();
  private readonly texts = new Map<SourceFile, string>();

  constructor(
    private readonly parser: CParser,
    readonly program: Program,
  ) {
    for (const file of program.files) {
      const read = readFile(file, program.config);
      this.texts.set(file, read.text);
      for (const item of read.items)
        if (item.kind === "function" && !this.functions.has(item.name)) this.functions.set(item.name, item);
    }
  }

  /** Names of all functions. */
  names(): string[] {
    return [...this.functions.keys()];
  }

  /** A function's statements from top to bottom. */
  of(fn: string): FunctionText | undefined {
    const known = this.known.get(fn);
    if (known) return known;
    const item = this.functions.get(fn);
    if (!item) return undefined;
    const text = this.texts.get(item.file)!;
    const { stmts } = this.parser.body({
      file: item.file,
      start: item.bodyStart,
      text: text.slice(item.bodyStart, item.end),
    });
    const statements: Statement[] = [];
    const add: Add = (node, whole, branches, condition, single) => {
      const own = text.slice(node.start, node.end);
      const list = canonical(own);
      statements.push({
        file: item.file,
        start: node.start,
        end: node.end,
        fn,
        text: own.replace(/\s+/g, " ").trim(),
        tokens: list,
        key: list.join(" "),
        branches,
        whole: { start: whole.start, end: whole.end },
        condition,
        single,
      });
    };
    for (const s of stmts) walk(s, [], add);
    statements.sort((a, b) => a.start - b.start);
    const found = { item, statements };
    this.known.set(fn, found);
    return found;
  }
}

type Add = (node: Node, whole: Node, branches: Statement["branches"], condition: boolean, single: boolean) => void;

/** Goes to every place that is a step of its own: the same ones that lowering makes steps of. */
function walk(s: Stmt, branches: Statement["branches"], add: Add, single = false): void {
  const inner = (x: Stmt | undefined): void => void (x && walk(x, branches, add));
  const body = (x: Stmt, within = branches): void => walk(x, within, add, x.k !== "block");
  const own = (node: Node): void => add(node, s, branches, false, single);
  const condition = (c: Expr | undefined): void => void (c && add(c, s, branches, true, single));
  switch (s.k) {
    case "empty":
      return;
    case "expr":
      return own(s.e);
    case "decl":
      for (const d of s.decls) if (d.init) own(d);
      return;
    case "block":
      return s.body.forEach(inner);
    case "if":
      condition(s.c);
      body(s.then, [...branches, "then"]);
      if (s.else) body(s.else, [...branches, "else"]);
      return;
    case "while":
      condition(s.c);
      return body(s.body);
    case "do":
      body(s.body);
      if (s.c.k !== "num") condition(s.c);
      return;
    case "for":
      inner(s.init);
      condition(s.c);
      condition(s.step);
      return body(s.body);
    case "each":
      add({ ...s, end: (s.args.at(-1)?.end ?? s.start) + 1 }, s, branches, true, single);
      return body(s.body);
    case "asm":
    case "bad":
    case "goto":
    case "return":
    case "break":
    case "continue":
      return own(s);
    case "switch":
      condition(s.e);
      return body(s.body);
    case "case":
      return s.body.forEach(inner);
    case "label":
      return inner(s.body);
  }
}
