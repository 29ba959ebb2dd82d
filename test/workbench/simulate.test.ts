import assert from "node:assert/strict";
import { eventually, mmuContext, useWorkbench } from "./shared-window";

describe("simulating from a lens", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 50 });

  it("stands in switch_mm after one click, with the debug toolbar there", async () => {
    await vscode().editor.goto(33);
    await vscode().editor.lens("Simulate from here").nth(1).click();
    await vscode().debug.toolbar.waitFor();
    await vscode().debug.stoppedAt(36);
  });

  it("shows what each CPU does in the panel, and in one sentence what the last step did", async () => {
    await vscode().panel.getByText("switch-away").first().waitFor();
    await vscode().debug.press("Step Over");
    await vscode().debug.stoppedAt(38);
    await vscode().panel.getByText("CPU0 sets cpu = 0.").first().waitFor();
    await vscode().panel.getByText("switch_mm, line 36").first().waitFor();
  });

  it("shows the values at the ends of the lines that ran", async () => {
    await eventually("cpu's value on line 36", async () => (await vscode().editor.text(36)).includes("cpu = 0"));
    await eventually("the values on line 38", async () =>
      (await vscode().editor.text(38)).includes("prev = A, next = B"),
    );
  });

  it("names the scenario and the step in the status bar", async () => {
    await vscode()
      .statusBar(/switch-away: step 16 of 16/)
      .waitFor();
  });

  it("marks each CPU's next statement in the gutter", async () => {
    await vscode().page.locator(".glyph-margin-widgets .cgmr[class*='ced-']").first().waitFor();
  });

  it("steps back, and the status bar says so", async () => {
    await vscode().debug.press("Step Back");
    await vscode().debug.stoppedAt(36);
    await vscode()
      .statusBar(/switch-away: step 15 of 16/)
      .waitFor();
  });

  it("says in its place that the source has changed, and restarts with the new text", async () => {
    await vscode().page.locator(".view-line", { hasText: "cpumask_clear_cpu" }).click();
    await vscode().press("Home");
    await vscode().page.keyboard.insertText("/* gone */ if (0) ");
    await vscode().editor.lens("Restart with the edited source").first().waitFor();
    await vscode().statusBar("The source has changed").waitFor();
    await vscode().screenshot("source changed");
    await vscode().statusBar("The source has changed").click();
    await vscode().debug.stoppedAt(36);
    await vscode()
      .statusBar(/switch-away: step/)
      .waitFor();
  });

  it("ends without leaving marks", async () => {
    await vscode().debug.stop();
    await vscode()
      .statusBar(/switch-away/)
      .waitFor({ state: "hidden" });
    assert.equal(await vscode().page.locator(".glyph-margin-widgets [class*='codicon-debug-stackframe']").count(), 0);
  });
});

describe("an interrupt while CPU0 comes back to the mm that it borrowed", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 60 });
  const cards = () =>
    Promise.all(
      ["CPU0", "CPU1"].map((name) => vscode().panel.getByRole("button", { name, exact: true }).boundingBox()),
    );

  it("starts at line 60 from the command palette", async () => {
    await vscode().statusBar("C++").waitFor();
    await vscode().command("TLBscope: Simulate from Here");
    await vscode().debug.stoppedAt(60);
    await vscode().panel.getByText("lazy-return").first().waitFor();
  });

  it("shows the CPUs side by side below the source, with the masks and what is on its way beside them", async () => {
    const [first, second] = await cards();
    assert.ok(first && second && first.x < second.x && first.y === second.y);
    const seen = async (text: string) => (await vscode().panel.getByText(text, { exact: true }).first().boundingBox())!;
    for (const text of ["TLBSTATE_LAZY", "IPIs in flight", "mm_cpumask"])
      assert.ok((await seen(text)).y < 860, `${text} is to be seen without scrolling`);
    await vscode().screenshot("panel wide");
  });

  for (const [theme, name] of [
    ["Dark+", "dark"],
    ["Dark High Contrast", "dark high contrast"],
    ["Light High Contrast", "light high contrast"],
    ["Light+", "light"],
  ]) {
    it(`can be seen in ${theme}`, async () => {
      await vscode().theme(theme);
      await vscode().page.locator(".glyph-margin-widgets .cgmr[class*='ced-']").first().waitFor();
      await vscode().screenshot(`simulate ${name}`);
    });
  }

  it("selects CPU1 by its card, in the call stack too", async () => {
    await vscode().panel.getByRole("button", { name: /CPU1/ }).first().click();
    await eventually("CPU1's frame in front", async () =>
      (await vscode().page.locator(".debug-call-stack .monaco-list-row.selected").innerText()).includes("A/2"),
    );
  });

  it("lets CPU1 unmap its page until it waits for CPU0, which holds the flush back", async () => {
    const { debug, panel } = vscode();
    for (let presses = 0; presses < 12 && !(await panel.getByText("held: IF = 0").count()); presses++) {
      await debug.press("Step Over");
      await debug.button("Continue").waitFor();
    }
    await panel.getByText("held: IF = 0").first().waitFor();
    // Files of the extension's own came and went on the way: nothing has changed.
    await vscode()
      .statusBar(/lazy-return: step/)
      .waitFor();
    await vscode().screenshot("flush held");
  });

  it("delivers the flush from the panel as soon as CPU0 lets it in", async () => {
    const { debug, panel } = vscode();
    await debug.callStack("switch_mm").first().click();
    await debug.stoppedAt(60);
    const deliver = panel.getByRole("button", { name: "Deliver" });
    for (let presses = 0; presses < 6 && !(await deliver.count()); presses++) {
      await debug.press("Step Out");
      await debug.button("Continue").waitFor();
    }
    await deliver.first().click();
    await debug.callStack("smp_invalidate_interrupt").first().waitFor();
    await vscode().screenshot("flush delivered");
  });

  it("undoes the delivery", async () => {
    await vscode().debug.press("Step Back");
    await vscode().debug.callStack("smp_invalidate_interrupt").first().waitFor({ state: "detached" });
    await vscode().debug.stopped();
  });

  it("moves among the debugger's own views, where the cards stand below each other", async () => {
    for (const name of ["Variables", "Watch", "Breakpoints"])
      await vscode().section(name).locator(".pane-header").click();
    await vscode().command("TLBscope: Show the Panel in Run and Debug");
    await vscode().page.locator(".sidebar .pane-header[aria-label^='TLBscope']").waitFor();
    await vscode().panel.getByText("lazy-return").first().waitFor();
    const [first, second] = await cards();
    assert.ok(first && second && first.x === second.x && first.y < second.y);
    await vscode().screenshot("panel in the side bar");
  });

  it("moves back below the source", async () => {
    await vscode().command("TLBscope: Show the Panel Wide, below the Source");
    await vscode().page.locator(".sidebar .pane-header[aria-label^='TLBscope']").waitFor({ state: "detached" });
    await vscode().panel.getByText("lazy-return").first().waitFor();
    const [first, second] = await cards();
    assert.ok(first && second && first.x < second.x);
  });
});
