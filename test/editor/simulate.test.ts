import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  endSession,
  eventually,
  mmuContext,
  panelState,
  replaceLine,
  revert,
  schedC,
  show,
  simulate,
  stoppedLine,
} from "./support";

describe("simulating from a line", () => {
  afterEach(endSession);

  it("starts on the scenario that gets there, stopped at that very line", async () => {
    const state = await simulate(mmuContext, 60);
    assert.equal(state.scenario, "lazy-return");
    const cpu = state.view.cpus[state.selectedCpu];
    assert.equal(cpu.at?.line, 60);
    assert.match(cpu.at.file, /mmu_context\.h$/);
  });

  it("takes the shortest of all executions", async () => {
    const state = await simulate(mmuContext, 40);
    assert.equal(state.scenario, "switch-away");
    assert.equal(state.last, 17);
  });

  it("goes to the next step below a line that has none", async () => {
    await simulate(mmuContext, 33);
    assert.equal(await stoppedLine(), 36);
  });

  it("steps over, and back", async () => {
    await simulate(mmuContext, 60);
    await vscode.commands.executeCommand("workbench.action.debug.stepOver");
    await eventually("line 61", async () => (await stoppedLine()) === 61);
    await vscode.commands.executeCommand("workbench.action.debug.stepBack");
    await eventually("line 60 again", async () => (await stoppedLine()) === 60);
  });

  it("starts no session on a line that nothing reaches", async () => {
    const started = vscode.commands.executeCommand("tlbscope.simulate", {
      uri: (await show(schedC)).document.uri.toString(),
      line: 1,
    });
    assert.equal(await started, false);
    assert.equal(vscode.debug.activeDebugSession, undefined);
  });

  it("tells the editor which CPU is in front, and follows the editor's choice", async () => {
    const state = await simulate(mmuContext, 60);
    const other = 1 - state.selectedCpu;
    await vscode.debug.activeDebugSession!.customRequest("tlbscope.selectCpu", { cpu: other });
    await eventually("the other CPU's thread in front", () => vscode.debug.activeStackItem?.threadId === other + 1);
    assert.equal((await panelState())?.selectedCpu, other);
  });
});

describe("editing the source", () => {
  let document: vscode.TextDocument;

  before(async () => {
    ({ document } = await show(mmuContext));
  });

  after(async () => {
    await endSession();
    await revert(document);
  });

  it("changes the simulation without being saved: with line 40 gone, CPU0's bit stays set", async () => {
    const bit = (state: Awaited<ReturnType<typeof panelState>>) =>
      state?.view.mms.find((mm) => mm.name === "A")?.cpumask[0];
    assert.equal(bit(await simulate(mmuContext, 44)), false);
    await endSession();
    await replaceLine(document, 40, "");
    assert.equal(document.isDirty, true);
    assert.equal(bit(await simulate(mmuContext, 44)), true);
    assert.equal(document.isDirty, true, "starting saved the file");
  });

  it("while a session runs offers a restart, which runs the new text", async () => {
    const fresh = (await panelState())!;
    assert.equal(fresh.view.mms[0].cpumask[0], true);
    await replaceLine(document, 40, "\t\tcpumask_clear_cpu(cpu, mm_cpumask(prev));");
    const lenses = () =>
      vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 100);
    await eventually("the lens that offers it", async () =>
      (await lenses()).some((lens) => lens.command?.command === "tlbscope.restart"),
    );
    await vscode.commands.executeCommand("tlbscope.restart");
    await eventually(
      "CPU0's bit clear again",
      async () => (await panelState())?.view.mms.find((mm) => mm.name === "A")?.cpumask[0] === false,
    );
    assert.equal(
      (await lenses()).some((lens) => lens.command?.command === "tlbscope.restart"),
      false,
    );
  });
});
