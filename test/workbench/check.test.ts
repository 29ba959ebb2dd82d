/** Every interleaving, asked as a person would: by the lens, the view and its buttons. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { eventually, useWorkbench, type Workbench } from "./workbench";

const mmuContext = "arch/x86/include/asm/mmu_context.h";

/** The rows of the verdict view. */
const row = (window: Workbench, text: string | RegExp): Locator => window.section("Every Interleaving").locator(".monaco-list-row", { hasText: text });

async function checked(window: Workbench): Promise<void> {
  await eventually("the check at its end", async () => (await window.editor.lens(/checking|out of date/).count()) === 0 && (await window.editor.lens(/fails|holds/).count()) > 0);
}

const asItWas = "\t\tpercpu_write(cpu_tlbstate.state, TLBSTATE_OK);";
/** As the mail proposes. */
const cleared = `${asItWas} cpumask_clear_cpu(cpu, mm_cpumask(prev));`;

async function fresh(window: Workbench): Promise<void> {
  await eventually("a verdict that is not out of date", async () => (await window.editor.lens(/out of date/).count()) === 0 && (await window.editor.lens(/fails/).count()) > 0);
}

/** The debugger's own sections fold, so that the list has the side bar to itself. */
async function makeRoom(window: Workbench): Promise<void> {
  for (const name of ["Run Section", "Variables", "Watch", "Call Stack", "Breakpoints", "TLBscope Section"]) {
    const header = window.section(name).locator(".pane-header").first();
    if ((await header.count()) > 0 && (await header.getAttribute("aria-expanded")) === "true") await header.click();
  }
}

describe("checking every interleaving by the lens", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });
  const edit = async (text: string) => {
    await vscode().editor.replaceLine(60, text);
    await vscode().editor.goto(33);
  };

  it("says beside the lens what breaks, and lists each scenario in both memory orders", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await makeRoom(vscode());
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
    await vscode().editor.tab("mmu_context.h").first().click();
    await makeRoom(vscode());
    await edit(cleared);
    await vscode().editor.lens(/out of date: fails/).first().waitFor();
    await row(vscode(), /lazy-return, SC.*out of date/).waitFor();
    await vscode().screenshot("verdicts out of date");
    await edit(asItWas);
    await fresh(vscode());
    await edit(cleared);
    await vscode().editor.lens(/out of date/).first().waitFor();
  });

  it("shows in how many states each line is reached, and dims those that none reaches", async () => {
    await edit(asItWas);
    await fresh(vscode());
    await vscode().command("TLBscope: Show Which Lines Are Reached");
    await eventually("dimmed lines", () => vscode().page.evaluate(() => [...document.querySelectorAll(".view-lines span")].some((s) => getComputedStyle(s).opacity === "0.5")));
    await vscode().screenshot("coverage dark");
    await vscode().theme("Dark High Contrast");
    await vscode().screenshot("coverage high contrast");
    await vscode().theme("Light+");
    await vscode().screenshot("coverage light");
    await vscode().command("TLBscope: Hide Which Lines Are Reached");
    await edit(cleared);
    await vscode().editor.lens(/out of date/).first().waitFor();
  });

  it("answers the mail: with the bit cleared in the else branch, lazy-return fails by a stale translation", async () => {
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await row(vscode(), /lazy-return, SC.*fails · holds before/).waitFor();
    assert.ok((await row(vscode(), /no stale translation.*fails/).count()) > 0);
    await vscode().screenshot("the mail answered");
  });
});

describe("asking why a line is there", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 63 });
  const answer = (text: string | RegExp) => vscode().section("Why Is This Line Here?").locator(".monaco-list-row", { hasText: text });

  it("answers on line 63 what goes wrong without it", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().statusBar("C++").waitFor();
    await vscode().command("TLBscope: Why Is This Line Here?");
    await answer(/^63 .*without it, lazy-return, SC fails in \d+ steps: own-page-tables/).waitFor();
    await vscode().screenshot("why line 63");
  });

  it("steps through it on a copy that says so, without the statement", async () => {
    await answer(/^Without it/).click();
    await vscode().statusBar(/lazy-return: step (\d+) of \1/).waitFor();
    await vscode().statusBar(/A copy without line 63/).waitFor();
    await vscode().panel.getByText(/A\/1 is in user mode on CPU0, but CR3 points at swapper_pg_dir/).first().waitFor();
    await vscode().debug.press("Step Back");
    await vscode().screenshot("why stepped through");
    await vscode().debug.stop();
  });

  it("explains the whole function, statement by statement, and as a table", async () => {
    await vscode().editor.tab("mmu_context.h").first().click();
    await vscode().editor.goto(63);
    await vscode().command("TLBscope: Explain the Whole Function");
    await makeRoom(vscode());
    await answer(/^40 .*without it, switch-away, SC keeps stale-translation.*, which it breaks as the source stands/).waitFor();
    await vscode().screenshot("function explained");
    await vscode().command("TLBscope: Open the Answers as a Table");
    await eventually("the table", async () => (await vscode().editor.lines()).some((l) => l.text.includes("Exchanged with the next")));
    await vscode().screenshot("function explained table");
  });
});
