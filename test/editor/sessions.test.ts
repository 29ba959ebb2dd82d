import assert from "node:assert/strict";
import * as vscode from "vscode";
import { endSession, eventually, file, mmuContext, panelState, schedC, show, simulate } from "./support";

const atFrame = () =>
  eventually("the editor at a frame", () => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame);

describe("a session", () => {
  afterEach(endSession);

  it("starts by F5 on a C file, without a launch.json", async () => {
    await show(mmuContext);
    assert.equal(await vscode.debug.startDebugging(undefined, { type: "tlbscope", request: "launch", name: "" }), true);
    await atFrame();
    const state = (await panelState())!;
    assert.equal(state.scenario, "lazy-return");
    assert.equal(state.step, 0);
    assert.deepEqual(state.standIns, []);
  });

  it("takes the place of the one that ran", async () => {
    await simulate(mmuContext, 60);
    const first = vscode.debug.activeDebugSession!;
    await simulate(mmuContext, 40);
    assert.notEqual(vscode.debug.activeDebugSession, first);
    await assert.rejects(async () => first.customRequest("tlbscope.panelState"));
  });

  it("runs a scenario of the workspace", async () => {
    const uri = file("mine.tlbscope.yaml");
    const text =
      "id: mine\nabout: One CPU goes idle.\nmms:\n  A: { pages: [page0] }\ntasks:\n  A/1: { mm: A }\ncpus:\n  - " +
      "starts: A/1\n    does:\n      - schedule: swapper/0\n";
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    try {
      await show(mmuContext);
      await vscode.debug.startDebugging(undefined, {
        type: "tlbscope",
        request: "launch",
        name: "mine",
        scenario: uri.toString(),
      });
      await atFrame();
      assert.equal((await panelState())?.scenario, "mine");
      await endSession();
      // The one CPU gets to enter_lazy_tlb on a shorter way than any built-in scenario.
      const state = await simulate(mmuContext, 23);
      assert.equal(state.scenario, "mine");
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });

  it("says what is wrong with a scenario that there is not", async () => {
    await show(mmuContext);
    // In a test VS Code refuses to show the dialog, and says which one.
    await assert.rejects(
      async () =>
        vscode.debug.startDebugging(undefined, { type: "tlbscope", request: "launch", name: "x", scenario: "no-such" }),
      /There is no scenario "no-such".*lazy-return/s,
    );
    await eventually("no session left", () => vscode.debug.activeDebugSession === undefined);
  });

  it("goes to a step, and makes single moves", async () => {
    await simulate(mmuContext, 60);
    const session = vscode.debug.activeDebugSession!;
    await session.customRequest("tlbscope.goto", { step: 3 });
    assert.equal((await panelState())?.step, 3);
    await vscode.commands.executeCommand("tlbscope.stepAtomic");
    assert.equal((await panelState())?.step, 4);
  });
});

describe("a lone file of a tree", () => {
  const lone = file("lone/kernel/sched.c");

  before(async () => {
    await vscode.workspace.fs.copy(file(schedC), lone);
  });

  after(async () => {
    await endSession();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.workspace.fs.delete(file("lone"), { recursive: true });
  });

  it("runs with the built-in edition for its companions, which open as read-only files", async () => {
    await show("lone/kernel/sched.c");
    const state = await simulate("lone/kernel/sched.c", 3018);
    assert.ok(state.standIns.includes("arch/x86/include/asm/mmu_context.h"), state.standIns.join());
    await vscode.commands.executeCommand("workbench.action.debug.stepInto");
    const editor = await eventually(
      "the stand-in in front",
      () =>
        vscode.window.activeTextEditor?.document.uri.path.endsWith("mmu_context.h") && vscode.window.activeTextEditor,
    );
    assert.equal(editor.document.uri.scheme, "tlbscope");
    assert.match(editor.document.lineAt(22).text, /percpu_read/);
  });
});

describe("completions in a scenario", () => {
  it("offer the keys that fit", async () => {
    const uri = file("half.tlbscope.yaml");
    await vscode.workspace.fs.writeFile(
      uri,
      new TextEncoder().encode("id: half\n\ncpus:\n  - starts: A/1\n    \n    does:\n      - \n"),
    );
    try {
      await vscode.workspace.openTextDocument(uri);
      const at = async (line: number, column: number) => {
        const list = await vscode.commands.executeCommand<vscode.CompletionList>(
          "vscode.executeCompletionItemProvider",
          uri,
          new vscode.Position(line, column),
        );
        return list.items.map((item) => item.label);
      };
      assert.ok((await at(1, 0)).includes("platform"));
      assert.ok((await at(4, 4)).includes("does"));
      const actions = await at(6, 8);
      assert.ok(actions.includes("munmap") && actions.includes("exit"), actions.join());
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });
});
