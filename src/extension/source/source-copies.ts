/**
 * Sources that run in place of the files as they are: a copy that a tour's step has changed, or the edition where the
 * reader's files won't do.
 */
import * as vscode from "vscode";
import type { SourceFile } from "../../kernel/syntax/source";

interface SourceCopy {
  /** What runs. */
  files: SourceFile[];
  /** The same files as they are. */
  originals: SourceFile[];
  /** The tree that they are from, if they are from one: its Makefile gives the kernel's version. */
  root?: string;
}

const scheme = "tlbscope-copy";

/** Keeps each copy under a URI that a launch configuration can name as its tree. */
export class Copies {
  private readonly kept = new Map<string, SourceCopy>();
  private readonly names = new Map<SourceFile[], string>();

  /** The URI of a copy; the same files get the same one. */
  keep(copy: SourceCopy): string {
    let name = this.names.get(copy.files);
    if (name === undefined) {
      name = vscode.Uri.from({ scheme, path: `/${this.names.size + 1}` }).toString();
      this.names.set(copy.files, name);
      this.kept.set(name, copy);
    }
    return name;
  }

  of(tree: string | undefined): SourceCopy | undefined {
    return tree === undefined ? undefined : this.kept.get(tree);
  }
}
