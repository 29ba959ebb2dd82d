/** What a program can't do as its source says, told at the beginning of a session. */
import type { Program } from "../kernel/ir";
import { describeDiagnostic } from "./simulation";

/** Lines that the console shows before it only counts the rest. */
const SHOWN = 10;

/** Lines for the console, and one sentence for the panel; both empty when all is well. */
export function problemsOf(program: Program): { lines: string[]; notice?: string } {
  const told = [...program.diagnostics.filter((d) => d.severity === "error"), ...program.diagnostics.filter((d) => d.severity === "warning")];
  // A macro that is expanded in many places has its fault in one.
  const all = [...new Set(told.map(describeDiagnostic))];
  if (all.length === 0) return { lines: [] };
  const lines = all.slice(0, SHOWN);
  if (all.length > SHOWN) lines.push(`… and ${all.length - SHOWN} more, each marked at its place.`);
  return { lines, notice: all.length === 1 ? all[0] : `${all.length} places don't run as they are written, each marked in the source. The first: ${all[0]}` };
}
