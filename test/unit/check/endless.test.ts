/** Loops that never end, and such as only look so: told by a verdict as executions that come to no end. */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict/verdict";
import { replay } from "../../../src/check/search/switches";
import { editionMachine, files, toy } from "../../support/machine";

const deadlock = (m: Parameters<typeof checkNow>[0]) => checkNow(m).properties.find((p) => p.id === "deadlock")!;

describe("a loop that never ends", () => {
  const c = "static int x = 1, y;";

  it("fails, with an execution that leads into it and a word on who is where", () => {
    const m = toy(["while (x) y = !y;", "y = 0;"], { c });
    const {
      standing,
      counterexamples: [{ why, moves }],
    } = deadlock(m);
    assert.equal(standing, "fails");
    assert.match(
      why,
      /^From here on no execution comes to its end, whoever goes on: CPU0 in scenario_touch\(\), line \d+/,
    );
    assert.ok(moves.length < 10 && m.hasStep(replay(m, moves).state, 0));
  });

  it("is none when another CPU ends it", () => {
    assert.equal(checkNow(toy(["while (x) y = !y;", "x = 0;"], { c })).outcome, "holds");
  });

  it("is found in an edited switch_mm(), where only locals go round", () => {
    const edited = editionMachine("lazy-return", {
      [files.mmuContext]: (t) =>
        t
          .split("\n")
          .map((l, i) => (i === 59 ? "for (cpu = 0; cpu < 8; ) prev = next;" : l))
          .join("\n"),
    });
    assert.match(deadlock(edited).counterexamples[0].why, /CPU0 in switch_mm\(\), line 60/);
  });

  it("is found where only one order of steps leads into it, and ruled out where none does", () => {
    // CPU0 goes round only if it reads y between two stores of CPU1's.
    const hidden = (last: string) =>
      toy(["if (y == 1 && z == 0) while (x) y = !y;", `y = 1; z = 1; ${last}`], { c: "static int x = 1, y, z;" });
    const lost = checkNow(hidden("y = 2;"));
    const { why, moves } = lost.properties.find((p) => p.id === "deadlock")!.counterexamples[0];
    assert.match(why, /whoever goes on: CPU0 in scenario_touch/);
    assert.ok(moves.length < 20);
    const ended = checkNow(hidden("x = 0;"));
    assert.deepEqual(
      [ended.outcome, /From every state some execution comes to the end/.test(ended.bounds)],
      ["holds", true],
    );
  });

  it("is ruled out on scenarios of the edition, also by a search that takes each step by itself", () => {
    for (const id of ["lazy-return", "switch-in", "two-lazy-cpus"])
      for (const reduce of [true, false])
        assert.match(checkNow(editionMachine(id), { reduce }).bounds, /no loop goes on forever/);
  });
});
