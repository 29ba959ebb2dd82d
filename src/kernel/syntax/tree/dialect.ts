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
/** A structure's type as an argument, as container_of() takes one. */
const structArgument = /\b(?:struct|union)(?=\s+\w+\s*,)/g;

/** The text as it is given to the grammar; as long as it was. */
export function forGrammar(text: string): string {
  return text
    .replace(typeOf, (t) => "t".padEnd(t.length, "_"))
    .replace(loop, (name) => "while".padEnd(name.length))
    .replace(annotation, blank)
    .replace(range, (dots, at: number, all: string) => (/[\w)]/.test(lastBefore(all, at)) ? "|| " : dots))
    .replace(structArgument, (word, at: number, all: string) => (lastBefore(all, at) === "," ? blank(word) : word));
}

/**
 * The last character before `at` that isn't space, if there is one. A pattern that looks behind asks this at every
 * place of a text, and is slow.
 */
function lastBefore(text: string, at: number): string {
  let i = at - 1;
  while (i >= 0 && /\s/.test(text[i])) i--;
  return text[i] ?? "";
}
