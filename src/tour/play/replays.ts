/** A player's own traces: one for each machine, extended as the tour goes on, and made again where it branches. */
import { MoveKind, moveCpu, moveKind, type Machine, type Move } from "../../machine/machine";
import { Trace } from "../../trace/trace";

export class Replays {
  private readonly longest = new Map<Machine, Trace>();

  /** A trace that has just these moves, and stands at their end. It stays the player's own: no reader steps in it. */
  of(machine: Machine, moves: readonly Move[]): Trace {
    const known = this.longest.get(machine);
    if (known?.last === moves.length && moves.every((m, i) => isMove(known, i + 1, m))) {
      known.goto(known.last);
      return known;
    }
    const trace = replay(machine, moves);
    if (!known || known.last < trace.last) this.longest.set(machine, trace);
    return trace;
  }
}

const isMove = (trace: Trace, index: number, m: Move): boolean => {
  const { cause } = trace.entry(index);
  return cause.k === "move" && cause.move === m;
};

/** A new trace of these moves from the scenario's start. */
export function replay(machine: Machine, moves: readonly Move[]): Trace {
  const trace = new Trace(machine);
  for (const m of moves) trace.step(m);
  return trace;
}

/** The moves up to the trace's cursor. */
export function movesOf(trace: Trace): Move[] {
  return Array.from({ length: trace.cursor }, (_, i) => trace.entry(i + 1).cause).flatMap((c) =>
    c.k === "move" ? [c.move] : [],
  );
}

/** The CPU that took the last step. */
export function lastMover(moves: readonly Move[]): number | undefined {
  const last = [...moves].reverse().find((m) => moveKind(m) === MoveKind.step);
  return last === undefined ? undefined : moveCpu(last);
}
