/**
 * The top level of a C file: functions, structs and declarations, found by brackets alone, so that one broken
 * function never hides the others and a 10,000-line file costs a few milliseconds.
 * Kernel style helps where a bracket is missing: a `{` or `}` in the first column begins or ends a function.
 */
import type { Diagnostic, SourceFile } from "./source";
import { closingBrace, closingParen, headBefore } from "./brackets";
import { blank, endOfQuote } from "./conditionals";
import { GNU_ATTRIBUTE, plainType, type Declarator } from "./declarators";
import { functionHead, isOldStyle, readParameters, type FunctionHead } from "./function-head";

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
   * The return type as written, without qualifiers. Read when it is asked for: for most functions it never is.
   */
  readonly returns: string;
  readonly params: Declarator[];
}

/** The text between a structure's braces, and where it begins; `file` is undefined where it stands in no file. */
export interface StructBody {
  text: string;
  /** Do its members share one place? */
  union: boolean;
  /** Do attributes change where its members stand? */
  packed?: boolean;
  file?: SourceFile;
  start?: number;
}

export interface StructItem {
  kind: "struct";
  /** `struct tlb_state`, or the typedef's name. */
  names: string[];
  file: SourceFile;
  body: StructBody;
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

/** What stands before a struct's `{`: `typedef`, and the keyword with the tag if there is one. */
const structHead = new RegExp(
  String.raw`^\s*(?:(?:static|extern|const|volatile|__\w+)\s+)*` +
    String.raw`(typedef\s+)?((?:struct|union)\s+\w+|struct|union)\b[^=(),*]*$`,
);

const gnuAttribute = new RegExp(GNU_ATTRIBUTE, "g");

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
      if (c === "}")
        problems.push({
          severity: "warning",
          code: "unclosed",
          span: { file, start: i, end: i + 1 },
          message: "This brace closes nothing: what stands before it may end too early.",
        });
      if (c === ";" || c === "}") continue;
      const stray = /^[^\w\s;}#"']+/.exec(text.slice(i, i + 100));
      if (stray) {
        problems.push({
          severity: "error",
          code: "unclosed",
          span: { file, start: i, end: i + stray[0].length },
          message: "Nothing in C begins with this: correct it, or what follows may be read otherwise than C does.",
        });
        i += stray[0].length - 1;
        continue;
      }
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
    else if (c === ")" && parens === 0)
      problems.push({
        severity: "error",
        code: "unclosed",
        span: { file, start: i, end: i + 1 },
        message: "This bracket closes nothing: one is missing before it, or it is too much.",
      });
    else if (c === ")") parens--;
    else if (c === ";" && parens === 0) {
      if (isOldStyle(text, start, i)) continue;
      const declaration = text.slice(start, i);
      if (isStatement(declaration))
        problems.push({
          severity: "error",
          code: "unclosed",
          span: { file, start, end: i },
          message: "This statement stands outside any function: a brace before it may end the function too early.",
        });
      items.push({ kind: "decl", file, start, end: i, text: declaration });
      start = -1;
    } else if (c === "{") {
      if (parens > 0 && text[i - 1] === "\n") {
        // A function's own brace: the bracket before it was never closed.
        const lost = start;
        start = headBefore(text, start, i);
        if (text.slice(lost, start).trim())
          problems.push({
            severity: "error",
            code: "unclosed",
            span: { file, start: lost, end: lost + text.slice(lost, start).trimEnd().length },
            message: "A bracket is opened here and never closed: this isn't read.",
          });
        parens = 0;
      }
      const head = text.slice(start, i);
      const close = closingBrace(text, i);
      const fn = parens === 0 ? functionHead(head) : undefined;
      if (fn) {
        items.push(functionItem(file, start, i, close.at, fn));
        const before = head.slice(0, fn.from).trimEnd();
        if (isHead(before))
          problems.push({
            severity: "warning",
            code: "unclosed",
            span: { file, start, end: start + before.length },
            message: "This function's head has neither a body nor a semicolon: it isn't read.",
          });
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
      const struct = structHead.exec(head.replace(gnuAttribute, blank));
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
        items.push({
          kind: "struct",
          names,
          file,
          body: {
            text: text.slice(i + 1, close.at - 1),
            union: /^union/.test(struct[2]),
            packed: /\b_*(packed|aligned|cacheline)/.test(text.slice(start, Math.max(semicolon, close.at - 1))),
            file,
            start: i + 1,
          },
        });
        if (!struct[1] && names.length && /\w/.test(tail) && /^\*?\s*\w+/.test(plainType(tail)))
          // Blanks stand for the structure's body: what follows keeps its place.
          items.push({ kind: "decl", file, start, end: semicolon, text: tag.padEnd(close.at - start) + tail });
        i = semicolon < 0 ? close.at - 1 : semicolon;
        start = -1;
        parens = 0;
        continue;
      }
      if (/\benum\b[^=(]*$/.test(head)) items.push({ kind: "enum", file, body: text.slice(i + 1, close.at - 1) });
      if (parens === 0 && !/=|\benum\b/.test(head)) {
        problems.push({
          severity: "warning",
          code: "unclosed",
          span: { file, start: i, end: i + 1 },
          message: "What stands before this brace is no head of a function or a structure: what it holds isn't read.",
        });
        start = -1;
      }
      i = close.at - 1; // an initializer or an enum: go on to its semicolon
    }
  }
  return { items, problems };
}

/** Is this a type, a name and a list, rather than a macro or an annotation? */
const isHead = (text: string): boolean => /^[\w\s*]*[\w*]\s+\**(?!__)[a-z]\w*\s*\([^]*\)$/.test(text);

/** Is this, at a file's top level, something that only stands in functions? */
const isStatement = (text: string): boolean =>
  /^(?:if|else|for|while|do|switch|case|default|return|goto|break|continue)\b/.test(text) ||
  /^[\w\s*]+(?:->|\.)/.test(text);

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

function functionItem(
  file: SourceFile,
  start: number,
  bodyStart: number,
  end: number,
  head: FunctionHead,
): FunctionItem {
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
