/** Every workload, after the scenarios; and a session in which the reader chooses what the CPUs do. */
import { checked, makeRoom, row } from "./every-interleaving";
import { eventually, mmuContext, useWorkbench } from "./shared-window";

describe("every workload", () => {
  const vscode = useWorkbench({
    file: mmuContext,
    line: 33,
    settings: {
      "tlbscope.check.workloads.seconds": 60,
      "tlbscope.check.workloads.actions": 1,
      "tlbscope.check.order": "sc",
    },
  });

  it("is looked at when the scenarios have ended, and names the one that fails", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await makeRoom(vscode());
    await row(vscode(), /every workload in two-cpus, SC.*fails, at most 1 action a CPU/).waitFor();
    await vscode()
      .editor.lens(/fails: stale-translation in switch-away, SC and \d+ more/)
      .first()
      .waitFor();
    await vscode().screenshot("workloads");
  });

  it("can be stepped through", async () => {
    await row(vscode(), /every workload in two-cpus, SC/).click();
    await vscode().command("TLBscope: Step Through It");
    await vscode()
      .statusBar(/two-cpus: step \d+ of \d+/)
      .waitFor();
    await vscode().screenshot("workload stepped through");
    await vscode().debug.stop();
  });

  it("becomes a scenario that can be named and run", async () => {
    await row(vscode(), /every workload in two-cpus, SC/).click();
    await vscode().command("TLBscope: Save This Workload as a Scenario");
    await vscode().editor.tab("two-cpus-found.tlbscope.yaml").waitFor();
    await vscode().screenshot("workload as a scenario");
  });

  it("is played freely: the reader chooses on the CPUs' cards, and saves what was played", async () => {
    await vscode().command("TLBscope: Start Free Play");
    const offered = (label: string) => vscode().panel.getByRole("button", { name: label, exact: true });
    await offered("munmap page0").first().waitFor();
    await vscode().screenshot("free play");
    await offered("schedule B/1").first().click();
    await eventually("the choice made", async () => (await offered("schedule B/1").count()) === 0);
    await vscode().screenshot("free play chosen");
    await vscode().command("TLBscope: Save What Was Played as a Scenario");
    await vscode().editor.tab("played.tlbscope.yaml").waitFor();
    await vscode().page.locator(".view-line", { hasText: "schedule: B/1" }).first().waitFor();
    await vscode().debug.stop();
  });
});
