import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { StatementAnswer } from "../../src/jobs/protocol";
import { endSession, eventually, file, lensLines, mmuContext, panelState, replaceLine, revert, show } from "./support";

const lenses = async () => (await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", file(mmuContext), 100)).map((l) => `${l.range.start.line + 1} ${l.command?.title}`);
const settings = () => vscode.workspace.getConfiguration("tlbscope");

describe("the lens Check every interleaving", () => {
  let document: vscode.TextDocument;
  before(async () => ({ document } = await show(mmuContext)));
  after(() => revert(document));

  it("stands above the protocol's functions, and goes when its own setting says so", async () => {
    assert.deepEqual(await lensLines(file(mmuContext), "Check every interleaving"), [20, 33]);
    await settings().update("check.codeLens.enabled", false, vscode.ConfigurationTarget.Global);
    await eventually("no lens", async () => (await lensLines(file(mmuContext), "Check every interleaving")).length === 0);
    assert.ok((await lensLines(file(mmuContext), "Simulate from here")).length > 0, "the other lenses stay");
    await settings().update("check.codeLens.enabled", undefined, vscode.ConfigurationTarget.Global);
  });

  it("has the verdict beside it, marked out of date by an edit until the edit is undone", async () => {
    const failing = await vscode.commands.executeCommand<number>("tlbscope.check", { uri: file(mmuContext).toString() });
    assert.ok(failing > 0, "the edition has the races of its day");
    assert.ok((await lenses()).some((l) => /^33 \$\(error\) fails: stale-translation in /.test(l)), (await lenses()).join("\n"));
    const line = document.lineAt(59).text;
    await replaceLine(document, 60, `${line} `);
    await eventually("out of date", async () => (await lenses()).some((l) => /^33 \$\(history\) out of date: fails/.test(l)));
    await replaceLine(document, 60, line);
    await eventually("as before", async () => (await lenses()).some((l) => /^33 \$\(error\) fails/.test(l)));
  });

  it("tells lines that no interleaving reaches", async () => {
    await show(mmuContext);
    assert.equal(typeof (await vscode.commands.executeCommand<number>("tlbscope.coverage.show")), "number");
    assert.equal(await vscode.commands.executeCommand<number>("tlbscope.coverage.hide"), 0);
  });

  it("takes a promise of the reader's own from the settings", async () => {
    await settings().update("check.properties", [{ text: "cpu_tlbstate.state != TLBSTATE_LAZY" }], vscode.ConfigurationTarget.Global);
    try {
      const before = await vscode.commands.executeCommand<number>("tlbscope.check", { uri: file(mmuContext).toString() });
      await settings().update("check.properties", undefined, vscode.ConfigurationTarget.Global);
      assert.ok(before > (await vscode.commands.executeCommand<number>("tlbscope.check", { uri: file(mmuContext).toString() })), "a CPU is lazy in some scenario that holds otherwise");
    } finally {
      await settings().update("check.properties", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});

describe("why a line is there", () => {
  it("is answered on line 63: without it, the task runs on the wrong page tables", async () => {
    const [answer] = (await vscode.commands.executeCommand<StatementAnswer[]>("tlbscope.why", { uri: file(mmuContext).toString(), line: 63 }))!;
    assert.deepEqual([answer.line, answer.removed?.scenario, answer.removed?.property], [63, "lazy-return", "own-page-tables"]);
  });

  it("is offered on a statement, and not outside of functions", async () => {
    const titles = async (line: number) => (await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", file(mmuContext), new vscode.Range(line - 1, 0, line - 1, 0))).map((a) => a.title);
    assert.ok((await titles(60)).includes("Why is this line here?"));
    assert.ok(!(await titles(30)).includes("Why is this line here?"));
  });
});

describe("simulating from a line with a condition", () => {
  afterEach(endSession);

  it("takes the shortest execution on which it holds there", async () => {
    assert.equal(await vscode.commands.executeCommand("tlbscope.simulateWhen", { uri: file(mmuContext).toString(), line: 60 }, "!cpumask_test_cpu(cpu, mm_cpumask(next))"), true);
    const state = await eventually("a session", panelState);
    assert.equal(state.view.cpus[state.selectedCpu].at?.line, 60);
    assert.equal(state.view.mms.find((m) => m.name === "A")?.cpumask[state.selectedCpu], false);
  });

  it("starts nothing when it never holds there", async () => {
    assert.equal(await vscode.commands.executeCommand("tlbscope.simulateWhen", { uri: file(mmuContext).toString(), line: 60 }, "prev != next"), false);
    assert.equal(vscode.debug.activeDebugSession, undefined);
  });
});
