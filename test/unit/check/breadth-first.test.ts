/** The search on systems that are written out, and every way of keeping states against the plainest search there is. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { BreadthFirst } from "../../../src/check/search/breadth-first";
import { IndexedStates, PackedStates } from "../../../src/check/store/states";
import type { States } from "../../../src/check/store/system";
import { spreads, ToySystem } from "../../support/toy-system";

function searched(system: ToySystem, seen?: States): BreadthFirst {
  const search = new BreadthFirst(system, system.start, seen);
  while (search.step());
  return search;
}

/** The states in the order in which they were found, each with the one that it was reached from. */
function found(system: ToySystem, search: BreadthFirst): [state: number, from: number | undefined][] {
  const key = new Int32Array(system.words);
  const state = (i: number) => (search.read(i, key), system.stateOf(key));
  return Array.from({ length: search.states }, (_, i) => [
    state(i),
    search.parent(i) < 0 ? undefined : state(search.parent(i)),
  ]);
}

describe("breadth-first search", () => {
  // 0 ─▶ 1 ─▶ 3 ─▶ 4 ─▶ 0, with 0 ─▶ 2 ─▶ 3 beside it, 2 ─▶ 2, and 5, which nothing leads to.
  const next = [[1, 2], [3], [2, 3], [4], [0], [0]];

  for (const { key, bits } of spreads) {
    const system = new ToySystem(next, key, bits);
    it(
      "finds five states, seven steps and a depth of three: keys of " +
        `${bits ? `${bits.join(" + ")} bits` : `${system.words} whole words`}`,
      () => {
        const search = searched(system);
        assert.deepEqual(found(system, search), [
          [0, undefined],
          [1, 0],
          [2, 0],
          [3, 1],
          [4, 3],
        ]);
        assert.deepEqual([search.states, search.edges, search.depth], [5, 7, 3]);
      },
    );
  }

  it("agrees with the plainest search on any system, whatever way states are kept", () => {
    const graph = fc
      .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 300 })
      .map((g) => g.map((to) => to.map((t) => t % g.length)));
    fc.assert(
      fc.property(graph, fc.constantFrom(...spreads), (g, { key, bits }) => {
        const system = new ToySystem(g, key, bits);
        const distances = system.distances();
        const expected = [distances.size, system.edges, Math.max(...distances.values())];
        for (const seen of [new IndexedStates(system.words), ...(bits ? [new PackedStates(bits)] : [])]) {
          const search = searched(system, seen);
          assert.deepEqual([search.states, search.edges, search.depth], expected);
          const all = found(system, search);
          assert.deepEqual(new Set(all.map(([s]) => s)), new Set(distances.keys()));
          for (const [s, from] of all) if (from !== undefined) assert.equal(distances.get(s), distances.get(from)! + 1);
        }
        if (!bits) return;
        const compact = searched(system, new PackedStates(bits, false));
        assert.deepEqual([compact.states, compact.edges, compact.depth], expected);
      }),
      { numRuns: 150 },
    );
  });

  it("can be taken in steps as small as one wants", () => {
    const system = new ToySystem(next, spreads[0].key, spreads[0].bits);
    const search = new BreadthFirst(system, system.start);
    const seen: number[] = [];
    while (search.step(1)) seen.push(search.at);
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    assert.equal(search.edges, 7);
  });
});
