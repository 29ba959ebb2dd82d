/**
 * Files that were sent before are the same objects again, so that what was computed from them is found again; and the
 * programs built from them.
 */
import type { Program } from "../kernel/ir";
import type { CParser } from "../kernel/syntax/tree/parse";
import { buildProgram } from "../kernel/program";
import type { SourceFile } from "../kernel/syntax/source";
import { configurationKey } from "../scenario/scenario-changes";
import type { Configuration } from "../scenario/scenario";

/** Programs that are kept. */
const MOST = 4;

export class SourceCache {
  private readonly known = new Map<string, SourceFile>();
  private kept: { files: SourceFile[]; key: string; program: Program }[] = [];

  constructor(private readonly parser: CParser) {}

  /** The same files, each as the object that was sent before if its text is the same. */
  intern(files: readonly SourceFile[]): SourceFile[] {
    return files.map((file) => {
      const old = this.known.get(file.uri);
      if (old && old.text === file.text && old.origin === file.origin && old.path === file.path) return old;
      this.known.set(file.uri, file);
      return file;
    });
  }

  /** The program of settled files that a scenario runs. */
  program(files: SourceFile[], { platform, settings }: Configuration): Program {
    const key = configurationKey({ platform, settings });
    const same = (k: (typeof this.kept)[number]): boolean =>
      k.key === key && k.files.length === files.length && k.files.every((f, i) => f === files[i]);
    let found = this.kept.find(same);
    if (!found)
      this.kept = [
        (found = { files, key, program: buildProgram({ parser: this.parser, files, platform, settings }) }),
        ...this.kept,
      ].slice(0, MOST);
    return found.program;
  }
}
