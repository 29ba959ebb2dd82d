/** A tour's main line, and what branches off it. */
import assert from "node:assert/strict";
import { lazy, step } from "./steps";
import { play, stateOf } from "./support";

describe("the contents of a tour", () => {
  it("have the main line numbered, and side steps under the step that leads there", () => {
    const p = play(
      step("a", `${lazy}\nbranches: [{ say: What if?, to: side }]`) +
        step("b", "words: B.\nnext: end") +
        step("side", "from: a\nwords: S.") +
        step("side2", "words: S.\nnext: b"),
    );
    assert.deepEqual(
      p.contents.items.map(({ id, number, under }) => [id, number, under]),
      [
        ["a", 1, undefined],
        ["side", undefined, "a"],
        ["side2", undefined, "a"],
        ["b", 2, undefined],
      ],
    );
    assert.deepEqual(
      ["a", "b", "side", "side2"].map((id) => stateOf(p, id).next),
      ["b", undefined, "side2", "b"],
    );
    assert.deepEqual(
      ["a", "b", "side", "side2"].map((id) => stateOf(p, id).previous),
      [undefined, "a", "a", "side"],
    );
    assert.deepEqual(stateOf(p, "a").branches, [{ say: "What if?", to: "side" }]);
  });
});
