import assert from "node:assert/strict";
import type { Goal } from "../../../src/check/search/reach";
import { reach } from "../../support/reach";
import { MoveKind, moveKind, type Machine, type Move } from "../../../src/machine/machine";
import { editionMachine, Player, read, toy } from "../../support/machine";

/** The same search written in the plainest way: paths in a list, states as text. */
function plainly(m: Machine, goal: Goal, fills: boolean): { moves?: Move[]; states: number } {
  const start = m.initial().state;
  if (goal(start, [])) return { moves: [], states: 1 };
  const seen = new Set([start.join()]);
  const queue: { state: Int32Array; moves: Move[] }[] = [{ state: start, moves: [] }];
  for (const { state, moves } of queue) {
    for (const move of m.moves(state)) {
      if (!fills && moveKind(move) === MoveKind.fill) continue;
      const after = m.apply(state, move);
      if (goal(after.state, after.violations)) return { moves: [...moves, move], states: seen.size };
      if (seen.has(after.state.join())) continue;
      seen.add(after.state.join());
      queue.push({ state: after.state, moves: [...moves, move] });
    }
  }
  return { states: seen.size };
}

describe("reach", () => {
  const two = () =>
    toy(["x = 1; y = 2; x = 3;", "if (x == 1) z = 1; y = 5; if (x == 3 && y == 2) w = 1;"], { c: "int w, x, y, z;" });
  const goals: Record<string, (m: Machine) => Goal> = {
    "one CPU's last value": (m) => (s) => read(m, s, "x") === 3,
    "what only one order gives": (m) => (s) => read(m, s, "w") === 1,
    "two things at once": (m) => (s) => read(m, s, "z") === 1 && read(m, s, "y") === 2,
    "what can't be": (m) => (s) => read(m, s, "z") === 2,
    "the beginning": () => () => true,
  };

  for (const [what, goalOf] of Object.entries(goals)) {
    it(`finds ${what} as fast as a plain search does`, () => {
      const m = two();
      const goal = goalOf(m);
      const expected = plainly(m, goal, false),
        found = reach(m, goal);
      if (expected.moves === undefined) assert.deepEqual(found, { states: expected.states, complete: true });
      else {
        assert.ok("moves" in found);
        assert.equal(found.moves.length, expected.moves.length);
        // The run that it gives really gets there.
        const p = new Player(m);
        for (const x of found.moves) p.move(x);
        assert.ok(goal(p.state, []));
      }
    });
  }

  it("writes a whole state space out: two CPUs, an increment each that isn't LOCKed", () => {
    // Each CPU: not begun, begun, loaded (0 or 1), stored. 4 × 4 places, and what x and the loaded values can be there.
    const m = toy(["x = x + 1;", "x = x + 1;"], { c: "int x;" });
    const outcomes = new Set<number>();
    const all = reach(m, (s) => {
      if (!m.hasStep(s, 0) && !m.hasStep(s, 1)) outcomes.add(read(m, s, "x"));
      return false;
    });
    assert.deepEqual(all, { states: plainly(m, () => false, false).states, complete: true });
    assert.deepEqual([...outcomes].sort(), [1, 2]);
  });

  it("takes LOCKed increments as one", () => {
    const m = toy(["atomic_inc(&x);", "atomic_inc(&x);"], { c: "int x;" });
    assert.deepEqual(
      reach(m, (s) => !m.hasStep(s, 0) && !m.hasStep(s, 1) && read(m, s, "x") !== 2),
      { states: 9, complete: true },
    );
  });

  it("says when it has given up, and after how many states", () => {
    const m = editionMachine("lazy-return");
    assert.deepEqual(
      reach(m, () => false, { maxStates: 100 }),
      { states: 100, complete: false },
    );
  });

  it("fills TLBs only when asked to", () => {
    const m = editionMachine("switch-in");
    const entry = m.layout.tlb[1];
    const filled: Goal = (s) => s[entry] !== 0;
    assert.deepEqual("moves" in reach(m, filled), false);
    const found = reach(m, filled, { fills: true });
    assert.ok("moves" in found);
    assert.deepEqual(found.moves.map(moveKind), [MoveKind.fill]);
  });

  it("shows the goal which promises a move broke", () => {
    const m = toy(["x = 1; BUG_ON(x == 1);"], { c: "int x;" });
    const found = reach(m, (_, broken) => broken.some((v) => v.property === "bug"));
    const expected = plainly(m, (_, broken) => broken.some((v) => v.property === "bug"), false);
    assert.ok("moves" in found);
    assert.deepEqual(found.moves, expected.moves);
  });
});
