import { positionAt, type Span } from "../../src/kernel/syntax/source";

/** `kernel/sched.c:3018`, as tests print it. */
export function describeSpan(span: Span): string {
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}
