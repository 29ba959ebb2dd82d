/** The shortest way to a line, with and without a condition. */
import assert from "node:assert/strict";
import { Workers } from "../../../src/jobs/workers";
import { MoveKind, moveKind } from "../../../src/machine/machine";
import { edition } from "../../support/kernel";
import { scenario } from "../../support/machine";
import { failed, mmuContext } from "./asking";
import { Here } from "./support";

describe("the way to a line, asked of a worker", () => {
  const way = (line: number, condition?: string) =>
    new Workers(new Here()).run({
      kind: "reach",
      files: edition(),
      scenario: scenario("lazy-return"),
      uri: mmuContext().uri,
      line,
      condition,
      maxStates: 500_000,
    }).answer;

  it("is the shortest one; with a condition, the shortest on which it holds there", async () => {
    const plain = await way(60),
      asked = await way(60, "!cpumask_test_cpu(cpu, mm_cpumask(next))");
    assert.ok("moves" in plain && plain.moves && "moves" in asked && asked.moves);
    // Only a flush that found it lazy takes the bit away.
    assert.ok(asked.moves.length > plain.moves.length);
    assert.ok(asked.moves.some((m) => moveKind(m) === MoveKind.vector));
  });

  it("is none when the condition never holds there", async () => {
    assert.deepEqual(await way(60, "prev != next"), { line: 60, complete: true });
  });

  it("an expression with a mistake is told, not taken for one that never holds", async () => {
    assert.match(
      (await failed(way(60, "pref == next"))).message,
      /The condition pref == next can't be worked out on line 60: .*pref/,
    );
  });
});
