/** What a program can't do as its source says, told at the beginning of a session. */
import { missingCompanions } from "../../kernel/companions";
import type { Program } from "../../kernel/ir";
import type { SourceFile } from "../../kernel/syntax/source";
import { describeDiagnostic } from "./simulation";

/** Lines that the console shows before it only counts the rest. */
const SHOWN = 10;

/** Lines for the console, and one sentence for the panel; both empty when all is well. */
export function problemsOf(program: Program): { lines: string[]; notice?: string } {
  const told = [
    ...program.diagnostics.filter((d) => d.severity === "error"),
    ...program.diagnostics.filter((d) => d.severity === "warning"),
  ];
  // A macro that is expanded in many places has its fault in one.
  const all = [...new Set(told.map(describeDiagnostic))];
  if (all.length === 0) return { lines: [] };
  const asked = askFor(program);
  const lines = [...(asked ? [asked] : []), ...all.slice(0, SHOWN)];
  if (all.length > SHOWN) lines.push(`… and ${all.length - SHOWN} more, each marked at its place.`);
  if (asked) return { lines, notice: asked };
  return {
    lines,
    notice:
      all.length === 1
        ? all[0]
        : `${all.length} places don't run as they are written, each marked in the source. The first: ${all[0]}`,
  };
}

/** Names that no file defines, and the files of the tree that use them. */
export interface Missing {
  names: string[];
  users: SourceFile[];
}

export function missingOf(program: Program): Missing {
  const all = program.notModelled.filter((n) => /^(struct )?\w+$/.test(n.name) && n.name !== "asm");
  const users = new Set(all.map((n) => n.diagnostic.span.file));
  return {
    names: [...new Set(all.map((n) => n.name))],
    users: program.files.filter((f) => users.has(f) && (f.origin === "open" || f.origin === "tree")),
  };
}

/** Names of one kind that are told before the rest is only counted. */
const NAMED = 5;

/**
 * Asks once for what no open file defines: by its names, and by the files of the protocol that the tree lacks.
 * Undefined when a single name, or none, is missing.
 */
export function askFor(program: Program): string | undefined {
  const { names } = missingOf(program);
  if (names.length < 2) return undefined;
  const own = program.files.filter((f) => f.origin === "open" || f.origin === "tree").map((f) => f.path);
  const lacking = missingCompanions(own);
  const list =
    names.length > NAMED ? `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more` : names.join(", ");
  const where =
    own.length > 0 && lacking.length > 0
      ? `This tree has no ${lacking.join(", no ")}: open ${lacking.length === 1 ? "it" : "them"}, or files that ` +
        "define these names"
      : "Open the files that define them";
  return (
    `${names.length} names are defined in no open file: ${list}. Each counts as 0 or does nothing, and the rest ` +
    `runs. ${where}.`
  );
}
