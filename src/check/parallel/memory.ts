/** The memory that the members of a parallel search share: they find and keep everything in it, and send each other nothing. */
import { controlBytes, progressBytes } from "./control";
import { setBytes } from "./shared-set";

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

/** Throws where memory can't be shared. */
export function shareMemory(size: number, bits: readonly number[], ways = true, maxStates = Infinity, maxBytes = Infinity): SharedMemory {
  const { slots, tails } = setBytes(bits);
  return {
    control: new SharedArrayBuffer(controlBytes(size)),
    progress: new SharedArrayBuffer(progressBytes(size)),
    set: { slots: growable(slots), tails: growable(tails) },
    logs: Array.from({ length: size }, () => ({ keys: growable(0), beside: growable(0) })),
    size, bits, ways, maxStates, maxBytes,
  };
}

/** Bytes of all that is shared, now. */
export function bytesOf({ control, progress, set, logs }: SharedMemory): number {
  return [control, progress, set.slots, set.tails, ...logs.flatMap((l) => [l.keys, l.beside])].reduce((n, b) => n + b.byteLength, 0);
}

/** Addresses only are set apart for what it may grow to: as much as the engine allows, 4 GiB at most. */
function growable(bytes: number): SharedArrayBuffer {
  for (let most = 2 ** 32; ; most /= 2) {
    try {
      return new SharedArrayBuffer(bytes, { maxByteLength: most });
    } catch (e) {
      if (!(e instanceof RangeError) || most <= 2 ** 26) throw e;
    }
  }
}
