/** What a tour plays on: the reader's tree, or the edition where no kernel's C is open. */
import * as vscode from "vscode";
import type { SourceFile } from "../../kernel/syntax/source";
import type { Scenario } from "../../scenario/scenario";
import type { Tour } from "../../tour/format/tour";
import { TourPlayer } from "../../tour/play/player";
import type { EditionFolder } from "../source/edition-files";
import type { ParserLoader } from "../source/parser";
import type { Programs } from "../source/programs";
import type { Scenarios } from "../scenarios";
import { currentTree } from "../source/tree";

export interface Playing {
  player: TourPlayer;
  /** As `Programs.files` gave them: the same list as long as nothing changes. */
  files: SourceFile[];
  /** What a launch configuration names each scenario by. */
  scenarioName(id: string): string;
}

export class TourSources {
  constructor(
    readonly parser: ParserLoader,
    readonly programs: Programs,
    readonly scenarios: Scenarios,
    private readonly edition: EditionFolder,
  ) {}

  /** The tree in front; undefined for files that are in none. */
  async root(): Promise<vscode.Uri | undefined> {
    const found = await currentTree();
    if (found !== "none") return found;
    await this.edition.write();
    return this.edition.uri;
  }

  files(root: vscode.Uri | undefined): Promise<SourceFile[]> {
    return this.programs.files(root);
  }

  async play(tour: Tour, root: vscode.Uri | undefined): Promise<Playing> {
    const [parser, files, found] = await Promise.all([this.parser.load(), this.files(root), this.scenarios.all()]);
    const known = new Map<string, { scenario: Scenario; name: string }>();
    for (const { scenario, name } of found)
      if (scenario && !known.has(scenario.id)) known.set(scenario.id, { scenario, name });
    const player = new TourPlayer({ parser, files, tour, scenario: (id) => known.get(id)?.scenario });
    return { player, files, scenarioName: (id) => known.get(id)?.name ?? id };
  }
}

/** Whether a file is open or only on disk makes no difference to what it says. */
export function sameText(a: readonly SourceFile[], b: readonly SourceFile[]): boolean {
  if (a === b) return true;
  const texts = new Map(b.map((f) => [f.uri, f.text]));
  return a.length === b.length && a.every((f) => texts.get(f.uri) === f.text);
}
