/**
 * The story of an execution that broke a promise: the few steps that it hangs on, in their order. Everything else is
 * left out.
 */
import type { PropertyId, Violation } from "../machine/effects";
import type { Machine, Move } from "../machine/machine";
import { causesOf } from "./causes";
import { execute, type Execution } from "./execution";
import type { Point } from "./points";
import { isInKernel } from "./tell";

export interface Story {
  execution: Execution;
  violation: Violation;
  /** In the order of their steps; the last one is what broke. */
  points: readonly Point[];
  /**
   * The point at which it is decided: the last read, store or interrupt of the race that is in the kernel's own code.
   * What broke, where there is none.
   */
  decisive: Point;
}

/** The most points that a story has: with the line that says what the CPUs do, ten lines. */
const MOST = 9;

/**
 * The story of these moves from the scenario's start, the last of which breaks `property` (or anything, where none is
 * named); undefined where it doesn't.
 */
export function storyOf(machine: Machine, moves: readonly Move[], property?: PropertyId): Story | undefined {
  const execution = execute(machine, moves);
  const violation = execution.steps.at(-1)?.violations.find((v) => property === undefined || v.property === property);
  if (!violation) return undefined;
  const points = causesOf(execution, violation).heaviest(MOST);
  const decisive = points.filter((p) => isOfRace(p) && isInKernel(execution, p)).at(-1) ?? points.at(-1)!;
  return { execution, violation, points, decisive };
}

const isOfRace = ({ parts }: Point): boolean =>
  parts.some((p) => p.k === "read" || p.k === "stored" || p.k === "taken");
