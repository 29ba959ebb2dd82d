/** The search against what is known otherwise: spaces written out in full, and a plain reference search. */
import assert from "node:assert/strict";
import { Search } from "../../../src/check/search/search";
import { checkNow } from "../../../src/check/verdict/verdict";
import type { Machine, State } from "../../../src/machine/machine";
import { editionMachine, toy } from "../../support/machine";
import { searched } from "./searched";

/** All states, by the shortest code that can find them. */
function reference(m: Machine): { states: number; edges: number; depth: number; broken: Map<string, number> } {
  const start = m.initial().state;
  const seen = new Map<string, number>([[start.join(), 0]]);
  const queue: State[] = [start];
  const broken = new Map<string, number>();
  let edges = 0,
    depth = 0;
  for (let s = queue.shift(); s; s = queue.shift()) {
    const d = seen.get(s.join())!;
    for (const move of m.moves(s)) {
      edges++;
      const { state, violations } = m.apply(s, move);
      for (const v of violations) if (!broken.has(v.property)) broken.set(v.property, d + 1);
      if (seen.has(state.join())) continue;
      seen.set(state.join(), d + 1);
      depth = Math.max(depth, d + 1);
      queue.push(state);
    }
  }
  return { states: seen.size, edges, depth, broken };
}

describe("a search", () => {
  it("finds the whole space of two CPUs that each store once: begin, store, begin, store", () => {
    // Each CPU is at 0 (to begin), 1 (to store) or 2 (done): nine states, twelve steps between them.
    const { states, edges, depth } = searched(toy(["x = 1;", "y = 1;"], { c: "static int x, y;" }), false).progress;
    assert.deepEqual({ states, edges, depth }, { states: 9, edges: 12, depth: 4 });
  });

  it("tells apart what two CPUs leave in one variable", () => {
    // As before, but once both have stored, x is 1 or 2: one state more at the end, and one on each way to it where
    // both values are possible.
    assert.equal(
      searched(toy(["x = 1;", "x = 2;"], { c: "static int x;" }), false).progress.states,
      reference(toy(["x = 1;", "x = 2;"], { c: "static int x;" })).states,
    );
  });

  for (const id of ["switch-in", "switch-away", "lazy-return"])
    it(`agrees with a plain reference search on ${id}`, () => {
      const m = editionMachine(id);
      const expected = reference(m);
      const s = searched(m, false);
      const { states, edges, depth } = s.progress;
      assert.deepEqual(
        { states, edges, depth },
        { states: expected.states, edges: expected.edges, depth: expected.depth },
      );
      assert.deepEqual(
        [...s.findings.values()].map((f) => [f.property, f.moves.length]),
        [...expected.broken],
      );
    });

  it("gives executions that the machine can replay, ending in the violation", () => {
    const m = editionMachine("switch-away");
    const finding = searched(m, false).findings.get("stale-translation")!;
    let { state } = m.initial();
    let last: readonly { property: string; why: string }[] = [];
    for (const move of finding.moves) {
      assert.ok(m.moves(state).includes(move));
      const applied = m.apply(state, move);
      state = applied.state;
      last = applied.violations;
    }
    assert.deepEqual(
      last.map((v) => v.why),
      [finding.why],
    );
  });

  it("can be run in slices, and says at each pause how far it is", () => {
    const whole = searched(editionMachine("switch-in"), false).progress;
    const sliced = new Search(editionMachine("switch-in"));
    let pauses = 0;
    while (sliced.run(100)) {
      pauses++;
      assert.ok(sliced.progress.queue > 0);
    }
    assert.ok(pauses > 10);
    // The memory may differ by a scratch buffer; what was found may not.
    assert.deepEqual({ ...sliced.progress, bytes: 0 }, { ...whole, bytes: 0 });
  });

  it("says when it gave up, and keeps what it found", () => {
    const s = new Search(editionMachine("switch-away"), { maxStates: 1_000 });
    s.run();
    assert.equal(s.end, "too many states");
    assert.ok(s.progress.states >= 1_000);
    const v = checkNow(editionMachine("switch-in"), { maxStates: 100 });
    assert.equal(v.outcome, "unknown");
    assert.match(v.bounds, /ended early \(too many states, the bound is 100\)/);
  });

  it("reports CPUs that wait for each other", () => {
    const m = toy(
      [
        "spin_lock(&a); spin_lock(&b); spin_unlock(&b); spin_unlock(&a);",
        "spin_lock(&b); spin_lock(&a); spin_unlock(&a); spin_unlock(&b);",
      ],
      { c: "static DEFINE_SPINLOCK(a);\nstatic DEFINE_SPINLOCK(b);" },
    );
    for (const reduce of [false, true])
      assert.equal(
        searched(m, reduce).findings.get("deadlock")?.why,
        "CPU0 and CPU1 can't go on: each waits for something that only another could do.",
      );
  });

  it("does not take a loop that waits for another CPU for a deadlock", () => {
    const m = toy(["while (!flag) cpu_relax(); x = 1;", "flag = 1;"], { c: "static int flag, x;" });
    for (const reduce of [false, true]) assert.deepEqual([...searched(m, reduce).findings], []);
  });
});
