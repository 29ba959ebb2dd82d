import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import * as vscode from "vscode";
import type { StatementAnswer } from "../../src/jobs/protocol";
import { endSession, eventually, file, lensLines, mmuContext, panelState, replaceLine, revert, show } from "./support";

const lenses = async () =>
  (
    await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", file(mmuContext), 100)
  ).map((l) => `${l.range.start.line + 1} ${l.command?.title}`);
/** All verdicts, as text. */
async function verdicts(): Promise<string> {
  const { activeTextEditor } = vscode.window;
  await vscode.commands.executeCommand("tlbscope.verdicts.text");
  const text = vscode.window.activeTextEditor!.document.getText();
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  if (activeTextEditor) await vscode.window.showTextDocument(activeTextEditor.document);
  return text;
}
const settings = () => vscode.workspace.getConfiguration("tlbscope");

describe("the lens Check every interleaving", () => {
  let document: vscode.TextDocument;
  before(async () => ({ document } = await show(mmuContext)));
  after(() => revert(document));

  it("stands above the protocol's functions, and goes when its own setting says so", async () => {
    assert.deepEqual(await lensLines(file(mmuContext), "Check every interleaving"), [20, 33]);
    await settings().update("check.codeLens.enabled", false, vscode.ConfigurationTarget.Global);
    await eventually(
      "no lens",
      async () => (await lensLines(file(mmuContext), "Check every interleaving")).length === 0,
    );
    assert.ok((await lensLines(file(mmuContext), "Simulate from here")).length > 0, "the other lenses stay");
    await settings().update("check.codeLens.enabled", undefined, vscode.ConfigurationTarget.Global);
  });

  it("has the verdict beside it, marked out of date by an edit until the edit is undone", async () => {
    const failing = await vscode.commands.executeCommand<number>("tlbscope.check", {
      uri: file(mmuContext).toString(),
    });
    assert.ok(failing > 0, "the edition has the races of its day");
    assert.ok(
      (await lenses()).some((l) => /^33 \$\(error\) fails: stale-translation in /.test(l)),
      (await lenses()).join("\n"),
    );
    const line = document.lineAt(59).text;
    await replaceLine(document, 60, `${line} `);
    await eventually("out of date", async () =>
      (await lenses()).some((l) => /^33 \$\(history\) out of date: fails/.test(l)),
    );
    await replaceLine(document, 60, line);
    await eventually("as before", async () => (await lenses()).some((l) => /^33 \$\(error\) fails/.test(l)));
  });

  it("tells lines that no interleaving reaches, and checks anew where the verdicts are out of date", async () => {
    await show(mmuContext);
    const line = document.lineAt(59).text,
      isOutOfDate = async () => (await lenses()).some((l) => l.includes("out of date"));
    await replaceLine(document, 60, `${line} `);
    await eventually("out of date", isOutOfDate);
    try {
      assert.ok(
        (await vscode.commands.executeCommand<number>("tlbscope.coverage.show")) > 0,
        "no scenario has an LDT to load",
      );
      assert.equal(await isOutOfDate(), false);
      assert.equal(await vscode.commands.executeCommand<number>("tlbscope.coverage.hide"), 0);
    } finally {
      await replaceLine(document, 60, line);
    }
  });

  it("takes a promise of the reader's own from the settings", async () => {
    await settings().update(
      "check.properties",
      [{ text: "cpu_tlbstate.state != TLBSTATE_LAZY" }],
      vscode.ConfigurationTarget.Global,
    );
    try {
      const before = await vscode.commands.executeCommand<number>("tlbscope.check", {
        uri: file(mmuContext).toString(),
      });
      await settings().update("check.properties", undefined, vscode.ConfigurationTarget.Global);
      assert.ok(
        before > (await vscode.commands.executeCommand<number>("tlbscope.check", { uri: file(mmuContext).toString() })),
        "a CPU is lazy in some scenario that holds otherwise",
      );
    } finally {
      await settings().update("check.properties", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});

describe("a question of the reader's own", () => {
  const ask = (kind: string, text: string, fn?: string) =>
    vscode.commands.executeCommand<string | undefined>("tlbscope.ask", {
      uri: file(mmuContext).toString(),
      kind,
      text,
      fn,
    });
  const question = { kind: "can", text: "cpu_tlbstate.state == TLBSTATE_OK", in: "smp_invalidate_interrupt" };
  after(() => vscode.commands.executeCommand("tlbscope.ask.drop", question));

  it("is the mail's: the flush interrupt can find TLBSTATE_OK, and the shortest execution shows it", async () => {
    assert.match(
      (await ask("can", question.text, question.in))!,
      /^It happens: cpu_tlbstate\.state == TLBSTATE_OK in smp_invalidate_interrupt\(\)\. The shortest execution is in .*, SC: \d+ steps/,
    );
  });

  it("stands in the verdicts of each scenario, and is asked again by the next check, until it is dropped", async () => {
    const count = async (): Promise<number> => {
      await vscode.commands.executeCommand("tlbscope.check", { uri: file(mmuContext).toString() });
      return (await verdicts()).split(`can ${question.text} in ${question.in}()`).length - 1;
    };
    assert.ok((await count()) > 1);
    await vscode.commands.executeCommand("tlbscope.ask.drop", question);
    assert.equal(await count(), 0);
  });

  it("is kept in the workspace's settings, and taken out again", async () => {
    const kept = () => vscode.workspace.getConfiguration("tlbscope.check").inspect("properties")?.workspaceValue;
    await vscode.commands.executeCommand("tlbscope.ask.keep", question);
    assert.deepEqual(kept(), [{ kind: "can", text: `${question.text} in ${question.in}()` }]);
    await vscode.commands.executeCommand("tlbscope.ask.drop", question);
    assert.equal(kept(), undefined);
  });

  it("with a typo starts nothing", async () => {
    const before = await verdicts();
    assert.equal(await ask("can", "cpu_tlbstate.stat == TLBSTATE_OK"), undefined);
    assert.equal(await verdicts(), before);
  });
});

describe("a check whose worker dies", () => {
  let given = 0;
  const post = Worker.prototype.postMessage;
  before(() => {
    // The extension runs in this very process: a thread can be ended as soon as it is given its check. One of the later
    // ones, so that there are verdicts.
    Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<Worker["postMessage"]>) {
      const [message] = args as [{ type?: string; job?: { kind?: string } }];
      post.apply(this, args);
      if (message?.type === "run" && message.job?.kind === "check" && ++given === 5) void this.terminate();
    };
  });
  after(() => {
    Worker.prototype.postMessage = post;
  });

  it("keeps the verdicts that there are, says which are missing, and is whole when it is run again", async () => {
    await vscode.commands.executeCommand<number>("tlbscope.check", { uri: file(mmuContext).toString() });
    const text = await verdicts();
    assert.match(text, /could not be checked\n {2}The program that searches ended by itself .*Check again/);
    assert.match(text, /: (?:holds|fails)\n/, "what was known stays");
    await vscode.commands.executeCommand("tlbscope.check.again");
    await eventually(
      "all verdicts",
      async () =>
        !(await lenses()).some((l) => l.includes("checking")) && !(await verdicts()).includes("could not be checked"),
    );
  });
});

describe("verdicts and the disk", () => {
  const shown = async (text: RegExp) => (await lenses()).some((l) => text.test(l));
  const verdictsAre = (what: string, stale: boolean) =>
    eventually(what, async () => (await shown(/^33 .*fails/)) && (await shown(/out of date/)) === stale);

  it("are out of date when a file that nobody opened changes on the disk, until it is as it was", async () => {
    await show(mmuContext);
    const exec = file("fs/exec.c");
    assert.ok(
      !vscode.workspace.textDocuments.some((d) => d.uri.toString() === exec.toString()),
      "fs/exec.c is not open",
    );
    await vscode.commands.executeCommand("tlbscope.check", { uri: file(mmuContext).toString() });
    const text = readFileSync(exec.fsPath, "utf8");
    try {
      await verdictsAre("fresh verdicts", false);
      writeFileSync(exec.fsPath, `${text}\n`);
      await verdictsAre("out of date", true);
    } finally {
      writeFileSync(exec.fsPath, text);
    }
    await verdictsAre("as before", false);
  });

  it("are renewed on saving, where the setting says so: of an edit of the protocol, and of nothing else", async () => {
    const { document } = await show(mmuContext);
    const line = document.lineAt(59).text;
    const notes = file("notes.c");
    await settings().update("check.onSave", true, vscode.ConfigurationTarget.Global);
    try {
      await replaceLine(document, 60, `${line} cpumask_clear_cpu(cpu, mm_cpumask(prev));`);
      await verdictsAre("out of date", true);
      await document.save();
      // With the bit cleared in the else branch, lazy-return fails too.
      await eventually("the verdict of what was saved", async () => /lazy-return, SC: fails/.test(await verdicts()));
      await verdictsAre("a fresh verdict", false);
      await replaceLine(document, 60, line);
      await document.save();
      await eventually("the verdict of before", async () => /lazy-return, SC: holds/.test(await verdicts()));
      await eventually("the check's end", async () => !(await shown(/checking/)));
      writeFileSync(notes.fsPath, "int notes;\n");
      const other = await vscode.workspace.openTextDocument(notes);
      await replaceLine(other, 1, "int more;");
      await other.save();
      assert.ok(!(await shown(/checking/)), "a file that takes no part starts nothing");
    } finally {
      await settings().update("check.onSave", undefined, vscode.ConfigurationTarget.Global);
      rmSync(notes.fsPath, { force: true });
    }
  });
});

describe("why a line is there", () => {
  it("is answered on line 63: without it, the task runs on the wrong page tables", async () => {
    const [answer] = (await vscode.commands.executeCommand<StatementAnswer[]>("tlbscope.why", {
      uri: file(mmuContext).toString(),
      line: 63,
    }))!;
    assert.deepEqual(
      [answer.line, answer.removed?.scenario, answer.removed?.property],
      [63, "lazy-return", "own-page-tables"],
    );
  });

  it("is offered on a statement, and not outside of functions", async () => {
    const titles = async (line: number) =>
      (
        await vscode.commands.executeCommand<vscode.CodeAction[]>(
          "vscode.executeCodeActionProvider",
          file(mmuContext),
          new vscode.Range(line - 1, 0, line - 1, 0),
        )
      ).map((a) => a.title);
    assert.ok((await titles(60)).includes("Why is this line here?"));
    assert.ok(!(await titles(30)).includes("Why is this line here?"));
  });
});

describe("simulating from a line with a condition", () => {
  afterEach(endSession);

  it("takes the shortest execution on which it holds there", async () => {
    assert.equal(
      await vscode.commands.executeCommand(
        "tlbscope.simulateWhen",
        { uri: file(mmuContext).toString(), line: 60 },
        "!cpumask_test_cpu(cpu, mm_cpumask(next))",
      ),
      true,
    );
    const state = await eventually("a session", panelState);
    assert.equal(state.view.cpus[state.selectedCpu].at?.line, 60);
    assert.equal(state.view.mms.find((m) => m.name === "A")?.cpumask[state.selectedCpu], false);
  });

  it("starts nothing when it never holds there", async () => {
    assert.equal(
      await vscode.commands.executeCommand(
        "tlbscope.simulateWhen",
        { uri: file(mmuContext).toString(), line: 60 },
        "prev != next",
      ),
      false,
    );
    assert.equal(vscode.debug.activeDebugSession, undefined);
  });
});
