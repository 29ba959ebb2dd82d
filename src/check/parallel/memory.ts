/**
 * The memory that the members of a parallel search share: they find and keep everything in it, and send each other
 * nothing.
 */

/** A member's log of the states that it found. */
export interface LogMemory {
  keys: SharedArrayBuffer;
  beside: SharedArrayBuffer;
}

export interface SetMemory {
  slots: SharedArrayBuffer;
  tails: SharedArrayBuffer;
}

export interface SharedMemory {
  control: SharedArrayBuffer;
  progress: SharedArrayBuffer;
  set: SetMemory;
  logs: LogMemory[];
  /** Threads that search. */
  size: number;
  /** As for a system. */
  bits: readonly number[];
  /** Keep the ways that led to states. */
  ways: boolean;
  maxStates: number;
  maxBytes: number;
}

/** Makes `buffer` at least so many bytes long. */
export function growTo(buffer: SharedArrayBuffer, bytes: number): void {
  if (buffer.byteLength < bytes) buffer.grow(bytes);
}
