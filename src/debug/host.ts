/** What the debug adapter needs from whoever runs it: the extension, or the adapter on standard input and output. */
import type { Missing } from "../kernel/program-problems";
import type { CParser } from "../kernel/syntax/tree/parse";
import type { SourceFile } from "../kernel/syntax/source";

/** A launch configuration of type `tlbscope`, as a reader writes it. */
export interface LaunchConfig {
  /** The id of a built-in scenario, or the path or URI of a scenario file. */
  scenario: string;
  /** The folder of a kernel tree; absent: the files that are open, and the built-in edition. */
  tree?: string;
  /**
   * Stop at this line, on the shortest execution that reaches it. `file` is a path or URI as the program's files have
   * it.
   */
  stopAt?: { file: string; line: number };
  /** Stop at the start of the scenario. */
  stopOnEntry?: boolean;
  /** Memory order, instead of the scenario's own. */
  order?: "sc" | "tso";
  /**
   * Options, CPU features and static keys by their names in the source, instead of the scenario's own and the
   * defaults.
   */
  settings?: Record<string, boolean | number>;
}

export interface DebugHost {
  parser(): Promise<CParser>;
  /**
   * The open documents (unsaved text included), the tree's files, the environment and the built-in edition. Asked again
   * for every launch. A file whose path is `Makefile` only gives the kernel's release.
   */
  files(config: LaunchConfig): Promise<SourceFile[]>;
  /** The text of a scenario. Throws when there is none of that name, saying which there are. */
  scenario(ref: string): Promise<{ uri: string; text: string }>;
  /**
   * Called at the beginning of a session with what no file of its program defines; the session goes on. True when the
   * reader is now asked for it.
   */
  misses?(config: LaunchConfig, missing: Missing, files: readonly SourceFile[]): boolean;
  /** Can the client open this file itself, as its URI says? If not, it asks the adapter for the text. */
  opens(file: SourceFile): boolean;
}
