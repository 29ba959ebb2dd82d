/** The extension as it is packed, installed in a VS Code that has nothing else: somebody's first minute with it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { packages } from "./packages";
import { mmuContext, useWorkbench } from "../workbench/shared-window";

describe("the extension, installed from its package", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });

  it("simulates from the lens, and draws every CPU", async () => {
    // The first window of a VS Code that was just installed takes its time.
    await vscode().editor.lens("Simulate from here").locator("visible=true").first().click({ timeout: 90_000 });
    await vscode().debug.stoppedAt(23);
    await vscode().debug.press("Step Over");
    await vscode().debug.stoppedAt(24);
    await vscode().panel.getByText("enter_lazy_tlb, line 23").first().waitFor();
    await vscode().debug.stop();
  });

  it("installs the command line, which runs", async () => {
    await vscode().command("TLBscope: Install the Command Line");
    const { home } = packages();
    const folder = path.join(home, ".local/bin");
    await vscode().pick(folder).click();
    await vscode().notification("tlbscope is there. Your Node").first().waitFor();
    const { stdout } = spawnSync(path.join(folder, "tlbscope"), ["scenarios"], { cwd: home, encoding: "utf8" });
    assert.match(stdout, /^lazy-return /m);
  });

  it("checks every interleaving from the lens", async () => {
    await vscode().editor.lens("Check every interleaving").locator("visible=true").first().click();
    await vscode()
      .editor.lens(/fails: stale-translation in switch-away, SC and \d+ more/)
      .first()
      .waitFor();
  });
});
