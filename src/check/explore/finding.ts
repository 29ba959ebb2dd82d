import type { Move } from "../../machine/machine";

/** A violation of a property, or a state that a question looks for, with the execution that leads to it. */
export interface Finding {
  /** The property's id, or the name of the reader's question. */
  property: string;
  why: string;
  /** From the scenario's start. */
  moves: Move[];
}
