/** Entries of a trace put together as a reader sees them: all the moves by which one CPU carries out one statement. */
import { positionAt } from "../kernel/syntax/source";
import { W } from "../machine/layout";
import { moveCpu, MoveKind, moveKind } from "../machine/machine";
import { runningAction } from "../machine/view/describe";
import { describeAction } from "../machine/view/names";
import { narrate, placeOf } from "../machine/view/narrate";
import type { SourcePlace } from "../machine/view/view";
import type { SourceFile } from "../kernel/syntax/source";
import { atStatement } from "./stepping";
import type { Entry, Trace } from "./trace";

/**
 * The CPU whose step made this entry; undefined for the start, for an edit, and for what happens to a CPU from
 * outside.
 */
function stepper(e: Entry): number | undefined {
  return e.cause.k === "move" && moveKind(e.cause.move) === MoveKind.step ? moveCpu(e.cause.move) : undefined;
}

/** Index of the state in which the statement began that entry `index` belongs to; for the start, the start. */
export function statementStart(trace: Trace, index: number): number {
  if (index <= 0) return 0;
  const c = stepper(trace.entry(index));
  let at = index - 1;
  if (c === undefined) return at;
  while (at > 0 && stepper(trace.entry(at)) === c && !atStatement(trace.machine, trace.entry(at).state, c)) at--;
  return at;
}

const sentences = new WeakMap<Entry, string>();

/** What the statement that ends in entry `index` did, in one sentence. */
export function statementSentence(trace: Trace, index: number): string {
  const entry = trace.entry(index);
  let text = sentences.get(entry);
  if (text === undefined) sentences.set(entry, (text = tell(trace, index)));
  return text;
}

function tell(trace: Trace, index: number): string {
  const { cause } = trace.entry(index);
  const from = statementStart(trace, index);
  if (cause.k !== "move" || from === index - 1) return trace.sentence(index);
  const effects = Array.from({ length: index - from }, (_, i) => trace.entry(from + 1 + i).effects).flat();
  return narrate(trace.machine, trace.entry(from).state, cause.move, effects);
}

/**
 * The place of the statement that ends in entry `index`: in the source, or in the scenario for an action that begins.
 */
export function statementPlace(trace: Trace, index: number, script: SourceFile): SourcePlace | undefined {
  const { cause } = trace.entry(index);
  if (cause.k !== "move") return undefined;
  const { machine } = trace;
  const c = moveCpu(cause.move);
  const before = trace.entry(statementStart(trace, index)).state;
  const pc = before[machine.layout.cpu[c] + W.pc];
  return pc === 0 ? actionPlace(trace, runningAction(machine, before, c), c, script) : placeOf(machine, pc);
}

/** Where the scenario asks CPU `c` for its action number `index`; after the last one, where it asked for that. */
export function actionPlace(trace: Trace, index: number, c: number, script: SourceFile): SourcePlace | undefined {
  const { does } = trace.machine.scenario.cpus[c];
  const asked = does[Math.min(index, does.length - 1)];
  if (!asked) return undefined;
  const text = script.text.slice(asked.range.start, asked.range.end).trimEnd();
  const start = positionAt(script, asked.range.start),
    end = positionAt(script, asked.range.start + text.length);
  return {
    file: script.uri,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    fn: describeAction(asked.action),
  };
}
