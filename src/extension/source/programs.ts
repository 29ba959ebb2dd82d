/** Programs of trees as their text is now, built when asked for and kept while nothing changes. */
import type * as vscode from "vscode";
import type { Program } from "../../kernel/ir";
import { buildProgram } from "../../kernel/program";
import type { Settings } from "../../kernel/settings";
import type { SourceFile } from "../../kernel/syntax/source";
import { configurationKey } from "../../scenario/scenario-changes";
import type { ParserLoader } from "./parser";
import type { Shipped } from "./shipped";
import { treeFiles } from "./tree";

type Platform = "native" | "xen";

interface Kept {
  files: SourceFile[];
  programs: Map<string, Program>;
}

export class Programs {
  private readonly added = new Map<string, vscode.Uri[]>();
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly parser: ParserLoader,
    private readonly shipped: Shipped,
  ) {}

  /** Takes further files of the reader's choice into the programs of a tree. */
  add(root: vscode.Uri, files: readonly vscode.Uri[]): void {
    this.added.set(root.toString(), [...(this.added.get(root.toString()) ?? []), ...files]);
  }

  /** All files that make up a program of this tree; a file whose text stayed the same is the same object as before. */
  async files(root: vscode.Uri | undefined): Promise<SourceFile[]> {
    return (await this.refresh(root)).files;
  }

  /** The program of this tree as it is now. */
  async build(root: vscode.Uri | undefined, platform: Platform, settings?: Settings): Promise<Program> {
    const [kept, parser] = await Promise.all([this.refresh(root), this.parser.load()]);
    const key = configurationKey({ platform, settings });
    let program = kept.programs.get(key);
    if (!program) kept.programs.set(key, (program = buildProgram({ parser, files: kept.files, platform, settings })));
    return program;
  }

  private async refresh(root: vscode.Uri | undefined): Promise<Kept> {
    const key = root?.toString() ?? "";
    const [tree, environment, edition] = await Promise.all([
      treeFiles(root, this.added.get(key)),
      this.shipped.environment(),
      this.shipped.edition(),
    ]);
    const before = this.kept.get(key);
    const known = new Map(before?.files.map((file) => [file.uri, file]));
    const files = [...tree, environment, ...edition].map((file) => {
      const old = known.get(file.uri);
      return old && old.text === file.text && old.origin === file.origin && old.path === file.path ? old : file;
    });
    if (before && before.files.length === files.length && before.files.every((file, i) => file === files[i]))
      return before;
    const kept: Kept = { files, programs: new Map() };
    this.kept.set(key, kept);
    return kept;
  }
}
