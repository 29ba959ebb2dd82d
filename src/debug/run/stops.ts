/** Why the machine stopped, in the protocol's words and in a sentence for the reader. */
import { W } from "../../machine/layout";
import { properties, type PropertyId } from "../../machine/effects";
import { placeOf } from "../../machine/view/narrate";
import { waitsFor } from "../../machine/view/describe";
import { isInterrupt, moveCpu, type Machine, type Move, type State } from "../../machine/machine";
import { choicesOn } from "../../machine/view/choose";
import { statementSentence } from "../../trace/statement";
import type { Stop } from "../../trace/stepping";
import type { Simulation } from "../launch/simulation";

export interface StopNews {
  reason: string;
  /** One sentence. */
  description: string;
  /** The property that is broken, and why. */
  broken?: { property: PropertyId; why: string };
  /** What the reader can do now, when what they asked for could not be done as they might expect. */
  notice?: string;
}

/** The words for a stop. */
export function newsOf(sim: Simulation, stop: Stop): StopNews {
  const { machine, trace } = sim;
  switch (stop.k) {
    case "step":
      return { reason: "step", description: statementSentence(trace, trace.cursor) };
    case "breakpoint":
      return { reason: "breakpoint", description: statementSentence(trace, trace.cursor) };
    case "violation": {
      const { property, why } = stop.violation;
      return { reason: "exception", description: `Broken: ${properties[property].label}.`, broken: { property, why } };
    }
    case "waits":
      return noticed("step", waitSentence(machine, trace.state, stop.cpu));
    case "done":
      return noticed(
        "step",
        isHalted(machine, trace.state, stop.cpu)
          ? waitSentence(machine, trace.state, stop.cpu)
          : (choiceSentence(machine, trace.state, stop.cpu) ??
              `CPU${stop.cpu} has done all that the scenario asks of it. Select another CPU, step back, or restart.`),
      );
    case "deadlock":
      return {
        reason: "exception",
        description: `Broken: ${properties.deadlock.label}.`,
        broken: { property: "deadlock", why: deadlockSentence(machine, trace.state) },
      };
    case "finished":
      return noticed("pause", endSentence(machine, trace.state));
    case "start":
      return noticed("step", "This is the beginning of the history.");
    case "limit":
      return noticed("pause", limitSentence(sim, stop.steps, stop.cpu));
    case "paused":
      return { reason: "pause", description: `Paused after step ${trace.cursor}.` };
  }
}

function choiceSentence(machine: Machine, s: State, c: number): string | undefined {
  const labels = choicesOn(machine, s, c).map((p) => p.label);
  if (labels.length === 0) return undefined;
  const all = labels.join(", ");
  return `CPU${c} may choose what it does next: ${all}. Type it in the debug console: choose ${labels[0]}.`;
}

const noticed = (reason: string, sentence: string): StopNews => ({ reason, description: sentence, notice: sentence });

const isHalted = (machine: Machine, s: State, cpu: number): boolean => s[machine.layout.cpu[cpu] + W.halted] === 1;

function endSentence(machine: Machine, s: State): string {
  const stopped = machine.scenario.cpus.flatMap((_, c) => (isHalted(machine, s, c) ? [`CPU${c}`] : []));
  if (stopped.length > 0)
    return (
      `Nothing more can happen: ${stopped.join(" and ")} stopped at BUG() or at a bad pointer. Step back to see ` +
      "how it came to that; when the source is corrected, restart."
    );
  return "All CPUs have done what the scenario asks. Step back, drag the history, or restart.";
}

/** What a CPU waits for, and what the reader can do about it. */
function waitSentence(machine: Machine, s: State, cpu: number): string {
  const why = waitsFor(machine, s, cpu) ?? "can't go on alone";
  if (isHalted(machine, s, cpu)) return `CPU${cpu} was ${why}. Step back to see how it came to that, or restart.`;
  const deliverable = pendingFor(machine, s, cpu).length > 0;
  const others =
    machine.layout.cpuCount > 1
      ? "Select another CPU and step it, or press Continue to let all CPUs run"
      : "Step back to see how it came to that";
  return (
    `CPU${cpu} ${why}. ` +
    `${others}${deliverable ? `; an interrupt is pending on CPU${cpu} and can be delivered` : ""}.`
  );
}

/** Moves by which interrupts that are pending on a CPU are taken, if it takes any now. */
export function pendingFor(machine: Machine, s: State, cpu: number): Move[] {
  return machine.moves(s).filter((m) => moveCpu(m) === cpu && isInterrupt(m));
}

function deadlockSentence(machine: Machine, s: State): string {
  const parts = machine.scenario.cpus.flatMap((_, c) => {
    const why = machine.hasStep(s, c) ? waitsFor(machine, s, c) : undefined;
    return why === undefined
      ? []
      : [`CPU${c} ${why}${s[machine.layout.cpu[c] + W.irqsOn] === 0 ? " with interrupts off" : ""}`];
  });
  const stopped = machine.scenario.cpus.flatMap((_, c) => (isHalted(machine, s, c) ? [`CPU${c} has stopped`] : []));
  return (
    `No CPU can go on: ${[...parts, ...stopped].join("; ")}. Step back to find where they took what the others ` +
    "wait for."
  );
}

function limitSentence({ machine, trace }: Simulation, steps: number, cpu: number | undefined): string {
  const cpus = machine.scenario.cpus
    .map((_, c) => c)
    .filter((c) => (cpu === undefined || c === cpu) && machine.canStep(trace.state, c));
  const at = cpus.flatMap((c) => {
    const place = placeOf(machine, trace.state[machine.layout.cpu[c] + W.pc]);
    return place ? [`CPU${c} is in ${place.fn}(), line ${place.line}`] : [];
  });
  if (cpu !== undefined)
    return (
      `CPU${cpu} goes round and round: ${at.join("")}, and after ${steps} steps all is as it was before. Give the ` +
      "loop a way out, or let another CPU change what it waits for."
    );
  return (
    `Stopped after ${steps} steps without an end in sight: ${at.join("; ")}. If a loop there has no way out, give ` +
    "it one; else press Continue to go on."
  );
}
