// Tours beside the source: taken from step to step, in a file that is edited meanwhile, and found.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Said } from "../../src/extension/tours/tour-commands";
import {
  endSession,
  eventually,
  file,
  lensLines,
  mmuContext,
  panelState,
  replaceLine,
  revert,
  schedC,
  show,
} from "./support";
import { now, run, said } from "./tour-commands";

/** Line of the function and statement that the words stand at. */
async function textAt({ file: uri, line }: Said): Promise<string> {
  return (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))).lineAt(line - 1).text;
}

describe("a tour in the editor", () => {
  beforeEach(async () => {
    await show(mmuContext);
  });

  afterEach(async () => {
    await run("tour.stop");
    await endSession();
  });

  it("stands at its first step's place, with its words, and the session in its state", async () => {
    await run("takeTour", "first-look");
    const step = await now();
    assert.equal(step.label, "1 of 3 · Two CPUs, one mm");
    assert.equal(step.file, file(schedC).toString());
    assert.match(await textAt(step), /context_switch/);
    assert.match(step.words, /CPU0 runs `A\/1`, CPU1 runs `A\/2`/);
    assert.match(step.words, /See line 3016|See line \d{4}/);
    const state = (await panelState())!;
    assert.equal(state.scenario, "lazy-return");
    assert.equal(state.view.cpus[0].at?.fn, "context_switch");
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), file(schedC).toString());
  });

  it("doesn't begin where the source is of another kind than the tour is for", async () => {
    await run("takeTour", "the-mail-today");
    assert.equal(await said(), undefined);
    assert.equal(vscode.debug.activeDebugSession, undefined);
  });

  it("drives the session on with Next, and back with Back", async () => {
    await run("takeTour", "first-look");
    const first = (await panelState())!.step;
    await run("tour.next");
    assert.match((await now()).label, /^2 of 3/);
    assert.match(await textAt(await now()), /enter_lazy_tlb/);
    const second = (await panelState())!.step;
    assert.ok(second > first);
    await run("tour.back");
    assert.match((await now()).label, /^1 of 3/);
    assert.equal((await panelState())!.step, first);
    // The history ahead is still there, and so it is no other one.
    assert.equal((await panelState())!.last, second);
    assert.deepEqual((await panelState())!.branches, []);
  });

  it("keeps the same session from step to step, and comes back to it where the reader has left", async () => {
    await run("takeTour", "first-look");
    const session = vscode.debug.activeDebugSession;
    const { step } = (await panelState())!;
    await vscode.commands.executeCommand("workbench.action.debug.stepOver");
    await eventually("a step of the reader's own", async () => ((await panelState())?.step ?? 0) > step);
    await run("tour.return");
    assert.equal((await panelState())!.step, step);
    assert.equal(vscode.debug.activeDebugSession, session);
    await endSession();
    await run("tour.return");
    assert.equal((await panelState())!.step, step);
  });

  it("judges a right answer, shows why, and goes on from there", async () => {
    await run("takeTour", "first-look", "lazy");
    assert.match((await now()).words, /Which CPU will say that it is LAZY/);
    const before = (await panelState())!.step;
    await run("tour.answer", { kind: "cpu", cpu: 0 });
    const { words } = await now();
    assert.match(words, /\*\*Right\.\*\* Yes\. CPU0 is `(?:TLBSTATE_)?LAZY` now/);
    const state = (await panelState())!;
    assert.ok(state.step > before);
    assert.match(state.view.cpus[0].perCpu.find((v) => v.name === "cpu_tlbstate.state")!.value, /LAZY/);
    await run("tour.next");
    assert.match((await now()).label, /Back to A/);
  });

  it("judges a wrong answer, and names the right one", async () => {
    await run("takeTour", "first-look", "lazy");
    await run("tour.answer", { kind: "cpu", cpu: 1 });
    const { words } = await now();
    assert.match(words, /\*\*Not so\.\*\* It is CPU0/);
    assert.match(words, /\$\(check\) CPU0 \*\(right\)\*/);
    assert.match(words, /\$\(close\) CPU1 \*\(your answer\)\*/);
  });

  it("goes down a branch, and the way back again", async () => {
    await run("takeTour", "first-look", "lazy");
    await run("tour.go", "flushed");
    assert.equal((await now()).label, "Aside · A flush meets the lazy CPU");
    assert.equal((await panelState())!.view.cpus[0].at?.fn, "leave_mm");
    await run("tour.back");
    assert.match((await now()).label, /The borrowed mm/);
  });

  it("runs a changed copy where a step asks for it, shows the change, and leaves the file alone", async () => {
    const { document } = await show(mmuContext);
    const before = document.getText();
    await run("takeTour", "the-mail", "line-more");
    const { words } = await now();
    assert.match(words, /runs a changed copy/);
    assert.match(words, /`cpumask_clear_cpu\(cpu, mm_cpumask\(prev\)\);` is put after line 60/);
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
    const mask = (await panelState())!.view.mms.find((m) => m.name === "A")!.cpumask;
    assert.deepEqual(mask.slice(0, 2), [false, true]);
  });

  it("plays under Xen, from end to end, where its state needs no word of regret", async () => {
    await run("takeTour", "the-bug");
    const seen = new Set<string>();
    for (let shown = await said(); shown; shown = await said()) {
      assert.doesNotMatch(shown.words, /\$\(warning\)/, shown.label);
      assert.ok(!seen.has(shown.label), `${shown.label} comes twice`);
      seen.add(shown.label);
      await run("tour.next");
    }
    assert.ok(seen.size >= 8, `${seen.size} steps`);
  });

  it("ends with its last step's Next, and leaves the session to the reader", async () => {
    await run("takeTour", "first-look", "back");
    assert.match((await now()).words, /Finish/);
    await run("tour.next");
    assert.equal(await said(), undefined);
    assert.ok(await panelState());
  });
});

describe("a tour in an edited file", () => {
  let document: vscode.TextDocument;

  beforeEach(async () => {
    ({ document } = await show(schedC));
  });

  afterEach(async () => {
    await run("tour.stop");
    await endSession();
    await revert(document);
  });

  it("stands where the statement went", async () => {
    await run("takeTour", "first-look", "lazy");
    const { line } = await now();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "\n\n\n");
    await vscode.workspace.applyEdit(edit);
    await eventually("the words three lines below", async () => (await said())?.line === line + 3);
  });

  it("says that the code has drifted, and keeps its place as well as it can", async () => {
    await run("takeTour", "first-look", "lazy");
    const { line } = await now();
    await replaceLine(document, line, "\t\t;");
    const drifted = await eventually("the drift in words", async () => {
      const shown = await said();
      return shown && /The code has drifted/.test(shown.words) && shown;
    });
    assert.match(drifted.words, /enter_lazy_tlb/);
    assert.ok(Math.abs(drifted.line - line) < 12, `line ${drifted.line}`);
  });
});

describe("tours beside the source", () => {
  it("are named above the functions that they stand at, unless a setting says otherwise", async () => {
    const above = async () => (await lensLines(file(mmuContext), "$(mortar-board)")).includes(33);
    assert.ok(await above());
    const settings = vscode.workspace.getConfiguration("tlbscope");
    await settings.update("tours.codeLens.enabled", false, vscode.ConfigurationTarget.Global);
    await eventually("no lens of a tour", async () => !(await above()));
    await settings.update("tours.codeLens.enabled", undefined, vscode.ConfigurationTarget.Global);
    await eventually("the lens again", above);
  });

  it("have their mistakes marked at their place", async () => {
    const uri = file("mine.tour.yaml");
    await vscode.workspace.fs.writeFile(
      uri,
      new TextEncoder().encode(
        "id: mine\ntitle: Mine\nabout: One step.\nscenario: lazy-return\nsteps:\n  - id: one\n    title: One\n   " +
          " words: Here.\n    next: tow\n",
      ),
    );
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      const [mark] = await eventually("a mark", () => {
        const marks = vscode.languages.getDiagnostics(uri).filter((d) => d.source === "TLBscope");
        return marks.length > 0 && marks;
      });
      assert.equal(document.getText(mark.range), "tow");
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });
});
