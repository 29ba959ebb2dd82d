import assert from "node:assert/strict";
import fc from "fast-check";
import { Successors } from "../../../src/check/store/system";
import { PartStates } from "../../../src/check/store/part-states";
import { IndexedStates } from "../../../src/check/store/states";

describe("states as numbers of parts", () => {
  for (const parts of [1, 2, 3, 4, 6, 9])
    it(`are the states that were put in, whatever the numbers become: ${parts} parts`, () => {
      // Small numbers first, then larger ones: the fields have to grow, and in the end there may be no room to pack
      // them.
      const number = fc.nat({ max: 30 }).chain((b) => fc.nat({ max: 2 ** b }));
      const batches = fc.array(fc.array(fc.array(number, { minLength: parts, maxLength: parts }), { maxLength: 60 }), {
        maxLength: 6,
      });
      fc.assert(
        fc.property(batches, (all) => {
          const states = new PartStates(parts),
            plain = new IndexedStates(parts);
          for (const s of [states, plain]) {
            let n = 0;
            for (const batch of all) {
              const out = new Successors(parts);
              for (const key of batch) out.add(Int32Array.from(key), n++);
              s.insert(out);
            }
          }
          assert.equal(states.count, plain.count);
          const key = new Int32Array(parts),
            wanted = new Int32Array(parts);
          for (let i = 0; i < states.count; i++) {
            states.read(i, key);
            plain.read(i, wanted);
            assert.deepEqual([...key, states.parent(i)], [...wanted, plain.parent(i)]);
          }
          for (let first = 0, end = 0; first < states.count; first = end) {
            end = states.limit(first, states.count);
            assert.deepEqual([...states.keys(first, end)], [...plain.keys(first, end)]);
          }
        }),
        { numRuns: 20 },
      );
    });

  it("take less than half of the memory while the numbers are small", () => {
    const states = new PartStates(4),
      plain = new IndexedStates(4);
    for (const s of [states, plain])
      for (let i = 0; i < 200_000;) {
        const out = new Successors(4);
        for (let k = 0; k < 5_000; k++, i++)
          out.add(Int32Array.of(i % 100, (i >> 3) % 90, i % 128, Math.floor(i / 1600)), i);
        s.insert(out);
      }
    assert.equal(states.count, plain.count);
    assert.ok(states.bytes < plain.bytes / 2, `${states.bytes} of ${plain.bytes}`);
  });
});
