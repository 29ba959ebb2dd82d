/**
 * Refuses text that nests too deeply, before the YAML parser sees it: the parser recurses into what is nested, and a
 * stack that is used up may end the whole process, not only throw.
 */
import type { TextRange } from "./scenario";

/** Far more than any scenario needs, far less than the parser's stack holds. */
const limit = 100;

/**
 * Where the text passes the limit, if it does. Counts no fewer levels than there are: open brackets, the indentation of
 * the line, and the marks on it that open a list item, a key, a tag or an anchor.
 */
export function tooDeep(text: string): TextRange | undefined {
  let brackets = 0;
  let indent = 0;
  let marks = 0;
  let lineStart = true;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "\n" || c === "\r") [indent, marks, lineStart] = [0, 0, true];
    else if (lineStart && (c === " " || c === "\t")) indent++;
    else {
      lineStart = false;
      if (c === "[" || c === "{") brackets++;
      else if ((c === "]" || c === "}") && brackets > 0) brackets--;
      else if (c === "!" || c === "&" || ("-?:".includes(c) && /^\s?$/.test(text.charAt(i + 1)))) marks++;
    }
    if (!lineStart && brackets + indent + marks > limit) return { start: i, end: i + 1 };
  }
  return undefined;
}
