/** What there is to say of a hardware operation: the form of the entries in operations.ts. */
import type { Observer, Violation } from "../effects";
import type { Layout } from "../layout";
import type { Hardware } from "./hardware";

/**
 * What an operation reads or changes. The checker concludes from it which moves commute (check/explore/locality.ts). An
 * operation that empties a store buffer with stores in it, or turns interrupts off, touches the hardware as well.
 * - `nothing`: no state at all;
 * - `own registers`: what only this CPU and its interrupts read;
 * - `memory`: the cell at its first argument, as a store does, or (where it drains) a LOCKed operation;
 * - `hardware`: this CPU's TLB, or what it shares with others: interrupts, calls, broadcasts, frames;
 * - `other CPUs`: their registers and TLBs too, which its effects don't list.
 */
export type Touches = "nothing" | "own registers" | "memory" | "hardware" | "other CPUs";

/** Carries an operation of CPU `c` out on the state `s`, and gives its result. */
type Run<Outcome> = (hw: Hardware, s: Int32Array, c: number, args: number[], o: Observer) => Outcome;

interface Described {
  /**
   * Empties the store buffer first, as what is LOCKed, serializing, or goes through uncached memory does (Intel SDM
   * vol. 3A, 11.10).
   */
  drains: boolean;
  touches: Touches;
  /** Why it can't be done with these arguments in this function, if it can't: an oops. */
  refuses?: (l: Layout, c: number, args: number[], fn: string) => string | undefined;
  /** The promise that is broken by getting here, in this function. */
  breaks?: (c: number, fn: string) => Violation;
}

/**
 * Only an operation that `waits` may give "wait": nothing happened, and the step isn't enabled. "halt" is the end of
 * this CPU.
 */
export type Operation = Described &
  ({ waits: true; run: Run<number | "wait"> } | { waits: false; run: Run<number | "halt"> });
