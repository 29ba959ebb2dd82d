/** What of a program can't run as its source says: each diagnostic in words, and the names that no file defines. */
import { missingCompanions } from "./companions";
import type { Program } from "./ir";
import { describeSpan, type Diagnostic, type SourceFile } from "./syntax/source";

/** `kernel/sched.c:3007: …`. */
export const describeDiagnostic = ({ span, message }: Diagnostic): string => `${describeSpan(span)}: ${message}`;

/** Errors first, then warnings, each in words, and each once: a macro expanded in many places has its fault in one. */
export function faultsOf(program: Program): string[] {
  const faults = [
    ...program.diagnostics.filter((d) => d.severity === "error"),
    ...program.diagnostics.filter((d) => d.severity === "warning"),
  ];
  return [...new Set(faults.map(describeDiagnostic))];
}

/** Names that no file defines, and the files of the tree that use them. */
export interface Missing {
  names: string[];
  users: SourceFile[];
}

/** What no file of the program defines; the built-in edition's own files count as no users. */
export function missingOf(program: Program): Missing {
  const all = program.notModelled.filter((n) => /^(struct )?\w+$/.test(n.name) && n.name !== "asm");
  const users = new Set(all.map((n) => n.diagnostic.span.file));
  return {
    names: [...new Set(all.map((n) => n.name))],
    users: program.files.filter((f) => users.has(f) && (f.origin === "open" || f.origin === "tree")),
  };
}

/** Names that are listed before the rest is only counted. */
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
