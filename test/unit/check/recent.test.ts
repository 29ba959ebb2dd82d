import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyLog } from "../../../src/check/store/key-log";
import { Recent } from "../../../src/check/store/recent";

describe("the filter of recent keys", () => {
  for (const words of [1, 2, 3])
    it(`never drops a key of ${words} words that has not come before`, () => {
      const key = fc.array(fc.oneof(fc.integer({ min: -1, max: 2 }), fc.integer()), {
        minLength: words,
        maxLength: words,
      });
      fc.assert(
        fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
          const flat = Int32Array.from(keys.flat()),
            beside = Int32Array.from(keys, (_, i) => i);
          const n = new Recent(words).drop(flat, keys.length, beside);
          const kept = [...beside.subarray(0, n)];
          const first = keys.flatMap((k, i) => (keys.findIndex((o) => o.join() === k.join()) === i ? [i] : []));
          assert.deepEqual(
            first.filter((i) => !kept.includes(i)),
            [],
          );
          assert.deepEqual(
            [...flat.subarray(0, n * words)],
            kept.flatMap((i) => keys[i]),
          );
        }),
      );
    });

  it("drops a key that has just come", () => {
    const recent = new Recent(2);
    assert.equal(recent.drop(Int32Array.of(1, 2, 0, 0, 1, 2, 0, 0), 4, new Int32Array(4)), 2);
    assert.equal(recent.drop(Int32Array.of(1, 2), 1, new Int32Array(1)), 0);
  });
});

describe("the log of keys", () => {
  it("gives back what came, over the ends of its chunks, until it is told to forget", () => {
    const log = new KeyLog(2);
    const n = 100_000;
    const keys = Int32Array.from({ length: 2 * n }, (_, i) => i),
      beside = Int32Array.from({ length: n }, (_, i) => n - i);
    for (let i = 0; i < n; i += 30_000) log.append(keys.subarray(2 * i), Math.min(30_000, n - i), beside.subarray(i));
    assert.equal(log.count, n);
    const into = new Int32Array(2);
    for (const i of [0, 29_999, 30_000, 32_767, 32_768, 65_535, 65_536, n - 1]) {
      log.read(i, into);
      assert.deepEqual([...into, log.parent(i)], [2 * i, 2 * i + 1, n - i]);
    }
    let read = 0;
    for (let i = 0; i < n;) {
      const end = log.limit(i, n);
      for (const k of log.keys(i, end)) assert.equal(k, read++);
      i = end;
    }
    assert.equal(read, 2 * n);
    const { bytes } = log;
    log.forget(70_000);
    assert.ok(log.bytes <= bytes / 2);
    log.read(70_000, into);
    assert.equal(into[0], 140_000);
    assert.throws(() => log.read(0, into), /keeps no ways back/);
  });
});
