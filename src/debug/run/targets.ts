/** Where a step or a jump can lead: functions that a statement calls, and lines of a function. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { DebugError } from "../debug-error";
import { Lines, type Line } from "../../machine/view/lines";
import { frameAt } from "../stack/frames";
import type { Session } from "../session";

/** Functions that the statement of a frame calls; a target's id is the function's code address. */
export function stepInTargets({ sim, machine }: Session, id: number): DebugProtocol.StepInTarget[] {
  const at = frameAt(sim, id);
  if (!at?.frame) return [];
  const { code } = machine;
  const { pc, fn } = at.frame;
  const targets = new Map<number, string>();
  for (let i = pc; i < fn.entry + fn.code.length && (i === pc || !code.begins[i]); i++) {
    const { op, to } = code.instrs[i];
    if (op === "call" && to !== 0) targets.set(to, code.fnOf[to].name);
  }
  return [...targets].map(([entry, label]) => ({ id: entry, label }));
}

/** Lines that the client may ask a CPU to go to, by number. */
export class GotoTargets {
  private lines: Lines | undefined;
  private readonly offered: Line[] = [];

  constructor(private readonly session: Session) {}

  /** The step on this line, or the nearest one below in the same function. */
  at({ source, line }: DebugProtocol.GotoTargetsArguments): DebugProtocol.GotoTarget[] {
    const file = this.session.sources.find(source);
    if (!file) throw new DebugError("This file takes no part in the simulation.");
    const target = (this.lines ??= new Lines(this.session.machine)).nearest(file, line);
    if ("why" in target) throw new DebugError(target.why);
    const id = this.offered.push(target);
    return [
      {
        id,
        label: `line ${target.line} of ${this.lines.functionAround(file, target.line)?.name ?? file.path}`,
        line: target.line,
        column: target.column,
      },
    ];
  }

  named(id: number): Line {
    const line = this.offered[id - 1];
    if (!line) throw new DebugError("This target belongs to another session. Ask for the targets again.");
    return line;
  }
}
