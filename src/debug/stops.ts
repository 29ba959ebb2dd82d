/** Why the machine stopped, in the protocol's words and in a sentence for the reader. */
import { W } from "../machine/layout";
import { properties } from "../machine/effects";
import { placeOf } from "../machine/narrate";
import { waitsFor } from "../machine/describe";
import { move, MoveKind, type Machine, type State } from "../machine/machine";
import { statementSentence } from "../panel/statement";
import type { Stop } from "../trace/stepping";
import type { Simulation } from "./simulation";

export interface StopNews {
  reason: string;
  /** One sentence. */
  description: string;
  /** Why, for an exception. */
  text?: string;
  /** What the reader can do now, when what they asked for could not be done as they might expect. */
  notice?: string;
}

/** What to tell about a stop. */
export function newsOf(sim: Simulation, stop: Stop): StopNews {
  const { machine, trace } = sim;
  switch (stop.k) {
    case "step": return { reason: "step", description: statementSentence(trace, trace.cursor) };
    case "breakpoint": return { reason: "breakpoint", description: statementSentence(trace, trace.cursor) };
    case "violation": {
      const { property, why } = stop.violation;
      return { reason: "exception", description: `Broken: ${properties[property].label}.`, text: why };
    }
    case "waits": return noticed("step", waitSentence(machine, trace.state, stop.cpu));
    case "done": return noticed("step", `CPU${stop.cpu} has done all that the scenario asks of it. Select another CPU, step back, or restart.`);
    case "deadlock": return { reason: "exception", description: `Broken: ${properties.deadlock.label}.`, text: deadlockSentence(machine, trace.state) };
    case "finished": return noticed("pause", "All CPUs have done what the scenario asks. Step back, drag the history, or restart.");
    case "start": return noticed("step", "This is the beginning of the history.");
    case "limit": return noticed("pause", limitSentence(sim, stop.steps));
    case "paused": return { reason: "pause", description: `Paused after step ${trace.cursor}.` };
  }
}

const noticed = (reason: string, sentence: string): StopNews => ({ reason, description: sentence, notice: sentence });

/** What a CPU waits for, and what the reader can do about it. */
export function waitSentence(machine: Machine, s: State, cpu: number): string {
  const why = waitsFor(machine, s, cpu) ?? "can't go on alone";
  if (s[machine.layout.cpu[cpu] + W.halted]) return `CPU${cpu} was ${why}. Step back to see how it came to that, or restart.`;
  const deliverable = pendingFor(machine, s, cpu).length > 0;
  const others = machine.layout.cpuCount > 1 ? "Select another CPU and step it, or press Continue to let all CPUs run" : "Step back to see how it came to that";
  return `CPU${cpu} ${why}. ${others}${deliverable ? `; an interrupt is pending on CPU${cpu} and can be delivered` : ""}.`;
}

/** Moves by which interrupts that are pending on a CPU are taken, if it takes any now. */
export function pendingFor(machine: Machine, s: State, cpu: number): number[] {
  return machine.moves(s).filter((m) => ((m >> 16) & 0xff) === cpu && (m >> 24 === MoveKind.vector || m >> 24 === MoveKind.call));
}

function deadlockSentence(machine: Machine, s: State): string {
  const parts = machine.scenario.cpus.flatMap((_, c) => {
    const why = machine.hasStep(s, c) ? waitsFor(machine, s, c) : undefined;
    return why === undefined ? [] : [`CPU${c} ${why}${s[machine.layout.cpu[c] + W.irqsOn] === 0 ? " with interrupts off" : ""}`];
  });
  const stopped = machine.scenario.cpus.flatMap((_, c) => (s[machine.layout.cpu[c] + W.halted] ? [`CPU${c} has stopped`] : []));
  return `No CPU can go on: ${[...parts, ...stopped].join("; ")}. Step back to find where they took what the others wait for.`;
}

function limitSentence({ machine, trace }: Simulation, steps: number): string {
  const at = machine.scenario.cpus.flatMap((_, c) => {
    const place = machine.hasStep(trace.state, c) ? placeOf(machine, trace.state[machine.layout.cpu[c] + W.pc]) : undefined;
    return place ? [`CPU${c} is in ${place.fn}(), line ${place.line}`] : [];
  });
  return `Stopped after ${steps} steps without an end in sight: ${at.join("; ")}. If a loop there has no way out, give it one; else press Continue to go on.`;
}

export const deliverMove = (kind: "vector" | "call", cpu: number, n: number): number => move(kind === "call" ? MoveKind.call : MoveKind.vector, cpu, n);
