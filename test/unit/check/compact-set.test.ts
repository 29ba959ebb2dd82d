import assert from "node:assert/strict";
import fc from "fast-check";
import { CompactSet } from "../../../src/check/store/compact-set";

/**
 * Bits of the words of keys: in one slot, with 16 bits beside it, with 32, in one word and in two, tiny and the
 * largest.
 */
const shapes: [number, number?][] = [
  [1],
  [5],
  [20],
  [28],
  [31],
  [32],
  [30, 4],
  [24, 18],
  [10, 20],
  [28, 16],
  [32, 12],
  [4, 32],
  [28, 27],
  [32, 28],
  [30, 30],
];

const cut = (bits: (number | undefined)[], words: number[]): number[] =>
  bits.flatMap((b, k) => (b === undefined ? [] : b === 32 ? [words[k] | 0] : [words[k] & (2 ** b - 1)]));

describe("the compact set of states", () => {
  for (const bits of shapes)
    it(`is exact: keys of ${bits.join(" + ")} bits`, () => {
      const word = fc.oneof(
        fc.integer({ min: 0, max: 3 }),
        fc.integer(),
        fc.integer({ min: 0, max: 31 }).map((b) => 1 << b),
      );
      fc.assert(
        fc.property(
          fc.array(fc.array(fc.tuple(word, word), { maxLength: 200 }), { maxLength: 4 }),
          fc.tuple(word, word),
          (batches, other) => {
            const set = new CompactSet(bits as number[]);
            const known = new Set<string>();
            for (const batch of batches) {
              const keys = batch.map((w) => cut(bits, w));
              const flat = Int32Array.from(keys.flat()),
                beside = Int32Array.from(keys, (_, i) => i);
              const fresh = keys.flatMap((k, i) => (known.has(k.join()) ? [] : (known.add(k.join()), [i])));
              const n = set.addAll(flat, keys.length, beside);
              assert.deepEqual([...beside.subarray(0, n)], fresh);
              assert.deepEqual(
                [...flat.subarray(0, n * keys[0]?.length || 0)],
                fresh.flatMap((i) => keys[i]),
              );
            }
            assert.equal(set.count, known.size);
            for (const k of known) assert.ok(set.has(Int32Array.from(k.split(","), Number)), k);
            const k = cut(bits, other);
            assert.equal(set.has(Int32Array.from(k)), known.has(k.join()));
          },
        ),
        { numRuns: 60 },
      );
    });

  for (const bits of shapes.filter((b) => b[0] + (b[1] ?? 0) >= 20))
    it(`loses and confuses nothing while it grows: keys of ${bits.join(" + ")} bits`, () => {
      // Neighbours, so that a bad scrambling would crowd; then the same keys again, from the other end.
      const set = new CompactSet(bits as number[]);
      const words = bits.length,
        n = 50_000,
        stride = 5_000;
      const key = (i: number) => cut(bits, words === 2 ? [Math.imul(i, 0x10001), i >> (bits[0] > 20 ? 17 : 4)] : [i]);
      const distinct = new Set(Array.from({ length: n }, (_, i) => key(i).join())).size;
      const addSome = (from: number) =>
        set.addAll(
          Int32Array.from(Array.from({ length: stride }, (_, i) => key(from + i)).flat()),
          stride,
          new Int32Array(stride),
        );
      let added = 0;
      for (let i = 0; i < n; i += stride) added += addSome(i);
      assert.equal(added, distinct);
      for (let i = n - stride; i >= 0; i -= stride) assert.equal(addSome(i), 0);
      assert.equal(set.count, distinct);
    });

  it("holds every key there is", () => {
    const set = new CompactSet([12, 4]);
    const keys = Int32Array.from({ length: 2 << 16 }, (_, i) => (i & 1 ? i >> 13 : (i >> 1) & 0xfff));
    assert.equal(set.addAll(keys.slice(), 1 << 16, new Int32Array(1 << 16)), 1 << 16);
    assert.equal(set.addAll(keys, 1 << 16, new Int32Array(1 << 16)), 0);
  });

  it("takes at most eight bytes a key of up to 43 bits, and sixteen a longer one, once it holds enough", () => {
    for (const [bits, most, enough] of [
      [[30, 4], 8, 1.2e6],
      [[24, 18], 8, 1.2e6],
      [[28, 15], 8, 2.6e6],
      [[30, 30], 16, 1.2e6],
    ] as const) {
      const set = new CompactSet(bits);
      const n = 8192,
        keys = new Int32Array(2 * n),
        beside = new Int32Array(n);
      const addSome = (from: number) => {
        for (let i = 0; i < n; i++) {
          keys[2 * i] = from + i;
          keys[2 * i + 1] = 5;
        }
        return set.addAll(keys, n, beside);
      };
      for (let i = 0; set.count < enough + 8e5; i += n) {
        assert.equal(addSome(i), n);
        if (set.count > enough)
          assert.ok(set.bytes / set.count <= most, `${set.bytes / set.count} bytes a key at ${set.count}`);
      }
      // Also where what lay apart at first has found room beside the rest.
      for (let i = 0; i < enough; i += 40 * n) assert.equal(addSome(i), 0);
    }
  });

  it("says which keys it can't hold", () => {
    for (const bits of [[], [0], [33], [32, 29], [32, 0], [10, 10, 10]])
      assert.throws(() => new CompactSet(bits), /at most 60 bits/);
  });
});
