/**
 * Definitions that a file makes by one of include/linux/cleanup.h's macros: DEFINE_GUARD(name, …), DEFINE_CLASS(name,
 * …) and their like.
 */
import type { ReadFile } from "./read-file";
import type { SourceFile } from "./source";

interface Definition {
  file: SourceFile;
  /** What follows DEFINE_ in the macro's name. */
  how: string;
  /** The macro's arguments, the name first, each at its place in the file. */
  args: { start: number; text: string }[];
}

/** The first file's definition of this name; `kinds` is a pattern for what may follow DEFINE_. */
export function definitionNamed(files: readonly ReadFile[], name: string, kinds: string): Definition | undefined {
  const pattern = new RegExp(`^[ \\t]*DEFINE_(${kinds})\\s*\\(\\s*${name}\\s*,`, "m");
  for (const { file, text } of files) {
    const m = pattern.exec(text);
    const args = m && argumentsAt(text, text.indexOf("(", m.index));
    if (args) return { file, how: m[1], args };
  }
  return undefined;
}

/** The arguments between the bracket at `open` and the one that closes it; undefined when none does. */
function argumentsAt(text: string, open: number): Definition["args"] | undefined {
  const args: Definition["args"] = [];
  let depth = 0,
    at = open + 1;
  for (let i = open; i < text.length; i++) {
    if (/[([{]/.test(text[i])) depth++;
    const ends = /[)\]}]/.test(text[i]) && --depth === 0;
    if (!ends && !(text[i] === "," && depth === 1)) continue;
    args.push({ start: at, text: text.slice(at, i) });
    at = i + 1;
    if (ends) return args;
  }
  return undefined;
}
