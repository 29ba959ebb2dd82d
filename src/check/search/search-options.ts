/** The options of a search, and its progress. */
import type { Assumptions } from "../explore/assumptions";
import type { AskedProperty } from "./asked";

export interface SearchOptions {
  /** Partial-order reduction: leave out interleavings that differ only in the order of independent steps. */
  reduce?: boolean;
  /**
   * Symmetry reduction: count states as one that differ only in which of several interchangeable CPUs, with their
   * tasks, mms and pages, is which.
   */
  symmetry?: boolean;
  /** Give up after this many states. */
  maxStates?: number;
  /**
   * Give up when every execution of this many steps has been searched; a reduced search has then seen longer ones too,
   * since a chain of local steps counts as part of the step before it.
   */
  maxDepth?: number;
  /** Give up when states take this many bytes. */
  maxBytes?: number;
  /** Properties whose first violation ends the search; others are recorded and the search goes on. None by default. */
  stopAt?: (property: string) => boolean;
  /** The reader's questions. They may name any CPU or mm, so that no CPUs count as interchangeable then. */
  asked?: readonly AskedProperty[];
  /** For each CPU that chooses what it does, the only choices that it is to make, in order; see workloadChosen(). */
  choices?: readonly (readonly number[])[];
  /** What an earlier search of the same machine has learned of its memory, to begin with. */
  assumptions?: Assumptions;
  /** Called for each violation as soon as it is found. */
  broken?: (property: string) => void;
}

export interface Progress {
  states: number;
  /** Transitions computed. */
  edges: number;
  /** The length of the longest shortest execution so far. */
  depth: number;
  /** States found but not yet expanded. */
  queue: number;
  bytes: number;
}

/** `stopped`: by whoever asked for it; `broken`: `stopAt` has stopped it. */
export type SearchEnd = "complete" | "stopped" | "broken" | "too many states" | "too deep" | "too much memory";
