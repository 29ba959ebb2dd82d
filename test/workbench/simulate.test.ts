import assert from "node:assert/strict";
import { useWorkbench } from "./workbench";

describe("simulating from a lens", () => {
  const vscode = useWorkbench({ file: "arch/x86/include/asm/mmu_context.h", line: 33 });

  it("offers to simulate from switch_mm, and starts a session that stands in it", async () => {
    const lens = vscode().editor.lens("Simulate from here");
    await lens.first().waitFor();
    await lens.nth(1).click();
    await vscode().debug.stoppedAt(36);
    await vscode().screenshot("simulated");
  });

  it("steps over a line, and the panel says what it did", async () => {
    await vscode().debug.press("Step Over");
    await vscode().debug.stoppedAt(38);
    await vscode().panel.getByText("CPU0", { exact: false }).first().waitFor();
    await vscode().screenshot("stepped");
    assert.ok(true);
  });
});
