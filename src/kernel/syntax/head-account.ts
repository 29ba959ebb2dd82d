/**
 * An account of a function's head: what stands in it that no function's head has. A head is read by its brackets
 * alone, so that a broken one hides nothing; whatever is listed here would otherwise vanish from the program.
 */
import { closingParen } from "./brackets";
import { blank } from "./conditionals";
import { blankAnnotations, plainType, readDeclarators, readTypeName } from "./declarators";
import type { FunctionItem } from "./items";
import type { Diagnostic } from "./source";

const NO_HEAD = "This can't stand in a function's head: correct it, and the function is read as C has it.";

/**
 * `text` is the file's, with comments blanked and conditionals resolved; `isAnnotation` knows the macros that stand for
 * no text, or for an attribute.
 */
export function lostInHead(text: string, item: FunctionItem, isAnnotation: (name: string) => boolean): Diagnostic[] {
  const { file, start, nameStart, name, bodyStart } = item;
  const open = text.indexOf("(", nameStart + name.length);
  const close = Math.min(closingParen(text, open), bodyStart);
  const problems: Diagnostic[] = [];
  const report = (from: number, to: number, message = NO_HEAD) =>
    problems.push({ severity: "error", code: "cannot-lower", message, span: { file, start: from, end: to } });
  const reportWords = (words: RegExp, from: number, to: number): void => {
    for (const m of blankGroups(text.slice(from, to)).matchAll(words))
      report(from + m.index, from + m.index + m[0].length);
  };
  if (text[close] !== ")") {
    report(nameStart, nameStart + name.length, `The parameters of ${name}() have no closing bracket.`);
    return problems;
  }
  for (const [from, to] of strays(text, start, nameStart)) report(from, to);
  const star = text.slice(start, nameStart).indexOf("*");
  if (star >= 0) reportWords(behindStar, start + star, nameStart);
  if (!problems.length) for (const [from, to] of noSpecifiers(text, start, nameStart, isAnnotation)) report(from, to);
  // Declarations of parameters may stand behind the head, as they did before C had prototypes.
  const after = text.slice(close + 1, bodyStart);
  const oldStyle = after.includes(";");
  if (!oldStyle) reportWords(behindList, close + 1, bodyStart);
  for (const [from, to] of strays(text, close + 1, bodyStart))
    if (!oldStyle || !/^[;,[\]]+$/.test(text.slice(from, to))) report(from, to);
  let from = open + 1;
  for (const part of parts(text, from, close)) {
    const to = from + part.length;
    const blanked = blankGroups(text.slice(from, to));
    const stray = /[^\w\s*]+/.exec(blanked);
    if (!part.trim()) {
      // The comma that stands beside nothing.
      if (from > open + 1) report(from - 1, from);
      else if (to < close) report(to, to + 1);
    } else if (stray && part.trim() !== "...") report(from + stray.index, from + stray.index + stray[0].length);
    else if (!stray && !oldStyle && !isParameter(part)) report(...trimmed(text, from, to));
    from = to + 1;
  }
  return problems;
}

const builtInTypes = "unsigned|signed|long|short|int|char|void|float|double|bool|_Bool";
const storageClass = "static|extern|inline|typedef|auto";
const statementWord = "if|else|while|for|do|switch|case|default|break|continue|return|goto|sizeof|asm";
/** What can't stand behind a star of the returned type, and what can't stand behind the parameters. */
const behindStar = new RegExp(String.raw`\b(?:${storageClass}|register|${statementWord})\b`, "g");
const behindList = new RegExp(
  String.raw`\b(?:const|volatile|restrict|${storageClass}|register|${statementWord}|${builtInTypes})\b`,
  "g",
);

const typeSpecifiers = [
  String.raw`\b(?:struct|union|enum)\s+\w+`,
  String.raw`\b(?:__typeof__|__typeof|typeof_unqual|typeof)\b\s*\([^()]*(?:\([^()]*\)[^()]*)*\)`,
  String.raw`\b(?:(?:unsigned|signed|long|short|int|char|void|float|double|bool|_Bool|__int128)\b\s*)+`,
];
const leadingType = new RegExp(typeSpecifiers.join("|"), "g");

/**
 * Where words stand before a function's name that say nothing of it: beside its type, which is one, there are storage
 * classes, qualifiers and annotations.
 */
function noSpecifiers(
  text: string,
  start: number,
  nameStart: number,
  isAnnotation: (name: string) => boolean,
): [number, number][] {
  const annotated = blankAnnotations(text.slice(start, nameStart));
  const types = [...annotated.matchAll(leadingType)].map((m) => [m.index, m[0].trimEnd().length] as const);
  const words = [...annotated.replace(leadingType, blank).matchAll(/\w+/g)].filter(([word]) => !isAnnotation(word));
  const all = [...types, ...words.map((m) => [m.index, m[0].length] as const)];
  // A word that isn't known may be a type, where there is no other.
  const lost = types.length ? [...types.slice(1), ...all.slice(types.length)] : all.slice(1);
  return lost.map(([at, length]) => [start + at, start + at + length]);
}

/** The text between two places, split at the commas that stand outside all brackets. */
function parts(text: string, from: number, to: number): string[] {
  const list = text.slice(from, to);
  const commas = [...blankGroups(list).matchAll(/,/g)].map((m) => m.index);
  return [...commas, list.length].map((end, i) => list.slice(i ? commas[i - 1] + 1 : 0, end));
}

/** A type, with a name or without one. */
function isParameter(text: string): boolean {
  // A structure's keyword without its tag.
  if (/\b(?:struct|union|enum)\s*(?:[*[(]|$)/.test(text)) return false;
  if (noParameter.test(text) || isQualifiedName(text)) return false;
  if (readDeclarators(text).length > 0 || readTypeName(text).fn) return true;
  // What is left of it may be annotations that nobody knows.
  const plain = plainType(text).replace(/\s*\b__\w+(?:\s*\([^()]*\))?/g, "");
  return readDeclarators(plain).length > 0 || /^(?:(?:struct|union|enum)\s+)?\w*[\s*]*$/.test(plain);
}

/** Words that stand in no parameter. */
const noParameter = new RegExp(String.raw`\b(?:${storageClass}|${statementWord})\b`);

/** Does a qualifier stand behind the parameter's name, where C has none? */
function isQualifiedName(text: string): boolean {
  const behind = /\b(?:const|volatile|register|restrict)\s*(?:\[[^\]]*\]\s*)?$/.exec(text);
  if (!behind) return false;
  const before = text.slice(0, behind.index);
  // Behind a star or a type without a name, it belongs to the type.
  return !/\*\s*$/.test(before) && readDeclarators(before).length > 0 && !builtIn.test(before);
}

/** A type that ends with a word of C: its last word is no name. */
const builtIn = new RegExp(String.raw`\b(?:${builtInTypes})\s*$`);

/** Where runs of characters stand that are neither words, nor stars, nor brackets behind a word. */
function strays(text: string, from: number, to: number): [number, number][] {
  let plain = "";
  for (let i = from; i < to; i++) {
    const close = text[i] === "(" && /\w\s*$/.test(plain) ? closingParen(text, i) : to;
    if (close < to) {
      // A letter stands for the brackets: more of them may follow.
      plain += "a".padStart(close + 1 - i);
      i = close;
    } else plain += text[i];
  }
  return [...plain.matchAll(/[^\w\s*]+|(?<!\w)\d\w*/g)].map((m) => [from + m.index, from + m.index + m[0].length]);
}

/** The text with what stands in brackets, and the brackets, blanked. */
function blankGroups(text: string): string {
  let depth = 0;
  return text
    .split("")
    .map((c) => {
      if (c === "(" || c === "[") depth++;
      const inside = depth > 0;
      if (c === ")" || c === "]") depth = Math.max(0, depth - 1);
      return inside ? blank(c) : c;
    })
    .join("");
}

const trimmed = (text: string, from: number, to: number): [number, number] => {
  const part = text.slice(from, to);
  const start = from + part.length - part.trimStart().length;
  return [start, start + part.trim().length];
};
