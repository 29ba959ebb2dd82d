/** Every interleaving, asked as a person would: by the lens, the view and its buttons. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { eventually, useWorkbench, type Workbench } from "./workbench";

const mmuContext = "arch/x86/include/asm/mmu_context.h";

/** The rows of the verdict view. */
const row = (window: Workbench, text: string | RegExp): Locator => window.section("Every Interleaving").locator(".monaco-list-row", { hasText: text });

async function checked(window: Workbench): Promise<void> {
  await eventually("the check at its end", async () => (await window.editor.lens(/^(checking|out of date)/).count()) === 0 && (await window.editor.lens(/fails|holds/).count()) > 0);
}

describe("checking every interleaving by the lens", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });

  it("says beside the lens what breaks, and lists each scenario in both memory orders", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await vscode().editor.lens(/fails: stale-translation in switch-away, SC and \d+ more/).first().waitFor();
    await row(vscode(), /switch-away, SC.*fails/).waitFor();
    await row(vscode(), /lazy-return, SC.*holds/).waitFor();
    await vscode().screenshot("verdicts dark");
  });

  it("has a row to step through for each failure, which ends where the promise breaks", async () => {
    await row(vscode(), /34 steps, \d+ switches/).first().click();
    await vscode().statusBar(/switch-away: step 34 of 34/).waitFor();
    await vscode().panel.getByText(/CPU1 frees frame1 while CPU0's TLB still holds A:page0/).first().waitFor();
    await vscode().screenshot("verdict stepped through");
  });

  it("goes back from there", async () => {
    await vscode().debug.press("Step Back");
    await vscode().statusBar(/switch-away: step \d+ of 34/).waitFor();
    await eventually("an earlier step", async () => !(await vscode().statusBar(/switch-away/).innerText()).includes("step 34"));
    await vscode().debug.stop();
  });

  for (const [theme, name] of [["Light+", "light"], ["Dark High Contrast", "high contrast"], ["Dark+", "dark"]]) {
    it(`can be read in ${theme}`, async () => {
      await vscode().theme(theme);
      await vscode().screenshot(`verdicts ${name}`);
    });
  }

  it("is out of date with an edit, and as good as before when the edit is undone", async () => {
    await vscode().editor.replaceLine(60, "\t\tpercpu_write(cpu_tlbstate.state, TLBSTATE_OK); cpumask_clear_cpu(cpu, mm_cpumask(prev));");
    await vscode().editor.lens(/^out of date: fails/).first().waitFor();
    await row(vscode(), /lazy-return, SC.*out of date/).waitFor();
    await vscode().screenshot("verdicts out of date");
    await vscode().press("Control+Z");
    await vscode().editor.lens(/^fails/).first().waitFor();
    await vscode().press("Control+Shift+Z");
    await vscode().editor.lens(/^out of date/).first().waitFor();
  });

  it("answers the mail: with the bit cleared in the else branch, lazy-return fails by a stale translation", async () => {
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await row(vscode(), /lazy-return, SC.*fails · holds before/).waitFor();
    assert.ok((await row(vscode(), /no stale translation.*fails/).count()) > 0);
    await vscode().screenshot("the mail answered");
  });
});
