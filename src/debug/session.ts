/**
 * A running session without its protocol: the simulation, where the reader stands in it, and what can be done there.
 */
import { moveCpu, type Machine, type Move } from "../machine/machine";
import { describeMove } from "../machine/view/names";
import { panelState } from "../panel/state";
import type { PanelState } from "../panel/messages";
import { statementStart } from "../trace/statement";
import { atStatement, depth, Stepper, type Stop } from "../trace/stepping";
import type { Trace } from "../trace/trace";
import type { Breakpoints } from "./breakpoints/breakpoints";
import { DebugError } from "./debug-error";
import { Runner, type Command } from "./run/command-runner";
import type { Simulation } from "./launch/simulation";
import { Sources } from "./client-sources";
import type { SourceFile } from "../kernel/syntax/source";

/** What a reader can ask of one CPU. */
export type StepKind = "over" | "into" | "out" | "back" | "instruction" | "instructionBack";

export class Session {
  selectedCpu = 0;
  /** Shown in the panel until something else happens. */
  notice: string | undefined;
  readonly sources: Sources;
  private readonly stepper: Stepper;
  private readonly runner: Runner;
  /** Where the command that runs began. */
  private begun = 0;
  /** Where the last command began and ended: while its end is shown, the panel lists what changed since it began. */
  private span: { from: number; to: number } | undefined;

  constructor(
    readonly sim: Simulation,
    private readonly reader: { breakpoints: Breakpoints; failed(e: unknown): void },
    opens: (file: SourceFile) => boolean,
  ) {
    this.sources = new Sources([...sim.program.files, sim.script], opens);
    const { breakpoints } = reader;
    this.runner = new Runner(() => Math.abs(this.trace.cursor - this.begun));
    this.stepper = new Stepper(sim.trace, {
      stopAt: breakpoints.stopAt,
      stopsOn: breakpoints.stopsOn,
      paused: this.runner.sliceOver,
    });
  }

  get trace(): Trace {
    return this.sim.trace;
  }

  get machine(): Machine {
    return this.sim.machine;
  }

  get state(): PanelState {
    const { sim, selectedCpu, notice } = this;
    const since = this.span?.to === this.trace.cursor ? this.span.from : undefined;
    return panelState({
      trace: this.trace,
      script: sim.script,
      kernel: sim.kernel,
      standIns: sim.program.standIns,
      selectedCpu,
      notice,
      since,
    });
  }

  /** A step of one CPU. */
  step(cpu: number, kind: StepKind, done: (stop: Stop) => void): void {
    this.selectedCpu = cpu;
    this.run(this.command(cpu, kind), done);
  }

  /** A step into this one of the functions that the statement calls; `entry` is its code address. */
  stepInto(cpu: number, entry: number, done: (stop: Stop) => void): void {
    const { machine, trace } = this;
    const fn = machine.code.fnOf[entry];
    const d = depth(machine, trace.state, cpu);
    this.selectedCpu = cpu;
    this.run(
      () =>
        this.stepper.alone(
          cpu,
          (s) => atStatement(machine, s, cpu) && (depth(machine, s, cpu) <= d || machine.stack(s, cpu)[0]?.fn === fn),
        ),
      done,
    );
  }

  /** All CPUs in turn, or one alone, until something stops them. */
  continue(alone: number | undefined, done: (stop: Stop) => void): void {
    if (alone !== undefined) this.selectedCpu = alone;
    this.run(alone === undefined ? () => this.stepper.continue() : () => this.stepper.alone(alone), done);
  }

  reverseContinue(done: (stop: Stop) => void): void {
    this.reader.breakpoints.backwards = true;
    this.run(() => this.stepper.reverseContinue(), done);
  }

  private run(command: Command, done: (stop: Stop) => void): void {
    const { breakpoints, failed } = this.reader;
    this.mustStand();
    this.notice = undefined;
    breakpoints.hit = undefined;
    const from = (this.begun = this.trace.cursor);
    const ended = (stop: Stop): void => {
      this.spanFrom(from);
      const to = this.trace.cursor;
      // Whoever made the last move is whom the reader wants to look at.
      const { cause } = this.trace.entry(to);
      if ((stop.k === "breakpoint" || stop.k === "violation") && to > 0 && cause.k === "move")
        this.selectedCpu = moveCpu(cause.move);
      done(stop);
    };
    const over =
      <T>(then: (end: T) => void) =>
      (end: T): void => {
        breakpoints.backwards = false;
        then(end);
      };
    this.runner.run(command, over(ended), over(failed));
  }

  /** One move out of those that the machine allows now. */
  move(m: Move): Stop {
    this.mustStand();
    if (!this.machine.moves(this.trace.state).includes(m))
      throw new DebugError(
        `"${this.nameMove(m)}" isn't possible at step ${this.trace.cursor}. Step on, or go to the step of the ` +
          "history at which it was offered.",
      );
    this.notice = this.span = undefined;
    this.selectedCpu = moveCpu(m);
    this.begun = this.trace.cursor;
    return this.stepper.move(m);
  }

  /** Shows another point of the history. */
  goto(step: number): void {
    this.mustStand();
    this.notice = this.span = undefined;
    this.trace.goto(step);
  }

  /** Does something long while nothing else may move the machine; it has to end soon once `givenUp` is true. */
  async exclusively<T>(work: (givenUp: () => boolean) => Promise<T>): Promise<T> {
    this.mustStand();
    const release = this.runner.hold();
    try {
      return await work(() => this.runner.givenUp);
    } finally {
      release();
    }
  }

  /** Makes moves that a search has found, as one command. */
  advance(moves: () => void): void {
    this.mustStand();
    this.notice = undefined;
    const from = this.trace.cursor;
    moves();
    this.spanFrom(from);
  }

  edit(cell: number, value: number): void {
    this.mustStand();
    this.notice = this.span = undefined;
    this.trace.edit(cell, value);
  }

  branch(id: number): void {
    this.mustStand();
    this.notice = this.span = undefined;
    if (!this.trace.switchTo(id)) throw new DebugError("That history is no longer kept.");
  }

  get running(): boolean {
    return this.runner.running;
  }

  /** Ends the command that runs at its next move. */
  pause(): void {
    this.runner.pause();
  }

  /** Gives up the command that runs: nobody hears of its end. */
  cancel(): void {
    this.runner.cancel();
  }

  /** Throws while CPUs run: what moves the machine has to wait for them. */
  mustStand(): void {
    if (this.runner.running) throw new DebugError("The CPUs are running. Press Pause first.");
  }

  /** After a command over more than one statement, the panel lists what changed since its beginning. */
  private spanFrom(from: number): void {
    const to = this.trace.cursor;
    this.span = to > from && statementStart(this.trace, to) > from ? { from, to } : undefined;
  }

  /** What a move does, for lists and messages: `Deliver the flush interrupt to CPU0`. */
  nameMove(m: Move): string {
    return describeMove(this.machine.layout, m);
  }

  private command(cpu: number, kind: StepKind): Command {
    const { stepper, trace, machine } = this;
    const d = depth(machine, trace.state, cpu);
    switch (kind) {
      case "over":
        return () => stepper.over(cpu, d);
      case "into":
        return () => stepper.into(cpu);
      case "out":
        return () => stepper.out(cpu, d);
      case "back":
        return () => stepper.back(cpu);
      case "instruction":
        return () => stepper.alone(cpu, () => true);
      case "instructionBack":
        return () => {
          if (trace.cursor === 0) return { k: "start" };
          trace.goto(trace.cursor - 1);
          return { k: "step" };
        };
    }
  }
}
