/** Allocates what the members of a parallel search share, or takes it over from an earlier search. */
import { controlBytes, progressBytes } from "./control";
import { growTo, type SharedMemory } from "./memory";
import { setBytes } from "./shared-set";

/**
 * Memory for a search: that of an earlier one, `kept`, as far as it goes, for its pages are there already. Throws
 * where memory can't be shared.
 */
export function shareMemory(
  size: number,
  bits: readonly number[],
  keepParents = true,
  maxStates = Infinity,
  maxBytes = Infinity,
  kept?: SharedMemory,
): SharedMemory {
  const { slots, tails } = setBytes(bits);
  return {
    control: new SharedArrayBuffer(controlBytes(size)),
    progress: new SharedArrayBuffer(progressBytes(size)),
    set: { slots: emptied(kept?.set.slots, slots), tails: emptied(kept?.set.tails, tails) },
    logs: Array.from({ length: size }, (_, w) => kept?.logs[w] ?? { keys: growable(0), parents: growable(0) }),
    size,
    bits,
    keepParents,
    maxStates,
    maxBytes,
  };
}

/** `bytes` zeros at least, in the buffer that was kept if there is one. */
function emptied(kept: SharedArrayBuffer | undefined, bytes: number): SharedArrayBuffer {
  if (!kept) return growable(bytes);
  new Int32Array(kept, 0, kept.byteLength >> 2).fill(0);
  growTo(kept, bytes);
  return kept;
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
