/** A program's problems as a session shows them when it begins: in the console, and in a sentence in the panel. */
import type { Program } from "../../kernel/ir";
import { askFor, faultsOf } from "../../kernel/program-problems";

/** Lines that the console shows before it only counts the rest. */
const SHOWN = 10;

/** Lines for the console, and one sentence for the panel; both empty when all is well. */
export function problemsOf(program: Program): { lines: string[]; notice?: string } {
  const all = faultsOf(program);
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
