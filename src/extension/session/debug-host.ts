/**
 * What the adapter asks of the editor: open documents with their unsaved text, the rest of their tree, scenarios, the
 * grammar.
 */
import * as vscode from "vscode";
import type { DebugHost, LaunchConfig } from "../../debug/host";
import type { Missing } from "../../kernel/program-problems";
import type { CParser } from "../../kernel/syntax/tree/parse";
import type { SourceFile } from "../../kernel/syntax/source";
import { showFailure } from "../command";
import type { EditionFolder } from "../source/edition-files";
import type { ParserLoader } from "../source/parser";
import type { MissingNames } from "../source/missing";
import type { Programs } from "../source/programs";
import type { Scenarios } from "../scenarios";
import type { Sessions } from "./sessions";
import { MAKEFILE } from "../../kernel/tree/release";
import { readText } from "../text-files";
import type { Copies } from "../source/source-copies";

export class EditorHost implements DebugHost {
  constructor(
    private readonly loader: ParserLoader,
    private readonly programs: Programs,
    private readonly scenarios: Scenarios,
    private readonly edition: EditionFolder,
    private readonly sessions: Sessions,
    private readonly copies: Copies,
    private readonly missing: MissingNames,
  ) {}

  /** The files that the last session began with. */
  ran: readonly SourceFile[] = [];

  parser(): Promise<CParser> {
    return this.loader.load();
  }

  async files(config: LaunchConfig): Promise<SourceFile[]> {
    const copy = this.copies.of(config.tree);
    if (copy) {
      this.sessions.runs(copy.originals);
      this.ran = copy.files;
      return copy.root === undefined
        ? copy.files
        : [...copy.files, ...(await makefile(vscode.Uri.parse(copy.root, true)))];
    }
    const root = config.tree === undefined ? undefined : treeUri(config.tree);
    // Stepping is best in files that can be edited, so the edition stands in as the reader's own copy where nothing
    // else is.
    if (root?.toString() === this.edition.uri.toString()) await this.edition.write();
    const files = await this.programs.files(root);
    this.sessions.runs(files);
    this.ran = files;
    return files;
  }

  async scenario(name: string): Promise<{ uri: string; text: string }> {
    const { uri, text } = await this.scenarios.find(name);
    return { uri: uri.toString(), text };
  }

  misses(config: LaunchConfig, missing: Missing, files: readonly SourceFile[]): boolean {
    // A copy is a tour's: what it lacks is its own affair.
    if (config.tree === undefined || this.copies.of(config.tree)) return false;
    const root = treeUri(config.tree),
      names = this.missing.fresh(root, missing.names);
    if (names.length === 0) return false;
    void this.missing.ask(root, { ...missing, names }, files).catch(showFailure);
    return true;
  }

  /** Shipped files have documents of their own. */
  opens(): boolean {
    return true;
  }
}

/** A launch configuration's tree: a URI, or a path on the workspace's own file system. */
function treeUri(tree: string): vscode.Uri {
  if (/^[a-zA-Z][\w+.-]+:/.test(tree)) return vscode.Uri.parse(tree, true);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (folder && folder.scheme !== "file") return folder.with({ path: tree });
  return vscode.Uri.file(tree);
}

/** Tells the kernel's release, which the files of a program that ran don't. */
async function makefile(root: vscode.Uri): Promise<SourceFile[]> {
  const uri = vscode.Uri.joinPath(root, MAKEFILE);
  try {
    return [{ uri: uri.toString(), path: MAKEFILE, text: await readText(uri), origin: "build" }];
  } catch {
    return [];
  }
}
