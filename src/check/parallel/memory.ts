/**
 * The memory that the members of a parallel search share. They send each other no messages: everything they find is in
 * here.
 */

/** A member's log of the states that it found. */
export interface LogMemory {
  keys: SharedArrayBuffer;
  parents: SharedArrayBuffer;
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
  /** Keep the parent of each state. */
  keepParents: boolean;
  maxStates: number;
  maxBytes: number;
}

/** Grows `buffer` to at least this many bytes. */
export function growTo(buffer: SharedArrayBuffer, bytes: number): void {
  if (buffer.byteLength < bytes) buffer.grow(bytes);
}
