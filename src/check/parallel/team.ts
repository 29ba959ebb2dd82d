/** What a parallel search asks of its host: threads that share memory. `src/check` knows neither Node's nor the browser's. */

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
}

/** A thread's own end. */
export interface Port {
  post(message: unknown): void;
  onMessage(show: (message: unknown) => void): void;
}
