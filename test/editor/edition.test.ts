import assert from "node:assert/strict";
import * as vscode from "vscode";
import { replaceLine } from "./support";

const shown = (name: string) =>
  vscode.window.visibleTextEditors.find((editor) => editor.document.uri.path.endsWith(name));

describe("the built-in edition", () => {
  after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("opens context_switch and switch_mm side by side", async () => {
    await vscode.commands.executeCommand("tlbscope.openEdition");
    const sched = shown("/edition/kernel/sched.c");
    const mmu = shown("/edition/arch/x86/include/asm/mmu_context.h");
    assert.ok(sched && mmu);
    assert.equal(sched.selection.active.line + 1, 2999);
    assert.match(sched.document.lineAt(2998).text, /context_switch/);
    assert.equal(mmu.selection.active.line + 1, 33);
    assert.notEqual(sched.viewColumn, mmu.viewColumn);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), sched.document.uri.toString());
  });

  it("keeps a reader's edits, until they ask for the files as they were", async () => {
    const { document } = shown("mmu_context.h")!;
    const before = document.lineAt(39).text;
    await replaceLine(document, 40, "\t\t/* mine */");
    await document.save();
    await vscode.commands.executeCommand("tlbscope.openEdition");
    assert.equal(document.lineAt(39).text, "\t\t/* mine */");
    await vscode.commands.executeCommand("tlbscope.restoreEdition");
    assert.equal(document.lineAt(39).text, before);
    assert.equal(document.isDirty, false);
  });
});
