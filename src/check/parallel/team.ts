/**
 * What a parallel search asks of its host: threads that share memory. `src/check` knows neither Node's nor the
 * browser's.
 */
import type { SharedMemory } from "./memory";

/** A thread, as it is seen by the one that started it. */
export interface Teammate {
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
  start(): Teammate;
  /** Memory of an earlier search, which nobody uses now. */
  takeMemory?(): SharedMemory | undefined;
  /** Told when nobody uses a search's memory any more. */
  keepMemory?(memory: SharedMemory): void;
}

/** A thread's own end. */
export interface Port {
  post(message: unknown): void;
  onMessage(show: (message: unknown) => void): void;
}
