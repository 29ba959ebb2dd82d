/** The walkthrough “Get started with TLBscope”. */
import assert from "node:assert/strict";
import { eventually, mmuContext, useWorkbench } from "./shared-window";

const titles = [
  "Open the two files",
  "Simulate from a line",
  "Step, and watch the panel",
  "Deliver a flush interrupt",
  "Ask: could it happen?",
  "Take the tour",
];
/** What each step's picture says somewhere. */
const words = ["switch_mm()", "Simulate from here", "mm_cpumask", "Deliver", "", "Contents"];

describe("the first steps of a tour through the editor", () => {
  const vscode = useWorkbench({ file: "README.md", fresh: true });

  const page = () => vscode().page.locator(".gettingStartedContainer");
  const step = (title: string) => page().locator(".getting-started-step", { hasText: title }).first();
  const picture = () =>
    vscode().page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame").locator("svg");

  it("are six, with a verb on each button", async () => {
    await vscode().statusBar("Markdown").waitFor();
    await vscode().command("TLBscope: Get Started");
    await page().getByText("Get started with TLBscope").first().waitFor();
    await step(titles[0]).waitFor();
    assert.equal(await page().locator(".getting-started-step").count(), 6);
    await page().getByRole("button", { name: "Open the built-in edition" }).waitFor();
  });

  for (const [theme, name] of [
    ["Dark+", "dark"],
    ["Light+", "light"],
    ["Dark High Contrast", "high contrast"],
  ]) {
    it(`have pictures in the colours of ${theme}`, async () => {
      // The page takes the focus back while it draws, and the list of themes would close.
      await vscode().editor.tab("README.md").click();
      await vscode().theme(theme);
      await vscode().command("TLBscope: Get Started");
      for (const [i, title] of titles.entries()) {
        if ((await step(title).getAttribute("class"))?.includes("expanded") !== true) await step(title).click();
        await (words[i] ? picture().getByText(words[i]).first() : picture().locator("circle").first()).waitFor();
        await vscode().screenshot(`walkthrough ${name} ${i + 1}`);
      }
    });
  }

  const goBack = () => vscode().command("TLBscope: Get Started");

  it("are done by doing them", async () => {
    await step(titles[0]).click();
    await page().getByRole("button", { name: "Open the built-in edition" }).click();
    // The second file to open has the focus.
    await vscode().page.locator(".tabs-container .tab.active", { hasText: "sched.c" }).waitFor();
    await goBack();
    await page().locator(".getting-started-step .codicon-getting-started-step-checked.complete").first().waitFor();
    await step("Simulate from a line").click();
    await page().getByRole("button", { name: "Simulate from switch_mm()" }).click();
    await vscode().debug.stoppedAt(60);
    await goBack();
    await step("Deliver a flush interrupt").click();
    await page().getByRole("button", { name: "Bring a flush to CPU0" }).click();
    await vscode()
      .statusBar(/CPU1 waits for CPU0's answer/)
      .waitFor();
    await goBack();
    await page().getByRole("button", { name: "Deliver it" }).click();
    await vscode().debug.callStack("smp_invalidate_interrupt").first().waitFor();
    await goBack();
    await eventually(
      "four steps done",
      async () =>
        (await page().locator(".getting-started-step .codicon-getting-started-step-checked.complete").count()) >= 4,
    );
    await vscode().screenshot("walkthrough done");
  });
});

describe("the first steps, where some were done before they are read", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33, fresh: true });

  it("are marked as done, and open the files of the folder", async () => {
    await vscode().editor.lens("Simulate from here").locator("visible=true").first().click();
    await vscode().debug.stoppedAt(23);
    await vscode().debug.press("Step Over");
    await vscode().debug.stoppedAt(24);
    await vscode().panel.getByText("enter_lazy_tlb, line 23").first().waitFor();
    await vscode().command("TLBscope: Get Started");
    const page = vscode().page.locator(".gettingStartedContainer");
    await eventually(
      "three steps done",
      async () =>
        (await page.locator(".getting-started-step .codicon-getting-started-step-checked.complete").count()) === 3,
    );
    await page.getByRole("button", { name: "Open the built-in edition" }).click();
    await vscode().page.locator(".tabs-container .tab.active", { hasText: "sched.c" }).waitFor();
    const paths = await vscode().page.locator(".breadcrumbs-control").allInnerTexts();
    assert.ok(paths.length === 2 && paths.every((p) => !p.includes("globalStorage")), paths.join(" | "));
  });
});
