/** What a verdict rests on and nobody knows: then it is "can't say", and says what would settle it. */
import type { Program } from "../kernel/ir";
import type { Unknown, UnknownKind } from "../kernel/unknown";
import { positionAt } from "../kernel/syntax/source";
import type { Machine, Move } from "./machine";

/** Something unknown, as plain data. */
export interface Premise {
  kind: UnknownKind;
  name: string;
  /** What isn't known, what happened instead, and what would settle it. */
  message: string;
  /** Where: the file's path in its tree, and the line from 1. */
  path?: string;
  line?: number;
}

/** These unknowns of a program, and those that every run of it rests on, in the order in which the source was read. */
export function premisesOf(program: Program, unknowns: Iterable<number>): Premise[] {
  const wanted = new Set(unknowns);
  return program.unknowns.filter((u, n) => u.always || wanted.has(n)).map(premiseOf);
}

/** Something unknown as plain data. */
export const premiseOf = ({ kind, name, message, span }: Unknown): Premise => ({
  kind,
  name,
  message,
  ...(span ? { path: span.file.path, line: positionAt(span.file, span.start).line } : {}),
});

/** Premises without repetition: two scenarios of one tree rest on the same. */
export function distinct(premises: Iterable<Premise>): Premise[] {
  return [...new Map([...premises].map((p) => [`${p.name} ${p.path} ${p.line} ${p.message}`, p])).values()];
}

/**
 * What an execution came to rest on, the way to the scenario's start included: indices into `Program.unknowns`. That a
 * CPU waits in its last state is part of it.
 */
export function unknownsIn(machine: Machine, moves: readonly Move[]): Set<number> {
  const start = machine.initial();
  const found = new Set(start.unknowns);
  let { state } = start;
  for (const m of moves) {
    const applied = machine.apply(state, m);
    state = applied.state;
    for (const n of applied.unknowns) found.add(n);
  }
  machine.moves(state, undefined, { violation: () => undefined, unknown: (n) => found.add(n) });
  return found;
}
