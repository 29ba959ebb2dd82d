/** Source texts and places in them. Offsets count UTF-16 units from 0, lines and columns count from 1. */

/**
 * Where a source text comes from; an earlier origin wins over a later one when both define a function. `build` is no C:
 * what the tree says of its options and its release.
 */
export type Origin = "open" | "tree" | "environment" | "edition" | "build";

export interface SourceFile {
  /** URI or path that the caller knows the file by; steps name it. */
  uri: string;
  /** Path from the tree's root, for people: `kernel/sched.c`. */
  path: string;
  text: string;
  origin: Origin;
}

/** A stretch of one file. */
export interface Span {
  file: SourceFile;
  start: number;
  end: number;
}

interface Position {
  line: number;
  column: number;
}

const lineStarts = new WeakMap<SourceFile, number[]>();

function startsOf(file: SourceFile): number[] {
  let starts = lineStarts.get(file);
  if (!starts) {
    starts = [0];
    for (let i = file.text.indexOf("\n"); i >= 0; i = file.text.indexOf("\n", i + 1)) starts.push(i + 1);
    lineStarts.set(file, starts);
  }
  return starts;
}

/** Line and column of an offset. Offsets past the end give the last position. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = startsOf(file);
  let lo = 0,
    hi = starts.length - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (starts[mid] <= offset) lo = mid;
    else hi = mid - 1;
  }
  return { line: lo + 1, column: Math.min(offset, file.text.length) - starts[lo] + 1 };
}

/** Offset of the start of a line; lines past the end give the text's length. */
export function offsetOfLine(file: SourceFile, line: number): number {
  return startsOf(file)[line - 1] ?? file.text.length;
}

/** `kernel/sched.c:3018`, for messages. */
export function describeSpan(span: Span): string {
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}

export type Severity = "error" | "warning" | "info";

/** Something the reader should know about their source, at its place. */
export interface Diagnostic {
  severity: Severity;
  /** What, and what to do. */
  message: string;
  span: Span;
  /** `not-modelled` marks are drawn in the text; the others are ordinary squiggles. */
  code: "not-modelled" | "cannot-lower" | "conditional" | "unclosed" | "missing";
}
