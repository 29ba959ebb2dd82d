import assert from "node:assert/strict";
import { eachFrame } from "../../../src/panel/view/parts/each-frame";
import { ipiHeld, start } from "../../fixtures/panel-states";
import { enter, openPanel, press, text, type PanelInDom } from "./dom";

describe("moving in the history", () => {
  let panel: PanelInDom;
  beforeEach(async () => (panel = await openPanel()));
  afterEach(() => panel.close());
  const scrubber = () => panel.root.querySelector("input[type=range]") as HTMLInputElement;
  const number = () => panel.root.querySelector("input[type=number]") as HTMLInputElement;
  const messages = () => panel.sent.slice(1);

  it("steps back and forward, and from mark to mark", async () => {
    await panel.show(ipiHeld);
    for (const name of [
      "Step back",
      "Step forward",
      "Go back to: CPU1 sends flush A to CPU0",
      "Go on to: CPU0 takes flush A",
    ])
      await panel.click(name);
    assert.deepEqual(messages(), [
      { type: "stepBack" },
      { type: "stepForward" },
      { type: "goto", step: 12 },
      { type: "goto", step: 96 },
    ]);
  });

  it("does not step back from the start, and says so without losing the focus", async () => {
    await panel.show(start);
    const back = panel.button("Step back");
    assert.equal(back.getAttribute("aria-disabled"), "true");
    assert.equal(back.disabled, false);
    await panel.click("Step back");
    assert.deepEqual(messages(), []);
  });

  it("says where it is, and what the mark there means", async () => {
    await panel.show(ipiHeld);
    assert.match(text(panel.region("History")), /step ?of 200/);
    assert.equal(number().value, "14");
    assert.equal(scrubber().getAttribute("aria-valuetext"), "step 14 of 200");
    await panel.show({ ...ipiHeld, step: 171 });
    assert.equal(scrubber().getAttribute("aria-valuetext"), "step 171 of 200: no stale translation is broken");
  });

  it("sends one message per frame while it is dragged, and the last place when it is let go", async () => {
    await panel.show(ipiHeld);
    for (const to of [20, 30, 40]) await enter(scrubber(), to, "input");
    assert.deepEqual(messages(), []);
    panel.frame();
    assert.deepEqual(messages(), [{ type: "goto", step: 40 }]);
    await enter(scrubber(), 50, "input", "change");
    assert.deepEqual(messages().slice(1), [{ type: "goto", step: 50 }]);
    panel.frame();
    assert.equal(messages().length, 2, "nothing is sent twice");
  });

  it("stays under the hand while older answers come in, and follows the machine afterwards", async () => {
    await panel.show(ipiHeld);
    await enter(scrubber(), 40, "input");
    await panel.show({ ...ipiHeld, step: 30 });
    assert.equal(scrubber().value, "40");
    await enter(scrubber(), 41, "input", "change");
    await panel.show({ ...ipiHeld, step: 41 });
    await panel.show({ ...ipiHeld, step: 7 });
    assert.equal(scrubber().value, "7");
  });

  it("follows the machine also when the hand came back to where it began", async () => {
    await panel.show(ipiHeld);
    await enter(scrubber(), 40, "input");
    await enter(scrubber(), 14, "input", "pointerup");
    await panel.show({ ...ipiHeld, step: 14 });
    await panel.show({ ...ipiHeld, step: 7 });
    assert.equal(scrubber().value, "7");
  });

  it("goes on from the end of the history with the right arrow", async () => {
    await panel.show({ ...ipiHeld, step: 200 });
    await press(scrubber(), "ArrowRight");
    assert.deepEqual(messages(), [{ type: "stepForward" }]);
    await panel.show(ipiHeld);
    await press(scrubber(), "ArrowRight");
    assert.equal(messages().length, 1, "before the end, the slider itself moves");
  });

  it("goes to a step by its number, and to the nearest there is", async () => {
    await panel.show(ipiHeld);
    await enter(number(), 120, "change");
    await enter(number(), 9999, "change");
    await enter(number(), -3, "change");
    assert.deepEqual(
      messages(),
      [120, 200, 0].map((step) => ({ type: "goto", step })),
    );
    await enter(number(), NaN, "change");
    assert.equal(messages().length, 3);
    assert.equal(number().value, "14", "what is no number goes back to what it was");
  });

  it("throttles: the latest value wins, and every frame may send again", () => {
    const sent: number[] = [];
    const frames: (() => void)[] = [];
    const throttled = eachFrame<number>(
      (n) => sent.push(n),
      (run) => frames.push(run),
    );
    throttled.push(1);
    throttled.push(2);
    frames.splice(0).forEach((run) => run());
    throttled.push(3);
    assert.equal(frames.length, 1);
    frames.splice(0).forEach((run) => run());
    assert.deepEqual(sent, [2, 3]);
  });
});
