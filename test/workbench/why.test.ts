/** *Why is this line here?* for a line, and for a whole function. */
import { makeRoom } from "./every-interleaving";
import { eventually, mmuContext, useWorkbench } from "./shared-window";

describe("asking why a line is there", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 63 });
  const answer = (text: string | RegExp) =>
    vscode().section("Why Is This Line Here?").locator(".monaco-list-row", { hasText: text });

  it("answers on line 63 what goes wrong without it", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().statusBar("C++").waitFor();
    await vscode().command("TLBscope: Why Is This Line Here?");
    await answer(/^63 .*without it, lazy-return, SC fails in \d+ steps: own-page-tables/).waitFor();
    await vscode().screenshot("why line 63");
  });

  it("steps through it on a copy that says so, without the statement", async () => {
    await answer(/^Without it/).click();
    await vscode()
      .statusBar(/A copy without line 63/)
      .waitFor();
    // Where it is decided, beside what is left out, with the rest ahead.
    await vscode().debug.stoppedAt(60);
    await vscode()
      .statusBar(/lazy-return: step \d+ of \d+/)
      .waitFor();
    await vscode().debug.press("Step Back");
    await vscode().screenshot("why stepped through");
    await vscode().debug.stop();
  });

  it("explains the whole function, statement by statement, and as a table", async () => {
    await vscode().editor.tab("mmu_context.h").first().click();
    await vscode().editor.goto(63);
    await vscode().command("TLBscope: Explain the Whole Function");
    await makeRoom(vscode());
    await answer(
      /^40 .*without it, switch-away, SC keeps stale-translation.*, which it breaks as the source stands/,
    ).waitFor();
    await vscode().screenshot("function explained");
    await vscode().command("TLBscope: Open the Answers as a Table");
    await eventually("the table", async () =>
      (await vscode().editor.lines()).some((l) => l.text.includes("Exchanged with the next")),
    );
    await vscode().screenshot("function explained table");
  });
});
