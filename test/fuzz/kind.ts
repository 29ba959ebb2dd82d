/** What a kind of fuzzing is, and what comes of one of its cases. */
import type { KindName } from "./names";

/** Something that must not be. */
export interface Finding {
  /** Findings of one cause are counted together: a short sentence without numbers or names from the input. */
  cause: string;
  /** What happened, for this input. */
  message: string;
  /** The smallest input known, and what its file's name ends in. */
  input: string;
  extension: string;
}

export interface Result {
  /** Cases in this seed: requests are sent by the session. */
  cases: number;
  /** What became of them, for the table: "agree", "dropped: undefined", … */
  counts: Record<string, number>;
  findings: Finding[];
}

export interface Options {
  /** A kernel tree, whose files are taken instead of the edition's where a kind can. */
  tree?: string;
}

/** Told before a case runs, so that a hang or a death can be reported with its input (and what it is an example of). */
export type Announce = (input: string, extension: string, what?: string) => void;

export interface Kind {
  name: KindName;
  /** Runs the case (or cases) of a seed. What it throws is a finding, too. */
  run(seed: number, announce: Announce): Promise<Result> | Result;
}

/** Collects what a case gives. */
export class Tally {
  readonly counts: Record<string, number> = {};
  readonly findings: Finding[] = [];

  count(what: string, n = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + n;
  }

  result(cases = 1): Result {
    return { cases, counts: this.counts, findings: this.findings };
  }
}

/** An error's name and message without what differs from input to input, and the function it came from. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${String(error)}`;
  const frame = /at (?:new |async )?(?:Object\.)?([\w.<>]+) \(.*?\b(src\/[^:)]+):/.exec(error.stack ?? "");
  const message = error.message.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "…").replace(/\d+/g, "N");
  return `${error.name}: ${message.slice(0, 100)}${frame ? ` in ${frame[1]} (${frame[2]})` : ""}`;
}
