import assert from "node:assert/strict";
import { ipiHeld } from "../../fixtures/panel-states";
import { openPanel, text, type PanelInDom } from "./dom";

describe("a panel with little room", () => {
  let panel: PanelInDom;
  afterEach(() => panel.close());

  /** As VS Code tells a view its size. */
  const resize = async (width: number, height: number) => {
    Object.assign(window, { innerWidth: width, innerHeight: height });
    window.dispatchEvent(new (window as unknown as { Event: typeof Event }).Event("resize"));
    await panel.show({ ...ipiHeld });
  };

  it("offers the wide place below the source, and not where there is room", async () => {
    panel = await openPanel();
    await panel.show(ipiHeld);
    await resize(300, 120);
    await panel.click("Show the CPUs wide, below the source");
    assert.deepEqual(panel.sent.at(-1), { type: "command", command: "tlbscope.widePanel" });
    await resize(1000, 250);
    assert.doesNotMatch(text(panel.root), /Show the CPUs wide/);
    await resize(300, 700);
    assert.doesNotMatch(text(panel.root), /Show the CPUs wide/);
  });
});
