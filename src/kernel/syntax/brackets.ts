/** Where brackets close, in text whose comments are blank; kernel style decides where they don't match. */
import { endOfQuote } from "./conditionals";

/** Just past the brace that closes the one at `open`; kernel style decides where brackets don't match. */
export function closingBrace(text: string, open: number): { at: number; found: boolean; extra?: number } {
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

/** Index of the bracket that closes the one at `open`, or the text's length. */
export function closingParen(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i;
  }
  return text.length;
}

/**
 * Where the head of the function begins whose `{` stands at `brace`: its lines that begin in the first column, and
 * what is indented below.
 */
export function headBefore(text: string, from: number, brace: number): number {
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
