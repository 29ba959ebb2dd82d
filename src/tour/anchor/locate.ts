/** The reverse of anchor.ts: the anchor of a statement, or of what stands on a line. */
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import type { Anchor } from "../format/tour";
import type { Statement, Statements } from "./source-statements";

/** The anchor that finds just this statement again. */
export function anchorOf(s: Statement, source: Statements): Anchor {
  const same = source.of(s.fn)!.statements.filter((x) => x.key === s.key);
  return { fn: [s.fn], stmt: [s.text], nth: same.indexOf(s) + 1 };
}

/**
 * The anchor of a line: its first statement, the one that goes on there, or the function's head. Undefined outside of
 * functions.
 */
export function anchorOnLine(file: SourceFile, line: number, source: Statements): Anchor | undefined {
  for (const name of source.names()) {
    const fn = source.of(name)!;
    if (fn.item.file !== file) continue;
    const lineOf = (offset: number): number => positionAt(file, offset).line;
    if (line < lineOf(fn.item.start) || line > lineOf(fn.item.end - 1)) continue;
    if (line <= lineOf(fn.item.nameStart)) return { fn: [name], stmt: [], nth: 1 };
    const begins = fn.statements.find((s) => lineOf(s.start) === line);
    const around = begins ?? [...fn.statements].reverse().find((s) => lineOf(s.start) < line && lineOf(s.end) >= line);
    if (around) return anchorOf(around, source);
    return undefined;
  }
  return undefined;
}
