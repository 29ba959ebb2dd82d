/**
 * Conditional compilation, resolved in place: inactive lines and directives become blanks, everything else keeps
 * its line and column. Kernel code needs this before any grammar sees it, because `#ifdef CONFIG_SMP` may stand
 * between an if's block and its else (switch_mm).
 */
import type { Diagnostic, SourceFile, Span } from "./source";
import { evaluateCondition } from "./condition";

/** Values of configuration options and other names that `#if` asks for. A name that is absent is undefined. */
export type Config = ReadonlyMap<string, number>;

export interface Macro {
  name: string;
  /** Parameter names, or undefined for an object-like macro. */
  params?: string[];
  file: SourceFile;
  /** The name in its #define. */
  nameStart: number;
  /** The body's stretch in the file. */
  start: number;
  end: number;
  /** The body with line continuations blanked, as long as the stretch. */
  body: string;
}

interface Resolved {
  /** As long as the file's text. */
  text: string;
  macros: Map<string, Macro>;
  /** Where the lines stand that include other files. */
  includes: Span[];
  problems: Diagnostic[];
}

interface Branch {
  /** Were the enclosing lines active? */
  outer: boolean;
  active: boolean;
  /** Has a branch of this conditional been taken already? */
  taken: boolean;
  /** Has its #else been met? */
  ended: boolean;
  start: number;
}

const directive = /^[ \t]*#[ \t]*([a-z]+)\b[ \t]*/;
/** As many blanks as the text is long; newlines stay. */
export const blank = (s: string): string =>
  s
    .split("\n")
    .map((line) => " ".repeat(line.length))
    .join("\n");

/**
 * Resolves the conditionals of one file. Never throws; what can't be understood becomes a diagnostic and counts as
 * false.
 */
export function resolveConditionals(file: SourceFile, config: Config): Resolved {
  // A byte order mark may stand before the first directive.
  const text = file.text.replace(/^\uFEFF/, " ");
  const macros = new Map<string, Macro>();
  const includes: Span[] = [];
  const problems: Diagnostic[] = [];
  const stack: Branch[] = [];
  const out: string[] = [];
  let active = true;
  let inComment = false;
  /** Where the comment begins that was opened last. */
  let commentAt = 0;

  const valueOf = (name: string): number | undefined => {
    const macro = macros.get(name);
    if (macro && !macro.params) return Number.isNaN(Number(macro.body.trim() || NaN)) ? 1 : Number(macro.body.trim());
    return config.get(name);
  };
  const problem = (start: number, end: number, message: string) =>
    problems.push({ severity: "warning", code: "conditional", message, span: { file, start, end } });
  const test = (condition: string, start: number, end: number): boolean => {
    const result = evaluateCondition(condition, valueOf);
    if ("value" in result) return result.value !== 0;
    problem(start, end, `${result.error} The lines under this condition are left out.`);
    return false;
  };

  let at = 0;
  while (at < text.length) {
    // A logical line: physical lines joined by backslash-newline.
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    const first = text.slice(at, end);
    const isDirective = !inComment && directive.test(first);
    if (isDirective)
      while (/\\[ \t\r]*$/.test(text.slice(at, end)) && end < text.length) {
        const next = text.indexOf("\n", end + 1);
        end = next < 0 ? text.length : next;
      }
    const line = text.slice(at, end);
    if (!isDirective) {
      if (!inComment) commentAt = at + Math.max(0, line.lastIndexOf("/*"));
      inComment = commentAfter(line, inComment);
      out.push(active ? line : blank(line));
    } else {
      const [head, word] = directive.exec(line)!;
      const rest = stripComments(line.slice(head.length).replace(/\\[ \t\r]*\n/g, (m) => " ".repeat(m.length)));
      const start = at,
        stop = end;
      switch (word) {
        case "if":
        case "ifdef":
        case "ifndef": {
          const name = rest.trim().split(/\W/)[0];
          if (word !== "if" && !/^[A-Za-z_]\w*\s*$/.test(rest.trim()))
            problem(start, stop, `#${word} asks for one name: write it, or #if for a condition.`);
          const holds: boolean =
            active &&
            (word === "if"
              ? test(rest, start, stop)
              : (valueOf(name) !== undefined || macros.has(name)) === (word === "ifdef"));
          stack.push({ outer: active, active: holds, taken: holds, ended: false, start });
          active = active && holds;
          break;
        }
        case "elif":
        case "else":
        case "endif": {
          const top = stack.at(-1);
          // The option's name is often repeated there.
          if (word !== "elif" && !/^\w*$/.test(rest.trim()))
            problem(start, stop, `What stands behind #${word} is lost: put it on a line of its own.`);
          if (!top) {
            problem(start, stop, `#${word} without #if: remove it, or add the #if it belongs to.`);
            break;
          }
          if (word === "endif") {
            stack.pop();
            active = top.outer;
            break;
          }
          if (top.ended)
            problem(start, stop, `#${word} after the #else of the same #if: remove it. What follows is left out.`);
          top.ended ||= word === "else";
          const holds: boolean = top.outer && !top.taken && (word === "else" || test(rest, start, stop));
          top.taken ||= holds;
          active = holds;
          break;
        }
        case "define":
          if (active) define(rest, at + head.length, start, stop);
          break;
        case "undef":
          if (!active) break;
          if (!/^[A-Za-z_]\w*$/.test(rest.trim())) problem(start, stop, "#undef takes the name of a macro: write one.");
          macros.delete(rest.trim());
          break;
        case "include":
          if (active) includes.push({ file, start, end: stop });
          break;
        // Nothing that the machine runs.
        case "error":
        case "pragma":
        case "line":
        case "ident":
        case "warning":
          break;
        default:
          if (active && word !== "include_next")
            problem(start, stop, `#${word} is no directive: correct or remove it.`);
      }
      if (/\/\*/.test(line) && commentAfter(line, false)) {
        inComment = true;
        commentAt = at + line.lastIndexOf("/*");
      }
      // A comment that goes on behind the line still begins there.
      out.push(inComment && active ? `${blank(line).slice(0, -2)}/*` : blank(line));
    }
    if (end < text.length) out.push("\n");
    at = end + 1;
  }
  if (inComment)
    problems.push({
      severity: "error",
      code: "unclosed",
      span: { file, start: commentAt, end: Math.min(text.length, commentAt + 2) },
      message: "This comment has no end: all that follows is lost.",
    });
  for (const open of stack)
    problem(
      open.start,
      Math.min(text.length, open.start + 40),
      "This #if has no #endif: add it, or everything below may be left out.",
    );
  return { text: out.join(""), macros, includes, problems };

  function define(rest: string, start: number, line: number, stop: number): void {
    const m = /^([A-Za-z_]\w*)(\(([^)]*)\))?([ \t]*)/.exec(rest);
    if (!m) {
      problem(line, stop, "#define begins with the name of a macro: write one.");
      return;
    }
    const bodyStart = start + m[0].length;
    const body = rest.slice(m[0].length).trimEnd();
    const params =
      m[2] === undefined
        ? undefined
        : m[3]
            .split(",")
            .map((p) => p.trim())
            .filter((p, _, all) => p || all.length > 1);
    if (params?.some((p) => !/^(?:[A-Za-z_]\w*\s*(?:\.\.\.)?|\.\.\.)$/.test(p)) || /^\w+\([^)]*$/.test(rest))
      problem(line, stop, `The parameters of the macro ${m[1]} are names, with commas between them, in brackets.`);
    macros.set(m[1], {
      name: m[1],
      params,
      file,
      nameStart: start,
      start: bodyStart,
      end: bodyStart + body.length,
      body,
    });
  }
}

/** Is a block comment open after this line? Strings and line comments are respected. */
function commentAfter(line: string, open: boolean): boolean {
  if (!open && !line.includes("/*")) return false;
  for (let i = 0; i < line.length; i++) {
    if (open) {
      const close = line.indexOf("*/", i);
      if (close < 0) return true;
      open = false;
      i = close + 1;
    } else if (line[i] === "/" && line[i + 1] === "*") {
      open = true;
      i++;
    } else if (line[i] === "/" && line[i + 1] === "/") return false;
    else if (line[i] === '"' || line[i] === "'") i = endOfQuote(line, i);
  }
  return open;
}

/** Index of the quote that closes the one at `i`, or the last index of the text. */
export function endOfQuote(text: string, i: number): number {
  const quote = text[i];
  for (let j = i + 1; j < text.length; j++) {
    if (text[j] === "\\") j++;
    else if (text[j] === quote) return j;
    else if (text[j] === "\n") return j - 1;
  }
  return text.length - 1;
}

/** Comments become blanks, as many as they were long; newlines stay. An open quote ends with its line. */
export function stripComments(text: string): string {
  let out = "",
    from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"' || c === "'") i = endOfQuote(text, i);
    else if (c === "/" && (text[i + 1] === "*" || text[i + 1] === "/")) {
      const end = text[i + 1] === "*" ? text.indexOf("*/", i + 2) + 2 : text.indexOf("\n", i);
      const next = end <= 1 ? text.length : end;
      out += text.slice(from, i) + blank(text.slice(i, next));
      from = next;
      i = next - 1;
    }
  }
  return out + text.slice(from);
}
