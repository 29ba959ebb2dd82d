import type { Move } from "../../machine/machine";

/** The first violation of a property that was found: the shortest, when nothing was reduced. */
export interface Finding {
  /** The property's id, or what the reader asked for by its name. */
  property: string;
  why: string;
  /** From the scenario's start. */
  moves: Move[];
}
