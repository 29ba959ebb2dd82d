import assert from "node:assert/strict";
import { bugFailed, ipiHeld, lazyCpu, start } from "../../fixtures/panel-states";
import { openPanel, text, type PanelInDom } from "./dom";

describe("the panel", () => {
  let panel: PanelInDom;
  const open = async (kept?: unknown) => (panel = await openPanel(kept));
  afterEach(() => panel.close());

  it("asks for the state as soon as it is there", async () => {
    await open();
    assert.deepEqual(panel.sent, [{ type: "ready" }]);
  });

  it("says what to do when no session runs, and offers three ways to begin", async () => {
    await open();
    assert.match(text(panel.root), /No simulation runs/);
    for (const name of ["Open the built-in edition", "Simulate…", "Take the walkthrough"]) await panel.click(name);
    assert.deepEqual(
      panel.sent.slice(1).map((m) => m.type === "command" && m.command),
      ["tlbscope.openEdition", "tlbscope.simulate", "tlbscope.openWalkthrough"],
    );
  });

  it("shows the session, and goes back to what to do when it ends", async () => {
    await open();
    await panel.show(lazyCpu);
    assert.match(text(panel.root.querySelector("header")), /lazy-return.*Linux 2\.6\.37.*SC.*2 CPUs/);
    await panel.receive({ type: "idle" });
    assert.match(text(panel.root), /No simulation runs/);
  });

  it("names the files that the built-in edition stands in for, and only then", async () => {
    await open();
    await panel.show(start);
    assert.match(text(panel.root.querySelector("header")), /stands in for arch\/x86\/mm\/tlb\.c/);
    await panel.show(lazyCpu);
    assert.doesNotMatch(text(panel.root.querySelector("header")), /stands in/);
  });

  it("lets a screen reader hear each step, also one that says the same again", async () => {
    await open();
    const live = panel.root.querySelector("[aria-live=polite]");
    assert.equal(text(live), "", "the live region is there before the first step, or that one is not heard");
    await panel.show(ipiHeld);
    assert.equal(panel.root.querySelector("[aria-live=polite]"), live, "the live region stays the same element");
    const first = text(live);
    assert.match(first, /CPU0 writes cpu_tlbstate\.state = TLBSTATE_OK/);
    await panel.show({ ...ipiHeld, step: 15 });
    assert.notEqual(text(live), first);
  });

  it("lets a screen reader hear a tour's words, also the same ones again, and shows them nowhere", async () => {
    await open();
    await panel.show(lazyCpu);
    const region = panel.root.querySelector("[data-says=tour]")!;
    assert.equal(region.getAttribute("aria-live"), "polite");
    assert.match(region.className, /sr-only/);
    await panel.receive({ type: "say", text: "2 of 16. Words." });
    assert.equal(text(region), "2 of 16. Words.");
    const first = region.firstElementChild;
    await panel.receive({ type: "say", text: "2 of 16. Words." });
    assert.notEqual(region.firstElementChild, first);
    assert.equal(region.childElementCount, 1);
  });

  it("tells which property a step broke, in the narration and aloud, and what could not be done", async () => {
    await open();
    await panel.show(bugFailed);
    const narration = text(panel.region("The last step"));
    assert.match(narration, /Broken here: no BUG\. BUG\(\) in leave_mm/);
    assert.doesNotMatch(narration, /own page tables/, "that one broke at an earlier step");
    assert.match(text(panel.root.querySelector(".notice")), /CPU0 stopped at BUG\(\)/);
    const heard = text(panel.root.querySelector("[aria-live]"));
    assert.match(heard, /Broken here: no BUG/);
    assert.match(heard, /CPU0 stopped at BUG\(\)/);
  });

  it("comes back after a reload as it was: the state, and what was folded open", async () => {
    await open();
    await panel.show(ipiHeld);
    const globals = panel.root.querySelector<HTMLDetailsElement>("details.globals");
    assert.ok(globals && !globals.open, "globals are folded at first");
    globals.open = true;
    globals.dispatchEvent(new (globals.ownerDocument.defaultView as Window & typeof globalThis).Event("toggle"));
    await panel.close();
    const kept = panel.kept();

    await open(kept);
    assert.match(text(panel.root.querySelector(".sentence")), /TLBSTATE_OK/, "drawn before the extension has answered");
    assert.equal(panel.root.querySelector<HTMLDetailsElement>("details.globals")?.open, true);
  });

  it("ignores messages that are not its own", async () => {
    await open();
    await panel.show(lazyCpu);
    await panel.receive({ type: "something else" } as never);
    await panel.receive(undefined as never);
    assert.match(text(panel.root.querySelector("h1")), /lazy-return/);
  });
});
