/**
 * The top level of a C file: functions, structs and declarations, found by brackets alone, so that one broken
 * function never hides the others and a 10,000-line file costs a few milliseconds.
 * Kernel style helps where a bracket is missing: a `{` or `}` in the first column begins or ends a function.
 */
import type { Diagnostic, SourceFile } from "./source";
import { endOfQuote } from "./conditionals";
import { plainType, readDeclarators, splitTop, type Declarator } from "./declarators";

export interface FunctionItem {
  kind: "function";
  name: string;
  file: SourceFile;
  nameStart: number;
  /** From the first character of the return type. */
  start: number;
  /** The `{`. */
  bodyStart: number;
  /** Just past the `}`. */
  end: number;
  /**
   * The return type as written, without qualifiers; worked out when asked for, as most functions of a file never are.
   */
  readonly returns: string;
  readonly params: Declarator[];
}

export interface StructItem {
  kind: "struct";
  /** `struct tlb_state`, or the typedef's name. */
  names: string[];
  file: SourceFile;
  /** Between the braces. */
  body: string;
}

export interface DeclItem {
  kind: "decl";
  file: SourceFile;
  start: number;
  end: number;
  /** The text up to the semicolon, comments blanked. */
  text: string;
}

export interface EnumItem {
  kind: "enum";
  file: SourceFile;
  /** Between the braces. */
  body: string;
}

export type Item = FunctionItem | StructItem | DeclItem | EnumItem;

/**
 * Lists a file's items. `text` is the file's text with conditionals resolved and comments blanked, of the same length.
 */
export function scanItems(file: SourceFile, text: string): { items: Item[]; problems: Diagnostic[] } {
  const items: Item[] = [];
  const problems: Diagnostic[] = [];
  let start = -1; // of the item being read, -1 before its first character
  let parens = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === " " || c === "\n" || c === "\t" || c === "\r") continue;
    if (start < 0) {
      if (c === "}" && text[i - 1] === "\n")
        problems.push({
          severity: "warning",
          code: "unclosed",
          span: { file, start: i, end: i + 1 },
          message: "This brace closes nothing: what stands before it may end too early.",
        });
      if (c === ";" || c === "}") continue;
      start = i;
      const macro = statementMacro(text, i);
      if (macro !== undefined) {
        items.push({ kind: "decl", file, start, end: macro, text: text.slice(start, macro) });
        start = -1;
        i = macro - 1;
        continue;
      }
    }
    if (c === '"' || c === "'") i = endOfQuote(text, i);
    else if (c === "(") parens++;
    else if (c === ")") parens = Math.max(0, parens - 1);
    else if (c === ";" && parens === 0) {
      if (isOldStyle(text, start, i)) continue;
      items.push({ kind: "decl", file, start, end: i, text: text.slice(start, i) });
      start = -1;
    } else if (c === "{") {
      if (parens > 0 && text[i - 1] === "\n") {
        // A function's own brace: the bracket before it was never closed.
        start = headBefore(text, start, i);
        parens = 0;
      }
      const head = text.slice(start, i);
      const close = closingBrace(text, i);
      const fn = parens === 0 ? functionHead(head) : undefined;
      if (fn) {
        items.push(functionItem(file, start, i, close.at, fn));
        if (close.extra !== undefined)
          problems.push({
            severity: "warning",
            code: "unclosed",
            span: { file, start: close.extra, end: close.extra + 1 },
            message: `${fn.name}() has a closing brace too many: it is read on, up to the one in the first column.`,
          });
        if (!close.found)
          problems.push({
            severity: "warning",
            code: "unclosed",
            span: { file, start: start + fn.nameAt, end: start + fn.nameAt + fn.name.length },
            message: `${fn.name}() has no closing brace: it is read up to the next function.`,
          });
        start = -1;
        parens = 0;
        i = close.at - 1;
        continue;
      }
      const struct =
        /^\s*(?:(?:static|extern|const|volatile)\s+)*(typedef\s+)?((?:struct|union)\s+\w+|struct|union)\b[^=(),*]*$/.exec(
          head,
        );
      if (struct) {
        // Without its semicolon the structure ends at its brace, and what follows is read for itself.
        const next = text.indexOf(";", close.at);
        const semicolon = next >= 0 && /^[^={]*(=|$)/.test(text.slice(close.at, next)) ? next : -1;
        const tail = semicolon < 0 ? "" : text.slice(close.at, semicolon);
        const tag = /\s/.test(struct[2]) ? struct[2].replace(/\s+/g, " ") : struct[1] ? "" : `struct __at${start}`;
        const names = tag ? [tag] : [];
        if (struct[1])
          names.push(
            ...tail
              .split(",")
              .map((n) => n.trim())
              .filter((n) => /^\w+$/.test(n)),
          );
        items.push({ kind: "struct", names, file, body: text.slice(i + 1, close.at - 1) });
        if (!struct[1] && names.length && /\w/.test(tail) && /^\*?\s*\w+/.test(plainType(tail)))
          items.push({ kind: "decl", file, start, end: semicolon, text: `${tag} ${tail}` });
        i = semicolon < 0 ? close.at - 1 : semicolon;
        start = -1;
        parens = 0;
        continue;
      }
      if (/\benum\b[^=(]*$/.test(head)) items.push({ kind: "enum", file, body: text.slice(i + 1, close.at - 1) });
      i = close.at - 1; // an initializer or an enum: go on to its semicolon
      if (!/[=]/.test(head) && !/\benum\b/.test(head)) start = -1;
    }
  }
  return { items, problems };
}

/**
 * Just past the use of a macro that stands for whole definitions, as DEFINE_GUARD() does, and has no semicolon: the
 * next item begins on a line of its own.
 */
function statementMacro(text: string, at: number): number | undefined {
  const name = /^[A-Z][A-Z0-9_]*\s*\(/.exec(text.slice(at, at + 80));
  if (!name) return undefined;
  const close = closingParen(text, at + name[0].length - 1) + 1;
  return /^[ \t]*\n\s*[A-Za-z_]/.test(text.slice(close, close + 400)) ? close : undefined;
}

/** Just past the brace that closes the one at `open`; kernel style decides where brackets don't match. */
function closingBrace(text: string, open: number): { at: number; found: boolean; extra?: number } {
  let depth = 0,
    extra: number | undefined;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === '"' || c === "'") i = endOfQuote(text, i);
    else if (c === "{") {
      // A function's own brace in the first column: the one before was never closed.
      if (i > open && text[i - 1] === "\n") return { at: headBefore(text, open + 1, i), found: false };
      depth++;
    } else if (c === "}") {
      depth--;
      // One that would end a function before its own, which stands in the first column, is one too many.
      if (
        depth === 0 &&
        text[i - 1] !== "\n" &&
        text[open - 1] === "\n" &&
        text.slice(open, i).includes("\n") &&
        endsInFirstColumn(text, i)
      ) {
        extra ??= i;
        depth = 1;
      } else if (depth === 0 || text[i - 1] === "\n") return { at: i + 1, found: depth === 0, extra };
    }
  }
  return { at: text.length, found: false };
}

/** Does a brace in the first column close what stands here, before another one opens there? */
function endsInFirstColumn(text: string, at: number): boolean {
  const close = text.indexOf("\n}", at),
    open = text.indexOf("\n{", at);
  return close >= 0 && (open < 0 || close < open);
}

interface Head {
  name: string;
  nameAt: number;
  /** Where it begins in the text that was read: behind a head whose body isn't typed yet. */
  from: number;
  /** Text before the name, and between the brackets after it. */
  before: string;
  list: string;
  /** Declarations of the parameters, where they stand between the head and the brace. */
  oldStyle: string[];
}

function functionItem(file: SourceFile, start: number, bodyStart: number, end: number, head: Head): FunctionItem {
  let params: Declarator[] | undefined;
  return {
    kind: "function",
    file,
    start: start + head.from,
    bodyStart,
    end,
    name: head.name,
    nameStart: start + head.nameAt,
    get returns() {
      return plainType(head.before);
    },
    get params() {
      return (params ??= readParameters(head));
    },
  };
}

function readParameters({ list, oldStyle }: Head): Declarator[] {
  if (list === "" || list === "void") return [];
  const types = oldStyle.flatMap(readDeclarators);
  return splitTop(list, ",").flatMap((p) => {
    if (!oldStyle.length) return readDeclarators(p).slice(0, 1);
    return types.find((t) => t.name === p.trim()) ?? { type: { base: "int", pointers: 0, dims: [] }, name: p.trim() };
  });
}

/**
 * Where the head of the function begins whose `{` stands at `brace`: its lines that begin in the first column, and
 * what is indented below.
 */
function headBefore(text: string, from: number, brace: number): number {
  let head = brace;
  for (let end = brace - 1; end > from; end = head - 1) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    const line = text.slice(start, end);
    const begun = head < brace && /\w/.test(text[head]);
    if (start < from || !line.trim() || (begun && !/^[A-Za-z_][\w \t*]*$/.test(line))) break;
    head = start;
  }
  return head;
}

/** Does this semicolon end one of the parameter declarations between an old-style head and its `{`? */
function isOldStyle(text: string, start: number, semicolon: number): boolean {
  return (
    /\)\s*\w+\s[^()={}]*$/.test(text.slice(start, semicolon)) &&
    /^;(?:[\w\s*,[\]]+;)*\s*\{/.test(text.slice(semicolon, semicolon + 1000))
  );
}

/**
 * Reads `static inline void switch_mm(struct mm_struct *prev, …) __releases(x)`; undefined when it is no function's
 * head.
 */
function functionHead(head: string): Head | undefined {
  if (head.includes("=")) return undefined;
  const [first, ...declarations] = head.split(";");
  // The last name with a parameter list after it that isn't an annotation is the function's: a head may stand before
  // it whose body isn't typed yet.
  const names = /([A-Za-z_]\w*)\s*\(/g;
  let found: Omit<Head, "oldStyle"> | undefined;
  let from = 0,
    last = 0;
  for (let m = names.exec(first); m; m = names.exec(first)) {
    const open = m.index + m[0].length - 1;
    const close = closingParen(first, open);
    const before = first.slice(from, m.index);
    const annotation =
      /^__(attribute__|releases|acquires|aligned|printf)$/.test(m[1]) ||
      (m[1].startsWith("__") && found !== undefined && !first.slice(last, m.index).trim());
    if (!annotation) {
      found = {
        name: m[1],
        nameAt: m.index,
        from: from + before.length - before.trimStart().length,
        before,
        list: first.slice(open + 1, close).trim(),
      };
      from = close + 1;
    }
    last = names.lastIndex = close + 1;
  }
  return found && { ...found, oldStyle: declarations.length ? [first.slice(from), ...declarations] : [] };
}

function closingParen(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i;
  }
  return text.length;
}
