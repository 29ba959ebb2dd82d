/** Stack frames: the C call stack of each CPU. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { FRAME, W } from "../../machine/layout";
import { interruptOf } from "../../machine/state";
import type { FrameRef } from "../../machine/evaluate";
import { placeOf } from "../../machine/view/narrate";
import type { CpuMode, SourcePlace } from "../../machine/view/view";
import { describe, runningAction } from "../../machine/view/describe";
import { actionPlace } from "../../trace/statement";
import { DebugError } from "../debug-error";
import type { Simulation } from "../launch/simulation";
import type { Sources } from "../client-sources";

const FRAMES_PER_CPU = 1000;
/** Frames of a CPU are numbered from the innermost one; a number means something only until the next move. */
const frameId = (cpu: number, index: number): number => (cpu + 1) * FRAMES_PER_CPU + index;
const frameOf = (id: number): { cpu: number; index: number } => ({
  cpu: Math.floor(id / FRAMES_PER_CPU) - 1,
  index: id % FRAMES_PER_CPU,
});

/**
 * The frame that a number stands for now; its own frame is undefined when that CPU runs nothing of the program, or has
 * returned from it. Throws a DebugError when the number was never given.
 */
export function frameAt(
  { machine, trace }: Simulation,
  id: number | undefined,
): { cpu: number; frame: FrameRef | undefined } | undefined {
  if (id === undefined) return undefined;
  const { cpu, index } = frameOf(id);
  if (cpu < 0 || cpu >= machine.layout.cpuCount)
    throw new DebugError(`There is no frame ${id}. Ask for the stack of a thread again.`);
  return { cpu, frame: machine.stack(trace.state, cpu)[index] };
}

const modes: Record<CpuMode, string> = {
  user: "in user mode",
  idle: "waits for work",
  kernel: "in the kernel",
  interrupt: "in an interrupt",
  halted: "stopped",
  done: "is done",
};

/**
 * The call stack of a CPU, innermost first; a CPU that runs nothing of the program has one frame, at what it is asked
 * to do next.
 */
export function stackFrames(sim: Simulation, sources: Sources, cpu: number): DebugProtocol.StackFrame[] {
  const { machine, trace } = sim;
  const { layout: l } = machine;
  const s = trace.state;
  const frames = machine.stack(s, cpu).map((f, i): DebugProtocol.StackFrame => {
    const irq = interruptOf(s[f.fp + FRAME.info]);
    const name = irq
      ? `${f.fn.name} [${irq.kind === "call" ? `function call from CPU${irq.n}` : "interrupt"}]`
      : f.fn.name;
    return {
      id: frameId(cpu, i),
      name,
      ...located(placeOf(machine, f.pc), sources),
      canRestart: true,
      instructionPointerReference: String(f.pc),
    };
  });
  if (frames.length > 0) return frames;
  const task = l.objectAt(s[l.cpu[cpu] + W.current]);
  const mode = describe(machine, s).cpus[cpu].mode;
  return [
    {
      id: frameId(cpu, 0),
      name: `${task} ${modes[mode]}`,
      ...located(actionPlace(trace, runningAction(trace.machine, s, cpu), cpu, sim.script), sources),
      canRestart: false,
    },
  ];
}

function located(
  place: SourcePlace | undefined,
  sources: Sources,
): Pick<DebugProtocol.StackFrame, "source" | "line" | "column"> {
  const file = place && sources.byUri(place.file);
  if (!place || !file) return { line: 0, column: 0 };
  // Without an end: an editor would select the stretch, and what the reader types would replace it.
  return { source: sources.named(file), line: place.line, column: place.column };
}
