/** Steps as a person means them: over, into and out of statements, forwards and backwards, one CPU or all in turn. */
import { FRAME, W } from "../machine/layout";
import {
  isSpontaneous,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  type Machine,
  type Move,
  type State,
} from "../machine/machine";
import type { Violation } from "../machine/effects";
import type { Entry, Trace } from "./trace";

/** Why a run stopped. */
export type Stop =
  /** The step is complete. */
  | { k: "step" }
  /** `stopAt` said so. */
  | { k: "breakpoint" }
  | { k: "violation"; violation: Violation }
  /** The CPU can't go on alone: it waits for another, for the reason that `waitsFor` gives. */
  | { k: "waits"; cpu: number }
  /** It has done all that the scenario asks of it. */
  | { k: "done"; cpu: number }
  /** No CPU can go on, though not all are done. */
  | { k: "deadlock" }
  /** All have done what the scenario asks. */
  | { k: "finished" }
  /** The beginning of the history. */
  | { k: "start" }
  /** More steps than one command may take; or this CPU, alone, came back to the very same state. */
  | { k: "limit"; steps: number; cpu?: number }
  | { k: "paused" };

/** Asked after every move; true stops the run there. */
export type StopAt = (trace: Trace, entry: Entry) => boolean;

export interface RunOptions {
  stopAt?: StopAt;
  /** Violations of these properties stop a run; undefined means all. */
  stopsOn?: (v: Violation) => boolean;
  /** Asked every few moves; true ends the run where it is. */
  paused?: () => boolean;
}

/** Moves that one command may make. */
const LIMIT = 20_000;

/** Frames on a CPU's stack. */
export function depth(m: Machine, s: State, c: number): number {
  let n = 0;
  for (let fp = s[m.layout.cpu[c] + W.fp]; fp !== 0; fp = s[fp + FRAME.savedFp]) n++;
  return n;
}

/** Is the CPU at the beginning of a statement, or between two actions? */
export function atStatement(m: Machine, s: State, c: number): boolean {
  const cpu = m.layout.cpu[c];
  return s[cpu + W.fp] === 0 || m.code.begins[s[cpu + W.pc]] === 1;
}

export class Stepper {
  /** The CPU that the fair scheduler lets go next. */
  private turn = 0;

  constructor(
    readonly trace: Trace,
    private readonly options: RunOptions = {},
  ) {}

  /** One statement of this CPU, into functions that it calls. */
  into(c: number): Stop {
    return this.run(c, (s) => atStatement(this.machine, s, c));
  }

  /** One statement of this CPU, calls included. `d` is the depth of the stack at which the statement began. */
  over(c: number, d = depth(this.machine, this.trace.state, c)): Stop {
    if (d === 0) return this.into(c);
    return this.run(c, (s) => atStatement(this.machine, s, c) && depth(this.machine, s, c) <= d);
  }

  /** Until the function has returned that stood at depth `d`. */
  out(c: number, d = depth(this.machine, this.trace.state, c)): Stop {
    // Between two actions there is nothing to leave: the next action runs to its end.
    const from = Math.max(d, 1);
    return this.run(
      c,
      (s) => depth(this.machine, s, c) < from && (atStatement(this.machine, s, c) || depth(this.machine, s, c) === 0),
    );
  }

  /** This CPU alone, until `there` holds, it can't go on, or something stops the run. */
  alone(c: number, there: (s: State) => boolean = () => false): Stop {
    return this.run(c, there);
  }

  /** One move, whichever it is. */
  move(m: Move): Stop {
    return this.judge(this.trace.step(m)) ?? { k: "step" };
  }

  /**
   * The recorded history to its end, then all CPUs in turn, a statement each, interrupts as soon as they can be taken,
   * until something stops the run. What comes about by itself (speculative fills, time) is left to the reader and the
   * checker.
   */
  continue(): Stop {
    for (let n = 0; n < LIMIT; n++) {
      if (n % 64 === 63 && this.options.paused?.()) return { k: "paused" };
      const again = this.trace.redo();
      if (again) {
        const stop = this.judge(again);
        if (stop) return stop;
        continue;
      }
      const next = this.fairMove();
      if (next === undefined)
        return this.machine.scenario.cpus.some((_, c) => this.machine.hasStep(this.trace.state, c))
          ? { k: "deadlock" }
          : { k: "finished" };
      const stop = this.judge(this.trace.step(next));
      if (stop) return stop;
    }
    return { k: "limit", steps: LIMIT };
  }

  /** Back over what `over` goes over. */
  back(c: number): Stop {
    const { trace, machine } = this;
    const d = depth(machine, trace.state, c);
    for (let i = trace.cursor - 1; i >= 0; i--) {
      // Moves of other CPUs are undone on the way; the stop is where this CPU itself began a statement.
      if (!this.movedBy(i + 1, c)) continue;
      const s = trace.entry(i).state;
      if (atStatement(machine, s, c) && (depth(machine, s, c) <= d || d === 0)) {
        trace.goto(i);
        return { k: "step" };
      }
    }
    trace.goto(0);
    return { k: "start" };
  }

  /** Back to the last place where `stopAt` would have stopped, or to the beginning. */
  reverseContinue(): Stop {
    const { trace } = this;
    for (let n = 0; trace.cursor > 0; n++) {
      if (n % 64 === 63 && this.options.paused?.()) return { k: "paused" };
      trace.goto(trace.cursor - 1);
      if (trace.cursor > 0 && this.options.stopAt?.(trace, trace.entry(trace.cursor))) return { k: "breakpoint" };
    }
    return { k: "start" };
  }

  private get machine(): Machine {
    return this.trace.machine;
  }

  private movedBy(index: number, c: number): boolean {
    const { cause } = this.trace.entry(index);
    return cause.k === "move" && moveCpu(cause.move) === c && !isSpontaneous(cause.move);
  }

  private run(c: number, there: (s: State) => boolean): Stop {
    const seen = new Set<string>();
    for (let n = 0; n < LIMIT; n++) {
      const s = this.trace.state;
      if (!this.machine.hasStep(s, c)) return { k: "done", cpu: c };
      if (!this.machine.canStep(s, c)) return { k: "waits", cpu: c };
      if (n % 64 === 63) {
        if (this.options.paused?.()) return { k: "paused" };
        // Alone, a CPU that comes back to the very same state will do so for ever.
        const key = s.join();
        if (seen.has(key)) return { k: "limit", steps: n, cpu: c };
        seen.add(key);
      }
      const entry = this.trace.step(stepOf(c));
      const stop = this.judge(entry);
      if (stop) return stop;
      if (there(this.trace.state)) return { k: "step" };
    }
    return { k: "limit", steps: LIMIT };
  }

  /** The reason to stop after this entry, if there is one. */
  private judge(entry: Entry): Stop | undefined {
    const violation = entry.violations.find((v) => this.options.stopsOn?.(v) ?? true);
    if (violation) return { k: "violation", violation };
    if (this.options.stopAt?.(this.trace, entry)) return { k: "breakpoint" };
    return undefined;
  }

  private fairMove(): Move | undefined {
    const moves = this.machine.moves(this.trace.state).filter((m) => !isSpontaneous(m));
    const n = this.machine.layout.cpuCount;
    for (let i = 0; i < n; i++) {
      const c = (this.turn + i) % n;
      const mine = moves.filter((m) => moveCpu(m) === c);
      const next = mine.find((m) => moveKind(m) !== MoveKind.step) ?? mine[0];
      if (next === undefined) continue;
      // A CPU's turn lasts until its statement is complete.
      this.turn = atStatement(this.machine, this.trace.state, c) || i > 0 ? c : this.turn;
      if (this.endsStatement(c, next)) this.turn = (c + 1) % n;
      return next;
    }
    return undefined;
  }

  private endsStatement(c: number, next: Move): boolean {
    const after = this.machine.apply(this.trace.state, next).state;
    return atStatement(this.machine, after, c);
  }
}
