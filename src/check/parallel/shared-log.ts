import type { LogMemory } from "./memory";

/** Bytes by which a log grows at the least; beyond, by a part of what it has. */
const LEAST = 1 << 18,
  PART = 16;

/**
 * The keys that one member found, in order, each with its parent. That member writes; all may read what it wrote before
 * the last barrier.
 */
export class SharedLog {
  count = 0;
  private keyWords: Int32Array;
  private parents: Int32Array;

  /** `words` is the number of words of a key. */
  constructor(
    private readonly words: number,
    private readonly memory: LogMemory,
  ) {
    this.keyWords = new Int32Array(memory.keys, 0, memory.keys.byteLength >> 2);
    this.parents = new Int32Array(memory.parents, 0, memory.parents.byteLength >> 2);
  }

  /** Bytes that its keys take now. */
  get bytes(): number {
    return 4 * this.count * (this.words + 1);
  }

  /** Appends `n` keys that stand one after the other, with their parents. Only the member that owns the log does. */
  append(keys: Int32Array, n: number, parents: Int32Array): void {
    const { words } = this,
      end = this.count + n;
    this.keyWords = withRoom(this.keyWords, this.memory.keys, end * words);
    this.parents = withRoom(this.parents, this.memory.parents, end);
    this.keyWords.set(keys.subarray(0, n * words), this.count * words);
    this.parents.set(parents.subarray(0, n), this.count);
    this.count = end;
  }

  /** Drops the keys before number `first`; the others are then numbered from 0. Nobody may be reading. */
  drop(first: number): void {
    this.keyWords.copyWithin(0, first * this.words, this.count * this.words);
    this.parents.copyWithin(0, first, this.count);
    this.count -= first;
  }

  /** Keys `first` to `end - 1`, one after the other. */
  keys(first: number, end: number): Int32Array {
    return new Int32Array(this.memory.keys, 4 * first * this.words, (end - first) * this.words);
  }

  /** The parent of key `i`. */
  parent(i: number): number {
    return new Int32Array(this.memory.parents, 4 * i, 1)[0];
  }
}

/** The view of a memory, grown where it is too small for `length` words. */
function withRoom(view: Int32Array, memory: SharedArrayBuffer, length: number): Int32Array {
  if (length <= view.length) return view;
  const bytes = 4 * length + Math.max(LEAST, (4 * length) / PART);
  memory.grow(Math.min(Math.ceil(bytes / LEAST) * LEAST, memory.maxByteLength));
  return new Int32Array(memory, 0, memory.byteLength >> 2);
}
