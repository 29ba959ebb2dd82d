/**
 * The source that a tour runs on: the reader's files, or the edition's; patched copies of them; and the machines made
 * of them.
 */
import type { Program } from "../../kernel/ir";
import type { CParser } from "../../kernel/syntax/tree/parse";
import { buildProgram } from "../../kernel/program";
import type { SourceFile } from "../../kernel/syntax/source";
import { Machine } from "../../machine/machine";
import { LayoutError } from "../../machine/layout";
import type { Configuration, Scenario } from "../../scenario/scenario";
import { configurationKey } from "../../scenario/scenario-changes";
import { find, type Found, type Lost } from "../anchor/anchor";
import type { Anchor, Patch } from "../format/tour";
import { applyPatches, type Patched } from "./patch";
import { say } from "../say";
import { Statements } from "../anchor/source-statements";

/** One set of files, read for one configuration. */
export interface Source {
  files: SourceFile[];
  program: Program;
  statements: Statements;
  /** What was changed in it for the tour. */
  patched?: Patched;
  find(a: Anchor): Found | Lost;
}

export class Sources {
  private readonly plain = new Map<string, Source>();
  private readonly patchedOnes = new Map<string, Source | { error: string }>();
  private readonly machines = new Map<Source, Map<Scenario, Machine | { error: string }>>();
  private readonly references = new Map<string, Statements>();

  constructor(
    private readonly parser: CParser,
    readonly files: SourceFile[],
  ) {}

  /** The source as it is, or with these changes. */
  source(configuration: Configuration, patches: readonly Patch[]): Source | { error: string } {
    const own = configurationKey(configuration);
    if (patches.length === 0) {
      let plain = this.plain.get(own);
      if (!plain) this.plain.set(own, (plain = this.read(this.files, configuration)));
      return plain;
    }
    const key = `${own} ${JSON.stringify(patches)}`;
    let patched = this.patchedOnes.get(key);
    if (!patched) {
      const made = applyPatches(this.files, patches, (files) => this.read(files, configuration).statements);
      patched = "error" in made ? made : this.read(made.files, configuration, made);
      this.patchedOnes.set(key, patched);
    }
    return patched;
  }

  /** The machine of a source and a scenario; the same pair gives the same machine. */
  machine(source: Source, scenario: Scenario): Machine | { error: string } {
    let of = this.machines.get(source);
    if (!of) this.machines.set(source, (of = new Map()));
    let machine = of.get(scenario);
    if (!machine) {
      try {
        machine = new Machine(source.program, scenario);
      } catch (e) {
        if (!(e instanceof LayoutError)) throw e;
        machine = { error: say.noMachine(e.message) };
      }
      of.set(scenario, machine);
    }
    return machine;
  }

  private read(files: SourceFile[], { platform, settings }: Configuration, patched?: Patched): Source {
    const program = buildProgram({ parser: this.parser, files, platform, settings });
    const statements = new Statements(this.parser, program);
    const reference = this.reference({ platform, settings });
    return { files, program, statements, patched, find: (a) => find(a, statements, reference) };
  }

  /** The edition, which tours are written on: it shows what was moved. Undefined when the edition itself runs. */
  private reference({ platform, settings }: Configuration): Statements | undefined {
    const shipped = onlyEdition(this.files);
    if (shipped.length === this.files.length || shipped.every((f) => f.origin !== "edition")) return undefined;
    const key = configurationKey({ platform, settings });
    let statements = this.references.get(key);
    if (!statements)
      this.references.set(
        key,
        (statements = new Statements(
          this.parser,
          buildProgram({ parser: this.parser, files: shipped, platform, settings }),
        )),
      );
    return statements;
  }
}

/** The files that TLBscope ships, of all that there are. */
export const onlyEdition = (files: readonly SourceFile[]): SourceFile[] =>
  files.filter((f) => f.origin === "edition" || f.origin === "environment");
