/**
 * The abstract lazy-TLB protocol: counts that other model checkers (Spin, rumur, TLC) agree on, found by our search.
 */
import assert from "node:assert/strict";
import { BreadthFirst } from "../../../src/check/search/breadth-first";
import { IndexedStates, PackedStates } from "../../../src/check/store/states";
import type { States } from "../../../src/check/store/system";
import { LazyTlb, type LazyTlbOptions } from "../../support/lazy-tlb";

function searched(o: LazyTlbOptions, keep?: (s: LazyTlb) => States): { search: BreadthFirst; system: LazyTlb } {
  const system = new LazyTlb(o);
  const search = new BreadthFirst(system, system.start, keep?.(system));
  while (system.violation < 0 && search.step());
  return { search, system };
}

describe("the abstract lazy-TLB protocol", () => {
  const known: [cpus: number, mms: number, states: number, transitions: number, orbits: number][] = [
    [2, 1, 2_161, 5_718, 1_103],
    [2, 2, 48_551, 135_640, 12_257],
    [2, 3, 435_325, 1_235_538, 37_621],
  ];
  for (const [cpus, mms, states, transitions, orbits] of known) {
    it(`has ${states} states with ${cpus} CPUs and ${mms} mm${mms > 1 ? "s" : ""}, and keeps its promises`, () => {
      const { search, system } = searched({ cpus, mms });
      assert.deepEqual([search.states, search.edges, system.violation], [states, transitions, -1]);
    });
    it(`has ${orbits} where the names of CPUs and mms don't count`, () => {
      const { search, system } = searched({ cpus, mms, symmetry: true });
      assert.deepEqual([search.states, system.violation], [orbits, -1]);
    });
  }
  it("has these counts whole and without the ways, too", () => {
    for (const keep of [() => new IndexedStates(2), (s: LazyTlb) => new PackedStates(s.bits, false)]) {
      const { search, system } = searched({ cpus: 2, mms: 2 }, keep);
      assert.deepEqual([search.states, search.edges, system.violation], [48_551, 135_640, -1]);
    }
  });
  it("has 556679 of these with three CPUs, in at most 30 bytes each with the ways and 8 without", () => {
    const whole = searched({ cpus: 3, mms: 2, symmetry: true }).search,
      compact = searched({ cpus: 3, mms: 2, symmetry: true }, (s) => new PackedStates(s.bits, false)).search;
    assert.deepEqual([whole.states, compact.states], [556_679, 556_679]);
    assert.ok(whole.bytes / 556_679 <= 30);
    assert.ok(compact.bytes / 556_679 <= 8);
  });

  for (const symmetry of [false, true])
    for (const cpus of [2, 3]) {
      it(
        `breaks its promise in 22 steps when the bit is cleared before CR3 is loaded: ${cpus} ` +
          `CPUs${symmetry ? ", by symmetry" : ""}`,
        () => {
          const { search, system } = searched({ cpus, mms: 2, clearFirst: true, symmetry });
          let steps = 1;
          for (let i = system.violation; i > 0; i = search.parent(i)) steps++;
          assert.equal(steps, 22);
        },
      );
    }
  it("keeps it all the same with one mm", () =>
    assert.equal(searched({ cpus: 2, mms: 1, clearFirst: true }).system.violation, -1));
});
