/** The front end for tests: the grammar loaded once, the shipped files read once, and programs of a few lines of C. */
import { nodeParser, shippedFiles } from "../../src/cli/node-host";
import type { Fn, Program } from "../../src/kernel/ir";
import type { CParser } from "../../src/kernel/syntax/tree/parse";
import { buildProgram } from "../../src/kernel/program";
import { positionAt, type Diagnostic, type SourceFile } from "../../src/kernel/syntax/source";

let loaded: CParser | undefined;
before(async () => {
  loaded = await nodeParser();
});

/** The parser; only inside hooks and tests, for it is loaded before them. */
export function parser(): CParser {
  if (!loaded) throw new Error("Ask for the parser inside a test.");
  return loaded;
}

/** A file of the tests. */
export const source = (text: string, path = "test.c", origin: SourceFile["origin"] = "environment"): SourceFile => ({
  uri: path,
  path,
  text,
  origin,
});

let shipped: SourceFile[] | undefined;

/** Changes a file's text; a change that changes nothing is a mistake of the test. */
export type Edit = (text: string) => string;

/** The environment and the built-in edition, with these files edited (by path from the tree's root). */
export function edition(edits: Record<string, Edit> = {}): SourceFile[] {
  shipped ??= shippedFiles();
  for (const path of Object.keys(edits))
    if (!shipped.some((f) => f.path === path)) throw new Error(`The edition has no ${path}.`);
  return shipped.map((f) => {
    const text = edits[f.path]?.(f.text);
    if (text === f.text) throw new Error(`The edit of ${f.path} changes nothing.`);
    return text === undefined ? f : { ...f, text };
  });
}

/** Blanks these lines, so that all others stay where they are. */
export const withoutLines =
  (from: number, to = from): Edit =>
  (text) =>
    text
      .split("\n")
      .map((line, i) => (i + 1 >= from && i + 1 <= to ? "" : line))
      .join("\n");

/** Puts a statement in front of what stands on a line. */
export const insertAt =
  (line: number, statement: string): Edit =>
  (text) =>
    text
      .split("\n")
      .map((l, i) => (i + 1 === line ? statement + l : l))
      .join("\n");

/** Programs of the edition as it ships, by platform and settings. Nothing changes a program once it is built. */
const unedited = new Map<string, Program>();

export function build(files: SourceFile[], platform: "native" | "xen" = "native", settings = {}): Program {
  const make = () => buildProgram({ parser: parser(), files, platform, settings });
  if (files.length !== shipped?.length || files.some((f, i) => f !== shipped![i])) return make();
  const key = JSON.stringify([platform, settings]);
  const program = unedited.get(key) ?? make();
  unedited.set(key, program);
  return program;
}

/** Lowers C whose entry functions are those named scenario_…. */
export const compile = (text: string, platform: "native" | "xen" = "native", settings = {}): Program =>
  build([source(text)], platform, settings);

/**
 * One function's instructions in short: `load`, `rmw setbit`, `hw load_cr3`, without those that only move values
 * about.
 */
export function actions(program: Program, fn: string): string[] {
  const { code } = program.fns.get(fn) as Fn;
  return code.flatMap((i) => {
    switch (i.op) {
      case "load":
      case "store":
        return [i.op];
      case "rmw":
      case "hw":
        return [`${i.op} ${i.f}`];
      case "call":
        return [`call ${i.fn}`];
      case "icall":
      case "wait":
        return [i.op];
      default:
        return [];
    }
  });
}

/** A diagnostic as `line:column code: text it stands on`. */
export function complaint(d: Diagnostic): string {
  const { line, column } = positionAt(d.span.file, d.span.start);
  return `${line}:${column} ${d.code}: ${d.span.file.text.slice(d.span.start, d.span.end)}`;
}

/** The text without the indentation that a template has in a test, and without its first line break. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, "")
    .replace(/\n[ \t]*$/, "\n")
    .split("\n");
  const indent = Math.min(...lines.filter((l) => l.trim()).map((l) => /^ */.exec(l)![0].length));
  return lines.map((l) => l.slice(indent)).join("\n");
}
