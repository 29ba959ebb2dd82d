/** Loops that never end, and such as only look so: told by a verdict as executions that come to no end. */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict";
import { replay } from "../../../src/check/switches";
import { editionMachine, files, toy } from "../../support/machine";

const deadlock = (m: Parameters<typeof checkNow>[0]) => checkNow(m).properties.find((p) => p.id === "deadlock")!;

describe("a loop that never ends", () => {
  const c = "static int x = 1, y;";

  it("fails, with an execution that leads into it and a word on who is where", () => {
    const m = toy(["while (x) y = !y;", "y = 0;"], { c });
    const { standing, counterexamples: [{ why, moves }] } = deadlock(m);
    assert.equal(standing, "fails");
    assert.match(why, /^From here on no execution comes to its end, whoever goes on: CPU0 in scenario_touch\(\), line \d+/);
    assert.ok(moves.length < 10 && m.hasStep(replay(m, moves).state, 0));
  });

  it("is none when another CPU ends it", () => {
    assert.equal(checkNow(toy(["while (x) y = !y;", "x = 0;"], { c })).outcome, "holds");
  });

  it("is found in an edited switch_mm(), where only locals go round", () => {
    const edited = editionMachine("lazy-return", { [files.mmuContext]: (t) => t.split("\n").map((l, i) => (i === 59 ? "for (cpu = 0; cpu < 8; ) prev = next;" : l)).join("\n") });
    assert.match(deadlock(edited).counterexamples[0].why, /CPU0 in switch_mm\(\), line 60/);
  });
});
