/** An execution once more, with what each instruction did: what a story is made from. */
import type { Effect, Violation } from "../machine/effects";
import { moveCpu, type Machine, type Move, type State } from "../machine/machine";

/** An instruction that a step has carried out, in the frame at `fp`, with its effects. */
export interface Ran {
  pc: number;
  fp: number;
  effects: Effect[];
}

/** A move of an execution. Steps are counted from 1, as the trace counts its entries: `index` is that number. */
export interface Step {
  index: number;
  move: Move;
  cpu: number;
  before: State;
  after: State;
  effects: Effect[];
  violations: Violation[];
  /** In their order; empty for what isn't a step of a CPU's program. */
  ran: Ran[];
}

export interface Execution {
  machine: Machine;
  start: State;
  steps: Step[];
}

/** The step with this number. */
export const stepAt = ({ steps }: Execution, index: number): Step => steps[index - 1];

/** Makes these moves from the scenario's start. They must be possible, as those of a trace or a counterexample are. */
export function execute(machine: Machine, moves: readonly Move[]): Execution {
  const start = machine.initial().state;
  let before = start;
  const steps = moves.map((move, i): Step => {
    const after = before.slice();
    const step: Step = {
      index: i + 1,
      move,
      cpu: moveCpu(move),
      before,
      after,
      effects: [],
      violations: [],
      ran: [],
    };
    machine.applyTo(after, move, {
      executes: (pc, fp) => step.ran.push({ pc, fp, effects: [] }),
      effect(e) {
        step.effects.push(e);
        step.ran.at(-1)?.effects.push(e);
      },
      violation: (v) => step.violations.push(v),
    });
    before = after;
    return step;
  });
  return { machine, start, steps };
}
