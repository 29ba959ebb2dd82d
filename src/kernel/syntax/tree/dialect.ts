/**
 * What the kernel writes and the C grammar doesn't know, replaced by something of the same length that it does: places
 * stay, and readers of the tree take the words from the text as it was.
 */
import { blank } from "../conditionals";
import { GNU_ATTRIBUTE } from "../declarators";

/** Iterator macros look like loops only to their readers, and so does scoped_guard(): their names become `while`. */
const loop = /\b(?:for_each_\w+|list_for_each\w*|hlist_for_each\w*|scoped_guard)(?=\s*\()/g;
/** Annotations of local variables, which the grammar doesn't expect behind a name. */
const annotationWords = "__maybe_unused|__always_unused|__initdata|__read_mostly|____cacheline_\\w+";
const annotation = new RegExp(
  String.raw`\b(?:(?:__aligned|__free)\s*\([^()]*\)|${GNU_ATTRIBUTE}|${annotationWords})`,
  "g",
);
/** `typeof(expression)` becomes the name of a type. */
const typeOf = /\b(?:__typeof__|__typeof|typeof_unqual|typeof)\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;
/** `1 ... 3` becomes `1 ||  3`. */
const range = /\.\.\.(?=\s*[\w(-])/g;
/** The grammar takes a sign for a part of the number behind it: `(a)-1` would be a cast. A name has no sign. */
const signedNumber = /[-+]\d\w*/g;
/** A structure's type as an argument, as container_of() takes one. */
const structArgument = /\b(?:struct|union)(?=\s+\w+\s*,)/g;

/** A name in brackets, and what may be an operator on it or on what follows; or a list of arguments. */
const bracketed = /\(\s*([A-Za-z_]\w*)\s*\)(?=\s*([-+*&(]))/g;

/**
 * The text as it is given to the grammar; as long as it was. The grammar, which knows no types, takes `(x) - y * 2` for
 * a cast: `values` are names of no types, which need no brackets. Those of `parameters` may become types, too.
 */
export function forGrammar(text: string, values?: ReadonlySet<string>, parameters?: ReadonlySet<string>): string {
  const isValue = (name: string, next: string): boolean =>
    values?.has(name) === true || (next !== "(" && parameters?.has(name) === true);
  return text
    .replace(bracketed, (all: string, name: string, next: string, at: number, whole: string) =>
      isValue(name, next) && standsAlone(whole, at) ? name.padEnd(all.length, "_") : all,
    )
    .replace(typeOf, (t) => "t".padEnd(t.length, "_"))
    .replace(loop, (name) => "while".padEnd(name.length))
    .replace(annotation, blank)
    .replace(range, (dots, at: number, all: string) => (/[\w)]/.test(lastBefore(all, at)) ? "|| " : dots))
    .replace(signedNumber, (number, at: number, all: string) =>
      lastBefore(all, at) === ")" ? number[0] + "n".padEnd(number.length - 1, "_") : number,
    )
    .replace(structArgument, (word, at: number, all: string) => (lastBefore(all, at) === "," ? blank(word) : word));
}

/** Does a bracket here begin an operand, rather than a list of arguments, a condition, or what a cast is of? */
const standsAlone = (text: string, at: number): boolean =>
  !/[\w)\]]/.test(lastBefore(text, at)) || /\b(?:return|case|else|do)\s*$/.test(text.slice(Math.max(0, at - 12), at));

/**
 * The last character before `at` that isn't space, if there is one. A pattern that looks behind asks this at every
 * place of a text, and is slow.
 */
function lastBefore(text: string, at: number): string {
  let i = at - 1;
  while (i >= 0 && /\s/.test(text[i])) i--;
  return text[i] ?? "";
}
