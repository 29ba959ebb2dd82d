import assert from "node:assert/strict";
import fc from "fast-check";
import { StateStore } from "../../../src/check/store/state-store";

const words = (...w: number[]) => Int32Array.from(w);

describe("the set of states", () => {
  it("holds exactly the states that were added, numbered in their order", () => {
    const state = fc.array(fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer()), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(state, { maxLength: 300 }), (states) => {
        const store = new StateStore(3, 2);
        const known = new Map<string, number>();
        for (const s of states) {
          assert.equal(store.add(words(...s)), !known.has(s.join()), s.join());
          if (!known.has(s.join())) known.set(s.join(), known.size);
        }
        assert.equal(store.count, known.size);
        const into = new Int32Array(3);
        for (const [key, i] of known) {
          store.read(i, into);
          assert.equal(into.join(), key);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("tells states apart whose hashes are the same", () => {
    // A table of two slots: all states fall on the same few places, and many hashes meet.
    const store = new StateStore(1, 1);
    for (let i = 0; i < 5000; i++) assert.equal(store.add(words(i)), true);
    for (let i = 0; i < 5000; i++) assert.equal(store.add(words(i)), false);
    // Multiplying by an even number would lose the top bits, and these would be one.
    const wide = new StateStore(2, 1);
    for (let bit = 0; bit < 32; bit++)
      for (let at = 0; at < 2; at++)
        assert.equal(wide.add(at ? words(0, 1 << bit) : words(1 << bit, 0)), true, `bit ${bit} of word ${at}`);
  });

  it("keeps its own copy", () => {
    const store = new StateStore(2);
    const s = words(1, 2);
    store.add(s);
    s[0] = 9;
    const into = new Int32Array(2);
    store.read(0, into);
    assert.deepEqual([...into], [1, 2]);
    into[1] = 7;
    assert.equal(store.add(words(1, 2)), false);
  });
});
