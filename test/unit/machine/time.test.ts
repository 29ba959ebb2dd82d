/**
 * Time passes only where the session says so: at any moment, so often, and beyond every deadline that there is by
 * then.
 */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict/verdict";
import { MoveKind, moveKind } from "../../../src/machine/machine";
import { Player, read, toy } from "../../support/machine";

const c = "unsigned long deadline; int x;";
const body = "x = 0; deadline = jiffies + HZ; barrier(); if (time_after(jiffies, deadline)) x = 1;";
const machine = (n: number, ...bodies: string[]) => toy(bodies, { c, settings: { time_passes: n } });
const passes = (p: Player) => p.machine.moves(p.state).filter((m) => moveKind(m) === MoveKind.time);

/** May x end as this? */
const can = (text: string, n: number, ...bodies: string[]) =>
  checkNow(machine(n, ...bodies), { asked: [{ kind: "can", text }] }).asked[0].standing;

describe("time", () => {
  it("stands still by itself: no deadline passes", () => {
    const p = new Player(machine(0, body));
    assert.deepEqual(passes(p), []);
    assert.equal(read(p.machine, p.finish().state, "x"), 0);
  });

  it("passes at any moment, before a deadline is set or after", () => {
    assert.deepEqual(
      [can("x == 1", 1, body), can("x == 0", 1, body), can("x == 1", 0, body)],
      ["happens", "happens", "never happens"],
    );
    const p = new Player(machine(1, body));
    while (read(p.machine, p.state, "deadline") === 0) p.step(0);
    p.move(passes(p)[0]);
    assert.equal(
      p.trace.sentence(p.trace.cursor),
      "Time passes, beyond every deadline: CPU0's timer moves jiffies on.",
    );
    assert.deepEqual(passes(p), [], "as often as the setting says");
    assert.equal(read(p.machine, p.untilWaits(0).state, "x"), 1);
  });

  it("passes as often as the session says", () => {
    const twice = `${body} deadline = jiffies + HZ; barrier(); if (time_after(jiffies, deadline)) x += 2;`;
    assert.deepEqual([can("x == 3", 1, twice), can("x == 3", 2, twice)], ["never happens", "happens"]);
  });

  it("is compared as the kernel compares: earlier, later, or at once", () => {
    const m = machine(
      1,
      "x = time_after(7, 5) + time_after_eq(5, 5) * 2 + time_before(5, 7) * 4 + time_before_eq(5, 5) * 8 + " +
        "time_is_before_jiffies(1) * 16 + time_after(5, 5) * 32 + time_before(7, 5) * 64;",
    );
    assert.equal(read(m, new Player(m).untilWaits(0).state, "x"), 31);
  });

  it("ends a loop that looks at the clock", () => {
    const p = new Player(machine(1, "while (!time_after(jiffies, deadline + 2000000)) cpu_relax();"));
    for (let n = 0; n < 20; n++) p.step(0);
    assert.equal(p.machine.hasStep(p.state, 0), true);
    p.move(passes(p)[0]);
    p.untilWaits(0);
    assert.equal(p.machine.hasStep(p.state, 0), false);
  });
});
