/** A question of one's own: typed, answered and given up. */
import { makeRoom, row } from "./every-interleaving";
import { eventually, mmuContext, useWorkbench } from "./shared-window";

describe("asking a question of one's own", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });
  const input = () => vscode().page.locator(".quick-input-widget input").first();
  const message = (text: string | RegExp) =>
    vscode().page.locator(".quick-input-widget .quick-input-message", { hasText: text });

  it(
    "begins at the lens, and goes by what is asked and while which function runs: the one under the lens, if " +
      "nothing else is chosen",
    async () => {
      await vscode().page.setViewportSize({ width: 1400, height: 1150 });
      await vscode().editor.lens("Ask…").last().click();
      await vscode().pick("Can it be that …?").waitFor();
      await vscode().screenshot("question kind");
      await vscode().press("Enter");
      await vscode()
        .pick(/^switch_mm\(\)/)
        .waitFor();
      await vscode()
        .pick(/^leave_mm\(\)/)
        .waitFor();
      await vscode().screenshot("question function");
      await vscode().press("Enter");
      await message(/as a CPU in switch_mm\(\) would work it out/).waitFor();
    },
  );

  it("says what is wrong with an expression while it is typed; accepting it selects the mistake", async () => {
    await input().fill("next == pref");
    await message(/At “pref”: pref isn't declared/).waitFor();
    await vscode().screenshot("question typo");
    await vscode().press("Enter");
    await eventually("the mistake selected", () =>
      vscode().page.evaluate(() => {
        const box = document.querySelector<HTMLInputElement>(".quick-input-widget input")!;
        return box.value.slice(box.selectionStart!, box.selectionEnd!) === "pref";
      }),
    );
    await vscode().page.keyboard.insertText("prev");
    await message(/as a CPU in switch_mm\(\)/).waitFor();
  });

  it("is answered over every interleaving, with the shortest execution to step through", async () => {
    await vscode().press("Enter");
    await vscode()
      .notification(/It happens: next == prev in switch_mm\(\)/)
      .waitFor();
    await makeRoom(vscode());
    await row(vscode(), /it happens: next == prev in switch_mm\(\)/)
      .first()
      .waitFor();
    await vscode().screenshot("question answered");
    await vscode()
      .notification(/It happens/)
      .getByRole("button", { name: "Step Through It" })
      .click();
    await vscode()
      .statusBar(/lazy-return: step (\d+) of \1/)
      .waitFor();
    await vscode().debug.stop();
  });

  it("can be asked no longer, by a button on its line", async () => {
    const line = row(vscode(), /it happens: next == prev in switch_mm\(\)/).first();
    await makeRoom(vscode());
    await line.hover();
    await line.getByRole("button", { name: "Don't Ask This Any More" }).click();
    await vscode().statusBar("The next check doesn't ask this any more").waitFor();
  });
});
