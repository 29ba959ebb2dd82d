/**
 * A kernel tree as the commands run it, or the built-in edition: the files of the protocol, and the headers that they
 * include for names that none of them defines.
 */
import { realpathSync } from "node:fs";
import path from "node:path";
import { headersOf } from "../kernel/headers";
import type { Program } from "../kernel/ir";
import { buildProgram } from "../kernel/program";
import { missingOf } from "../kernel/program-problems";
import type { SourceFile } from "../kernel/syntax/source";
import { configurationKey } from "../scenario/scenario-changes";
import type { Configuration } from "../scenario/scenario";
import { nodeParser, shippedFiles } from "./node-host";
import { readTextIfThere } from "./read-text";
import { UsageError } from "./usage-error";

/** How often headers are followed: what they define may use names of further ones. */
const ROUNDS = 4;
/** Headers that are taken at most, and their characters. */
const MOST_TAKEN = 40;
const MOST_CHARACTERS = 4 * 2 ** 20;

export class SourceTree {
  /** What was read beside the files of the protocol, and what wasn't though the source includes it: a line each. */
  readonly remarks: string[] = [];
  private readonly shipped = shippedFiles();
  private readonly programs = new Map<string, { files: readonly SourceFile[]; program: Program }>();
  private taken = 0;
  private characters = 0;

  /** `own`: the files of the protocol at `root`; none, and no root, for the built-in edition. */
  constructor(
    private readonly root: string | undefined,
    private own: readonly SourceFile[],
  ) {}

  /** The files to run: the tree's, then those that ship. */
  get files(): SourceFile[] {
    return [...this.own, ...this.shipped];
  }

  /** Reads the headers that programs of these configurations need. */
  async follow(configurations: Iterable<Configuration>): Promise<this> {
    for (const configuration of configurations)
      for (let round = 0; round < ROUNDS && (await this.followOnce(configuration)); round++);
    return this;
  }

  /** Were there headers that define what is missing? */
  private async followOnce(configuration: Configuration): Promise<boolean> {
    const { root } = this;
    if (root === undefined) return false;
    const missing = missingOf(await this.program(configuration));
    if (missing.names.length === 0) return false;
    const taken = new Set(this.own.map((f) => f.path));
    const { headers } = await headersOf(missing, taken, (p) => Promise.resolve(this.read(root, p)));
    const fits = headers.filter(({ text }) => {
      if (this.taken >= MOST_TAKEN || this.characters + text.length > MOST_CHARACTERS) return false;
      this.taken++;
      this.characters += text.length;
      return true;
    });
    if (fits.length < headers.length)
      this.remark("There are more headers than are read by themselves: names that they define stay unknown.");
    this.own = [
      ...this.own,
      ...fits.map((h): SourceFile => ({ uri: path.join(root, h.path), path: h.path, text: h.text, origin: "tree" })),
    ];
    return fits.length > 0;
  }

  /** The text of a header, undefined where there is none; one that isn't to be read is told, and counts as none. */
  private read(root: string, header: string): string | undefined {
    const full = path.join(root, header);
    try {
      const real = realpathSync(full);
      if (!real.startsWith(path.join(realpathSync(root), path.sep))) {
        this.remark(`${header}: not read, as it is a link that leads out of the tree.`);
        return undefined;
      }
      return readTextIfThere(real);
    } catch (e) {
      if (e instanceof UsageError) this.remark(`${header}: not read. ${e.message}`);
      return undefined;
    }
  }

  private remark(text: string): void {
    if (!this.remarks.includes(text)) this.remarks.push(text);
  }

  /** The program of the files as they are now. */
  async program({ platform, settings }: Configuration): Promise<Program> {
    const key = configurationKey({ platform, settings });
    const known = this.programs.get(key);
    if (known?.files === this.own) return known.program;
    const program = buildProgram({ parser: await nodeParser(), files: this.files, platform, settings });
    this.programs.set(key, { files: this.own, program });
    return program;
  }
}
