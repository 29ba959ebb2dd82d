/** What a search is asked, and how far it says it is. */
import type { Assumptions } from "../explore/assumptions";
import type { AskedProperty } from "./asked";

export interface SearchOptions {
  /**
   * Leave out interleavings that differ only in the order of steps that nobody else can tell apart (partial-order
   * reduction).
   */
  reduce?: boolean;
  /**
   * Count states as one that differ only in which of several interchangeable CPUs, with their tasks, mms and pages, is
   * where.
   */
  symmetry?: boolean;
  /** Give up after this many states. */
  maxStates?: number;
  /**
   * Give up when every execution of this many steps has been looked at; a reduced search has then seen longer ones
   * too, for it counts steps that are taken together as one.
   */
  maxDepth?: number;
  /** Give up when states take this many bytes. */
  maxBytes?: number;
  /**
   * Properties that end the search at their first violation; others are noted and the search goes on. None by default.
   */
  stopAt?: (property: string) => boolean;
  /**
   * What the reader promises or asks for besides. It may name any CPU or mm, so that none counts as interchangeable
   * then.
   */
  asked?: readonly AskedProperty[];
  /** What an earlier search of the same machine has learned of its memory, to begin with. */
  learned?: Assumptions;
  /** Told of each failure when it is met, long before the search ends. */
  broken?: (property: string) => void;
}

export interface Progress {
  states: number;
  /** Transitions looked at. */
  edges: number;
  /** Length of the longest shortest execution so far. */
  depth: number;
  /** States found but not yet looked at. */
  queue: number;
  bytes: number;
}

export type SearchEnd = "complete" | "stopped" | "too many states" | "too deep" | "too much memory";
