/** In which order worlds are looked at with more and more actions a CPU. */
import assert from "node:assert/strict";
import type { Verdict } from "../../../src/check/verdict/verdict";
import { deepen, withActions, type DepthEnd } from "../../../src/jobs/deepening";
import type { Scenario } from "../../../src/scenario/scenario";

const world = (id: string) => ({ id }) as Scenario;
const verdict = (outcome: Verdict["outcome"]) => ({ outcome }) as Verdict;

/** Looks at two worlds, and gives what was begun, in this order. */
async function begun(most: number, atOnce: number, look: (name: string) => DepthEnd): Promise<string[]> {
  const names: string[] = [];
  await deepen([world("a"), world("b")], { most, atOnce }, async ({ world: { id }, actions }) => {
    names.push(`${id}${actions}`);
    await Promise.resolve();
    return look(`${id}${actions}`);
  });
  return names;
}

describe("iterative deepening", () => {
  it("looks at the fewest actions first, in every world, up to the most", async () => {
    const holds = () => verdict("holds");
    assert.deepEqual(await begun(3, 1, holds), ["a1", "b1", "a2", "b2", "a3", "b3"]);
    assert.deepEqual((await begun(2, 2, holds)).slice(0, 2), ["a1", "b1"]);
  });

  it("goes no deeper where something fails, can't be said, doesn't apply, or was cut off", async () => {
    for (const end of [verdict("fails"), verdict("unknown"), verdict("doesn't apply"), undefined])
      assert.deepEqual(await begun(2, 1, (name) => (name === "a1" ? end : verdict("holds"))), ["a1", "b1", "b2"]);
  });

  it("ends with the error of a search", () =>
    assert.rejects(
      begun(1, 1, () => {
        throw new Error("lost");
      }),
      /lost/,
    ));

  it("gives the number of actions to the CPUs that choose, and leaves scripts alone", () => {
    const cpus = [
      { starts: "A/1", does: [], actions: 2 },
      { starts: "A/2", does: [] },
    ];
    assert.deepEqual(
      withActions({ cpus } as unknown as Scenario, 5).cpus.map((c) => c.actions),
      [5, undefined],
    );
  });
});
