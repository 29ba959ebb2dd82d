/** Keys of a chunk. */
const CHUNK = 1 << 15;

interface Chunk {
  keys: Int32Array;
  parents: Int32Array;
}

/**
 * The keys of states in the order in which they were found, each with its parent, in chunks: growing copies nothing,
 * and the oldest chunks can be dropped.
 */
export class KeyLog {
  count = 0;
  private readonly chunks: (Chunk | undefined)[] = [];
  /** Chunks before this one have been dropped. */
  private dropped = 0;

  /** `words` is the number of words of a key. */
  constructor(private readonly words: number) {}

  /** Bytes that the log takes now. */
  get bytes(): number {
    return (this.chunks.length - this.dropped) * CHUNK * 4 * (this.words + 1);
  }

  /** Appends `n` keys that stand one after the other, with their parents. */
  append(keys: Int32Array, n: number, parents: Int32Array): void {
    const { words } = this;
    for (let done = 0; done < n;) {
      const at = this.count % CHUNK;
      if (at === 0) this.chunks.push({ keys: new Int32Array(CHUNK * words), parents: new Int32Array(CHUNK) });
      const chunk = this.chunkOf(this.count);
      const some = Math.min(n - done, CHUNK - at);
      chunk.keys.set(keys.subarray(done * words, (done + some) * words), at * words);
      chunk.parents.set(parents.subarray(done, done + some), at);
      done += some;
      this.count += some;
    }
  }

  /** Drops what it can of the keys before number `first`. */
  forget(first: number): void {
    for (const end = Math.floor(first / CHUNK); this.dropped < end; this.dropped++)
      this.chunks[this.dropped] = undefined;
  }

  /** The end of the longest run of keys from `first` on, up to `end`, that `keys` can give. */
  limit(first: number, end: number): number {
    return Math.min(end, first - (first % CHUNK) + CHUNK);
  }

  /** Keys `first` to `end - 1`, one after the other, where `end` is within `limit`. */
  keys(first: number, end: number): Int32Array {
    const at = first % CHUNK;
    return this.chunkOf(first).keys.subarray(at * this.words, (at + end - first) * this.words);
  }

  /** The parent of key `i`. */
  parent(i: number): number {
    return this.chunkOf(i).parents[i % CHUNK];
  }

  /** Copies key `i` into `into`. */
  read(i: number, into: Int32Array): void {
    into.set(this.keys(i, i + 1));
  }

  private chunkOf(i: number): Chunk {
    const chunk = this.chunks[Math.floor(i / CHUNK)];
    if (!chunk) throw new RangeError(`Key ${i} is not kept: this search keeps no ways back.`);
    return chunk;
  }
}
