/** Reads one file as far as every program needs it: conditionals resolved, comments gone, its top level listed. */
import { resolveConditionals, stripComments, type Config, type Macro } from "./conditionals";
import { scanItems, type Item } from "./items";
import type { Diagnostic, SourceFile, Span } from "./source";

export interface ReadFile {
  file: SourceFile;
  /** As long as the file's text: inactive lines, directives and comments are blank. */
  text: string;
  items: Item[];
  macros: Map<string, Macro>;
  includes: readonly Span[];
  problems: Diagnostic[];
}

const cache = new WeakMap<SourceFile, Map<Config, ReadFile>>();

/** Reading the same file object under the same configuration again costs nothing. */
export function readFile(file: SourceFile, config: Config): ReadFile {
  let byConfig = cache.get(file);
  if (!byConfig) cache.set(file, (byConfig = new Map()));
  let read = byConfig.get(config);
  if (!read) {
    const resolved = resolveConditionals(file, config);
    const text = stripComments(resolved.text);
    const { items, problems } = scanItems(file, text);
    read = {
      file,
      text,
      items,
      macros: resolved.macros,
      includes: resolved.includes,
      problems: [...notText(file), ...strangeBlanks(file, text), ...resolved.problems, ...problems],
    };
    byConfig.set(config, read);
  }
  return read;
}

/** Blanks that C doesn't have, outside strings: they look like others, and compilers refuse them. */
function strangeBlanks(file: SourceFile, text: string): Diagnostic[] {
  const message = "This blank isn't one that C has: write a space.";
  return [...text.matchAll(/[^\S \t\n\v\f\r]/g)].flatMap(({ index }): Diagnostic[] => {
    const before = text.slice(text.lastIndexOf("\n", index) + 1, index);
    const inString = before.replace(/\\./g, "").split('"').length % 2 === 0;
    const span = { file, start: index, end: index + 1 };
    return inString ? [] : [{ severity: "error", code: "unclosed", message, span }];
  });
}

/** A file that isn't text, or text in another encoding than was thought. */
function notText(file: SourceFile): Diagnostic[] {
  const at = file.text.indexOf("\0");
  if (at < 0) return [];
  const message = "This file isn't plain text, or is in UTF-16: save it as UTF-8.";
  return [{ severity: "error", code: "cannot-lower", message, span: { file, start: at, end: at + 1 } }];
}
