// Tours that are recorded here, written for others, and read from there.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { endSession, eventually, file, mmuContext, panelState, show, simulate } from "./support";
import { now, run } from "./tour-commands";

/** Closes documents that were never saved: VS Code would ask about them. */
async function closeUnsaved(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter((d) => d.isUntitled)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
}

/** What two states have in common that came about in the same way. */
const slim = (state: Awaited<ReturnType<typeof panelState>>) =>
  state && {
    step: state.step,
    cpus: state.view.cpus.map(({ at, tlb, task, cr3 }) => ({ at, tlb: tlb.length, task, cr3: cr3.value })),
    masks: state.view.mms.map((m) => m.cpumask),
  };

describe("recording a tour", () => {
  afterEach(async () => {
    await run("tour.stop");
    await endSession();
    await closeUnsaved();
  });

  it("makes a tour of the kept stops, which plays to the same states", async () => {
    await simulate(mmuContext, 60);
    // It offers to keep a stop at once, and waits for the answer.
    void run("recordTour");
    await eventually(
      "the recording",
      async () =>
        await run("keepStop", "Back from lazy", "CPU0 comes back.").then(
          () => true,
          () => false,
        ),
    );
    const first = (await panelState())!;
    await vscode.commands.executeCommand("workbench.action.debug.stepOver");
    const second = await eventually("a step on", async () => {
      const state = await panelState();
      return state && state.step > first.step && state;
    });
    await run("keepStop", "State is OK", "Now it answers flushes.");
    await run("finishRecording", "Coming back");
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.languageId, "yaml");
    assert.equal(document.isUntitled, true);
    assert.match(document.getText(), /^id: coming-back$/m);
    assert.match(document.getText(), /title: Back from lazy/);
    await show(mmuContext);
    await run("takeTour", "coming-back");
    assert.equal((await now()).label, "1 of 2 · Back from lazy");
    assert.equal((await now()).line, 60);
    assert.deepEqual(slim(await panelState()), slim(first));
    await run("tour.next");
    assert.deepEqual(slim(await panelState()), slim(second));
  });

  it("can be finished after the simulation has ended", async () => {
    await simulate(mmuContext, 60);
    void run("recordTour");
    await eventually(
      "the recording",
      async () =>
        await run("keepStop", "Back from lazy", "CPU0 comes back.").then(
          () => true,
          () => false,
        ),
    );
    await endSession();
    await run("finishRecording", "Kept all the same");
    const { document } = vscode.window.activeTextEditor!;
    assert.match(document.getText(), /title: Back from lazy/);
    assert.match(document.uri.path, /kept-all-the-same\.tour\.yaml$/);
  });
});

describe("tours of and for others", () => {
  const written = [file("out.md"), file("out.html"), file("out.tour")];

  after(async () => {
    await closeUnsaved();
    for (const uri of written) await vscode.workspace.fs.delete(uri).then(undefined, () => undefined);
  });

  it("are written as Markdown, as a web page and for CodeTour, and come back from there", async () => {
    await show(mmuContext);
    const [md, html, codetour] = written;
    const text = async (uri: vscode.Uri) => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    await run("exportTour", "first-look", "md", md);
    assert.match(await text(md), /^# A first look/);
    await run("exportTour", "first-look", "html", html);
    assert.match(await text(html), /<title>A first look<\/title>/);
    await run("exportTour", "first-look", "codetour", codetour);
    assert.equal((JSON.parse(await text(codetour)) as { title: string }).title, "A first look");
    await show(mmuContext);
    await run("importCodeTour", codetour, "lazy-return");
    const back = vscode.window.activeTextEditor!.document;
    assert.equal(back.languageId, "yaml");
    assert.match(back.getText(), /^scenario: lazy-return$/m);
    assert.match(back.getText(), /at: "?context_switch/);
  });
});
