/**
 * An account of a function's head: what stands in it that no function's head has. A head is read by its brackets
 * alone, so that a broken one hides nothing; whatever is listed here would otherwise vanish from the program.
 */
import { closingParen } from "./brackets";
import { strayInHead, type HeadNames } from "./head-grammar";
import type { FunctionItem } from "./items";
import type { Diagnostic } from "./source";

const NO_HEAD = "This can't stand in a function's head: correct it, and the function is read as C has it.";

/** `text` is the file's, with comments blanked and conditionals resolved. */
export function lostInHead(text: string, item: FunctionItem, names: HeadNames): Diagnostic[] {
  const { file, nameStart, name, bodyStart } = item;
  const report = (start: number, end: number, message: string): Diagnostic[] => [
    { severity: "error", code: "cannot-lower", message, span: { file, start, end } },
  ];
  const close = closingParen(text, text.indexOf("(", nameStart + name.length));
  if (close >= bodyStart)
    return report(nameStart, nameStart + name.length, `The parameters of ${name}() have no closing bracket.`);
  const stray = strayInHead(text, { from: item.start, to: bodyStart, nameAt: nameStart }, names);
  return stray ? report(stray.start, stray.end, NO_HEAD) : [];
}
