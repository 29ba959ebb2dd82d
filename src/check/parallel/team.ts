/**
 * What a parallel search needs of its host: threads that share memory. `src/check` imports neither Node nor the DOM.
 */
import type { SharedMemory } from "./memory";

/** A thread, as it is seen by the one that started it. */
export interface TeamThread {
  post(message: unknown): void;
  onMessage(show: (message: unknown) => void): void;
  /** Called once when the thread is gone, with the reason where it wasn't asked to go. */
  onEnd(show: (why: string | undefined) => void): void;
  /** Ends the thread. */
  end(): void;
}

/** Starts threads that run `serveMember`. */
export interface Team {
  /** How many are worth starting. */
  readonly size: number;
  start(): TeamThread;
  /** Memory of an earlier search that is no longer used. */
  takeMemory?(): SharedMemory | undefined;
  /** Called when a search's memory is no longer used. */
  keepMemory?(memory: SharedMemory): void;
}

/** A thread's own end. */
export interface Port {
  post(message: unknown): void;
  onMessage(show: (message: unknown) => void): void;
}
