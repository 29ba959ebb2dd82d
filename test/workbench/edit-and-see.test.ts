// What the README tells: edit the source, unsaved, and see what the line was for.
import assert from "node:assert/strict";
import { eventually, mmuContext, useWorkbench } from "./shared-window";

describe("with prev's bit cleared in the else branch, as the mail proposes", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 60 });

  it("runs the unsaved text: CPU0 stands behind the cleared bit", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().editor.replaceLine(
      60,
      "\t\tpercpu_write(cpu_tlbstate.state, TLBSTATE_OK); cpumask_clear_cpu(cpu, mm_cpumask(prev));",
    );
    await vscode().editor.goto(61);
    await vscode().command("TLBscope: Simulate from Here");
    await vscode().debug.stoppedAt(61);
    await vscode().panel.getByText("CPU0 clears its bit in mm_cpumask(A), LOCKed.").first().waitFor();
  });

  it("CPU0 fills its TLB, as a CPU may at any moment", async () => {
    await vscode().command("TLBscope: Fill a TLB Speculatively…");
    await vscode().pick("Fill CPU0's TLB with A:page0").click();
    await vscode()
      .panel.getByText(/CPU0 fills its TLB with A:page0/)
      .first()
      .waitFor();
  });

  it("CPU1 unmaps the page: no interrupt is sent, and it is freed while CPU0 still holds its translation", async () => {
    const { debug, panel } = vscode();
    await panel.getByRole("button", { name: /^CPU1/ }).first().click();
    await debug.callStack("A/2 in user mode").first().waitFor();
    const broken = panel.getByText(/CPU1 frees frame1 while CPU0's TLB still holds A:page0/);
    for (let presses = 0; presses < 12 && !(await broken.count()); presses++) {
      await debug.press("Step Over");
      await debug.button("Continue").waitFor();
    }
    await broken.first().waitFor();
    assert.equal(
      await panel.getByRole("button", { name: "Deliver" }).count(),
      0,
      "no flush interrupt is on its way to CPU0",
    );
    await vscode().screenshot("bit cleared");
  });
});

describe("without the reload of lines 63 to 70", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 60 });

  it("the task runs on the wrong page tables after an interrupt while lazy", async () => {
    const { debug, panel, editor } = vscode();
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    // An interrupt while the CPU is lazy, then the way back: the breakpoint is where the reload was.
    for (let line = 63; line <= 70; line++) await editor.deleteLine(63);
    await editor.goto(24);
    await vscode().command("TLBscope: Simulate from Here");
    await debug.stoppedAt(24);
    // CPU0 goes on until it runs the kernel thread; CPU1 unmaps and sends the flush; CPU0 takes it while lazy.
    const deliver = panel.getByRole("button", { name: "Deliver" });
    const lazy = debug.callStack("kworker waits for work");
    for (let presses = 0; presses < 5 && !(await lazy.count()); presses++) {
      const step = await vscode()
        .statusBar(/lazy-return: step/)
        .innerText();
      await debug.press("Step Out");
      await eventually(
        "another step",
        async () =>
          (await vscode()
            .statusBar(/lazy-return: step/)
            .innerText()) !== step,
      );
      // The call stack follows the status bar.
      await lazy.waitFor({ timeout: 2000 }).catch(() => undefined);
    }
    await lazy.first().waitFor();
    await panel.getByRole("button", { name: /^CPU1/ }).first().click();
    await debug.callStack("A/2 in user mode").first().waitFor();
    for (let presses = 0; presses < 12 && !(await deliver.count()); presses++) {
      await debug.press("Step Over");
      await debug.button("Continue").waitFor();
    }
    await deliver.first().click();
    // Now all CPUs in turn: the session stops by itself where the promise breaks.
    await debug.press("Continue");
    await eventually(
      "the broken promise",
      async () => (await panel.getByText(/A\/1 is in user mode on CPU0, but CR3 points at swapper_pg_dir/).count()) > 0,
    );
    await vscode().screenshot("wrong page tables");
  });
});
