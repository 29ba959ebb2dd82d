/**
 * *Step through it*: a debug session on an execution that a search has found. Of one that breaks a promise it stands at
 * the statement at which that is decided, with the rest ahead; else at its end.
 */
import * as vscode from "vscode";
import type { SourceFile } from "../../kernel/syntax/source";
import { moveCpu, type Move } from "../../machine/machine";
import type { MemoryOrder } from "../../scenario/scenario";
import type { Programs } from "../source/programs";
import type { Driver } from "../session/driver";
import type { RunCopies } from "./run-copies";

/** An execution, and the program that it is of. */
interface Execution {
  root: vscode.Uri | undefined;
  /** The program's files as they were searched. */
  files: readonly SourceFile[];
  /** The file that was changed for the search, if one was, and how. */
  change?: { file: SourceFile; how: string };
  /** What a launch configuration names the scenario by. */
  scenario: string;
  order: MemoryOrder;
  moves: Move[];
}

export class StepThrough {
  /** Programs that sessions were made of: a session of the same one is used again. */
  private readonly programs = new Map<string, object>();

  constructor(
    private readonly sources: Programs,
    private readonly driver: Driver,
    private readonly copies: RunCopies,
  ) {}

  async show({ root, files, change, scenario, order, moves }: Execution): Promise<boolean> {
    const now = new Map((await this.sources.files(root)).map((f) => [f.uri, f.text]));
    const edited = vscode.l10n.t("As it was checked: the file has been edited since");
    const run = files.map((f) => {
      if (change?.file.uri === f.uri) return this.copies.keep(f, change.file.text, change.how);
      return now.get(f.uri) === f.text ? f : this.copies.keep(f, f.text, edited);
    });
    const asItStands = run.every((f, i) => f === files[i]);
    const key = [scenario, order, ...run.map((f) => `${f.uri} ${f.text.length}`)].join("\n");
    let machine = this.programs.get(key);
    if (!machine || asItStands) this.programs.set(key, (machine = {}));
    const shown = await this.driver.drive({
      machine,
      scenario,
      order,
      tree: asItStands ? root?.toString() : undefined,
      files: run,
      originals: [...files],
      moves,
      cpu: moves.length ? moveCpu(moves.at(-1)!) : 0,
      decisive: true,
    });
    if (shown && !asItStands) vscode.window.setStatusBarMessage(change?.how ?? edited, 8000);
    return shown;
  }
}
