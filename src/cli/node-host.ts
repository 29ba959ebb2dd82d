/** What the command line and the tests need of Node: the grammar's bytes, and files from the disk. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { companionPaths, editionPaths } from "../kernel/companions";
import { expandEdition } from "../kernel/edition";
import { buildPaths } from "../kernel/tree/tree-options";
import { loadParser, type CParser } from "../kernel/syntax/tree/parse";
import type { SourceFile } from "../kernel/syntax/source";
import { readTextIfThere } from "./read-text";

/**
 * The folder that holds package.json, walkthroughs/ and dist/: bundles stand in dist/ or out/, two levels down at
 * most.
 */
export function packageRoot(): string {
  for (let dir = __dirname; dir !== path.dirname(dir); dir = path.dirname(dir))
    if (existsSync(path.join(dir, "package.json"))) return dir;
  throw new Error(`No package.json above ${__dirname}: run TLBscope from its own folder.`);
}

/** The version of what runs. */
export function packageVersion(): string {
  const manifest = readFileSync(path.join(packageRoot(), "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The bytes of the parser and of its C grammar, as they ship. */
export function parserBytes(): { runtime: Uint8Array; grammar: Uint8Array } {
  const wasm = (name: string) => readFileSync(path.join(packageRoot(), "dist", name));
  return { runtime: wasm("web-tree-sitter.wasm"), grammar: wasm("tree-sitter-c.wasm") };
}

let parser: Promise<CParser> | undefined;

/** The C parser, loaded once. */
export function nodeParser(): Promise<CParser> {
  const { runtime, grammar } = parserBytes();
  return (parser ??= loadParser(runtime, grammar));
}

/**
 * The files of a kernel tree that take part in the protocol, and those that say how the tree is built. Throws a
 * UsageError when one of them can't be read.
 */
export function treeFiles(root: string): SourceFile[] {
  const read = (p: string, origin: SourceFile["origin"]): SourceFile[] => {
    const full = path.join(root, p);
    const text = readTextIfThere(full);
    return text === undefined ? [] : [{ uri: full, path: p, text, origin }];
  };
  const files = companionPaths.flatMap((p) => read(p, "tree"));
  return files.length ? [...files, ...buildPaths.flatMap((p) => read(p, "build"))] : [];
}

/** The scenario's environment and the built-in edition, as they ship. */
export function shippedFiles(): SourceFile[] {
  const dir = path.join(packageRoot(), "walkthroughs");
  const environment: SourceFile = {
    uri: path.join(dir, "environment.c"),
    path: "environment.c",
    text: readFileSync(path.join(dir, "environment.c"), "utf8"),
    origin: "environment",
  };
  return [
    environment,
    ...editionPaths.map((p): SourceFile => {
      const full = path.join(dir, "edition", p);
      return { uri: full, path: p, text: expandEdition(readFileSync(full, "utf8")), origin: "edition" };
    }),
  ];
}
