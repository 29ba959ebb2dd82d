/** “Could this happen?”, answered by a notification. */
import { mmuContext, useWorkbench } from "./shared-window";

describe("asking, outside a tour, whether something could happen", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });

  it("says yes, and steps through the shortest execution that shows it", async () => {
    await vscode().statusBar("C++").waitFor();
    await vscode().command("TLBscope: Could This Happen?");
    await vscode().pick("switch-away").first().click();
    const answer = vscode().notification(/Yes: switch-away breaks .* in 34 steps/);
    await answer.waitFor();
    await vscode().screenshot("could happen");
    await answer.getByRole("button", { name: "Step Through It" }).click();
    await vscode()
      .statusBar(/switch-away: step 34 of 34/)
      .waitFor();
    await vscode().screenshot("could happen stepped");
  });

  it("says no where every order keeps what was promised", async () => {
    await vscode().command("TLBscope: Could This Happen?");
    await vscode().pick("switch-in").first().click();
    await vscode()
      .notification(/No: whatever the order, switch-in keeps every promise/)
      .waitFor();
  });
});
