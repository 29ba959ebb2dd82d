/** Plays a machine by hand: brings CPUs to lines, delivers interrupts, and says what broke on the way. */
import assert from "node:assert/strict";
import type { PropertyId, Violation } from "../../src/machine/effects";
import { W } from "../../src/machine/layout";
import {
  fillMove,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  type Machine,
  type Move,
  type State,
} from "../../src/machine/machine";
import { placeOf } from "../../src/machine/view/narrate";
import { Trace, type Entry } from "../../src/trace/trace";

/** Plays a machine by hand and records it. */
export class Player {
  readonly trace: Trace;

  constructor(readonly machine: Machine) {
    this.trace = new Trace(machine);
  }

  get state(): State {
    return this.trace.state;
  }

  /** Every violation so far. */
  get violations(): Violation[] {
    return Array.from({ length: this.trace.cursor + 1 }, (_, i) => this.trace.entry(i).violations).flat();
  }

  get broken(): PropertyId[] {
    return [...new Set(this.violations.map((v) => v.property))];
  }

  /** `function:line` of what a CPU does next, or undefined between its actions. */
  at(cpu: number): string | undefined {
    const place = placeOf(this.machine, this.state[this.machine.layout.cpu[cpu] + W.pc]);
    return place && `${place.fn}:${place.line}`;
  }

  /** Makes a move that must be possible. */
  move(m: Move): Entry {
    assert.ok(
      this.machine.moves(this.state).includes(m),
      `CPU${moveCpu(m)} can't make this move (kind ${moveKind(m)}) at ${this.at(moveCpu(m))}.`,
    );
    return this.trace.step(m);
  }

  step(cpu: number): Entry {
    return this.move(stepOf(cpu));
  }

  /** Steps a CPU until it is about to begin `function:line`. */
  to(cpu: number, place: string): this {
    for (let n = 0; ; n++) {
      if (this.at(cpu) === place && this.machine.code.begins[this.state[this.machine.layout.cpu[cpu] + W.pc]])
        return this;
      assert.ok(
        n < 5000 && this.machine.canStep(this.state, cpu),
        `CPU${cpu} doesn't get to ${place}; it is at ${this.at(cpu)}.`,
      );
      this.step(cpu);
    }
  }

  /** Steps a CPU until it waits or has nothing left to do. */
  untilWaits(cpu: number): this {
    for (let n = 0; n < 5000 && this.machine.canStep(this.state, cpu); n++) this.step(cpu);
    return this;
  }

  /** Steps a CPU until it has done `n` of its actions. */
  actions(cpu: number, n: number): this {
    const { layout } = this.machine;
    for (let i = 0; this.state[layout.cpu[cpu] + W.action] < n || this.state[layout.cpu[cpu] + W.fp] !== 0; i++) {
      assert.ok(i < 5000, `CPU${cpu} doesn't get through its actions; it is at ${this.at(cpu)}.`);
      this.step(cpu);
    }
    return this;
  }

  /** This CPU takes the interrupt that is pending. */
  take(cpu: number): Entry {
    const m = this.machine
      .moves(this.state)
      .find((x) => moveCpu(x) === cpu && (moveKind(x) === MoveKind.vector || moveKind(x) === MoveKind.call));
    assert.ok(m !== undefined, `No interrupt that CPU${cpu} could take.`);
    return this.move(m);
  }

  /** Can this CPU take an interrupt now? */
  canTake(cpu: number): boolean {
    return this.machine
      .moves(this.state)
      .some((x) => moveCpu(x) === cpu && (moveKind(x) === MoveKind.vector || moveKind(x) === MoveKind.call));
  }

  /** A speculative fill. */
  fill(cpu: number, mm = 0, page = 0): Entry {
    return this.move(fillMove(cpu, mm, page));
  }

  /** All CPUs in a fixed order, interrupts first, until none can go on. */
  finish(limit = 20_000): this {
    for (let n = 0; n < limit; n++) {
      const moves = this.machine.moves(this.state).filter((m) => moveKind(m) !== MoveKind.fill);
      const next = moves.find((m) => moveKind(m) !== MoveKind.step) ?? moves[0];
      if (next === undefined) return this;
      this.trace.step(next);
    }
    assert.fail(`It isn't over after ${limit} moves.`);
  }
}
