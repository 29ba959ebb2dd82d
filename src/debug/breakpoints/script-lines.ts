/** Lines of a scenario's file: where a breakpoint can stop before a CPU does what it is asked to. */
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import type { Scenario } from "../../scenario/scenario";

/** A line of the scenario's file at which a CPU is asked for something. */
export interface ScriptLine {
  cpu: number;
  index: number;
  line: number;
  column: number;
}

/** The first action that the scenario's file asks for on this line or below it. */
export function actionFrom(script: SourceFile, scenario: Scenario, line: number): ScriptLine | { why: string } {
  const all = scenario.cpus.flatMap((c, cpu) =>
    c.does.map((d, index) => ({ cpu, index, ...positionAt(script, d.range.start) })),
  );
  const next = all.filter((a) => a.line >= line).sort((a, b) => a.line - b.line)[0];
  return (
    next ?? { why: `No CPU is asked to do anything on line ${line} or below it. Set the breakpoint on an action.` }
  );
}
