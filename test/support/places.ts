/** Places in sources, as tests name them. */
import { positionAt, type Span } from "../../src/kernel/syntax/source";

/** `kernel/sched.c:3018`, for messages. */
export function describeSpan(span: Span): string {
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}
