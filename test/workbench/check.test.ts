/** Every interleaving, asked as a person would: by the lens, the view and its buttons. */
import { eventually, mmuContext, useWorkbench } from "./shared-window";
import { checked, fresh, makeRoom, row } from "./every-interleaving";

const asItWas = "\t\tpercpu_write(cpu_tlbstate.state, TLBSTATE_OK);";
/** As the mail proposes. */
const cleared = `${asItWas} cpumask_clear_cpu(cpu, mm_cpumask(prev));`;

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
    await vscode()
      .editor.lens(/fails: stale-translation in switch-away, SC and \d+ more/)
      .first()
      .waitFor();
    await row(vscode(), /switch-away, SC.*fails/).waitFor();
    await row(vscode(), /lazy-return, SC.*holds/).waitFor();
    await vscode().screenshot("verdicts dark");
  });

  it("has a row to step through for each failure, which opens where that is decided", async () => {
    await row(vscode(), /34 steps, \d+ switch/)
      .first()
      .click();
    await vscode()
      .statusBar(/switch-away: step 31 of 34/)
      .waitFor();
    for (const step of [32, 33, 34]) {
      await vscode().panel.getByRole("button", { name: "Step forward" }).click();
      await vscode()
        .statusBar(new RegExp(`switch-away: step ${step} of 34`))
        .waitFor();
    }
    await vscode()
      .panel.getByText(/CPU1 frees frame1 while CPU0's TLB still holds A:page0/)
      .first()
      .waitFor();
    await vscode().screenshot("verdict stepped through");
  });

  it("goes back from there", async () => {
    await vscode().debug.press("Step Back");
    await vscode()
      .statusBar(/switch-away: step \d+ of 34/)
      .waitFor();
    await eventually(
      "an earlier step",
      async () =>
        !(
          await vscode()
            .statusBar(/switch-away/)
            .innerText()
        ).includes("step 34"),
    );
    await vscode().debug.stop();
  });

  for (const [theme, name] of [
    ["Light+", "light"],
    ["Dark High Contrast", "high contrast"],
    ["Dark+", "dark"],
  ]) {
    it(`can be read in ${theme}`, async () => {
      await vscode().theme(theme);
      await vscode().screenshot(`verdicts ${name}`);
    });
  }

  it("is out of date with an edit, and as good as before when the edit is undone", async () => {
    await vscode().editor.tab("mmu_context.h").first().click();
    await makeRoom(vscode());
    await edit(cleared);
    await vscode()
      .editor.lens(/out of date: fails/)
      .first()
      .waitFor();
    await row(vscode(), /lazy-return, SC.*out of date/).waitFor();
    await vscode().screenshot("verdicts out of date");
    await edit(asItWas);
    await fresh(vscode());
    await edit(cleared);
    await vscode()
      .editor.lens(/out of date/)
      .first()
      .waitFor();
  });

  it("shows in how many states each line is reached, and dims those that none reaches", async () => {
    await edit(asItWas);
    await fresh(vscode());
    await vscode().editor.goto(68);
    await vscode().command("TLBscope: Show Which Lines Are Reached");
    await vscode().editor.goto(56);
    await eventually("dimmed lines", () =>
      vscode().page.evaluate(() =>
        [...document.querySelectorAll(".view-lines span")].some((s) => getComputedStyle(s).opacity === "0.5"),
      ),
    );
    await vscode().screenshot("coverage dark");
    await vscode().theme("Dark High Contrast");
    await vscode().screenshot("coverage high contrast");
    await vscode().theme("Light+");
    await vscode().screenshot("coverage light");
    await vscode().command("TLBscope: Hide Which Lines Are Reached");
  });

  it("answers the mail: with the bit cleared in the else branch, a stale translation breaks lazy-return", async () => {
    await edit(cleared);
    await vscode()
      .editor.lens(/out of date/)
      .first()
      .waitFor();
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await row(vscode(), /lazy-return, SC.*fails · holds before/).waitFor();
    // As it is read aloud: in sentences.
    await vscode()
      .section("Every Interleaving")
      .getByRole("treeitem", { name: /^no stale translation: fails\. CPU\d frees frame1 while .*[^.]\. When / })
      .first()
      .waitFor();
    await vscode().screenshot("the mail answered");
  });
});
