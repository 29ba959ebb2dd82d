/**
 * What there is to say of a source before it is said what it does: what isn't modelled, files that are missing, headers
 * that weren't read. Each command tells it in the same words on standard error, so that its answer can be piped on.
 */
import type { Program } from "../kernel/ir";
import { askFor, describePlace } from "../kernel/program-problems";
import type { Diagnostic } from "../kernel/syntax/source";
import type { Configuration } from "../scenario/scenario";
import type { SourceTree } from "./source-tree";

export class Remarks {
  private readonly said = new Set<string>();

  /** `source`, as it is read by now. */
  constructor(private readonly source: SourceTree) {
    this.tell(source.remarks);
  }

  /** Tells what there is to say of the program of a configuration, and gives the program. */
  async program(configuration: Configuration): Promise<Program> {
    const program = await this.source.program(configuration);
    this.tell(remarksOf(program));
    return program;
  }

  /** What was said before isn't said again. */
  private tell(lines: readonly string[]): void {
    for (const line of lines) if (!this.said.has(line) && this.said.add(line)) console.error(line);
  }
}

/** Tells what there is to say of a source that is read for these configurations. */
export async function tellRemarks(source: SourceTree, configurations: Iterable<Configuration>): Promise<void> {
  const remarks = new Remarks(source);
  for (const configuration of configurations) await remarks.program(configuration);
}

const remarksOf = (program: Program): string[] => [
  ...[askFor(program)].flatMap((ask) => ask ?? []),
  ...oncePerMessage(program.diagnostics).map((d) => `${describePlace(d.span)}: ${d.severity}: ${d.message}`),
  ...program.standIns.map((f) => `${f.path}: not in the tree; the built-in edition's stands in.`),
];

/** What is missing is asked for once, however often it is used. */
function oncePerMessage(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const told = new Set<string>();
  return diagnostics.filter((d) => d.code !== "not-modelled" || (!told.has(d.message) && told.add(d.message)));
}
