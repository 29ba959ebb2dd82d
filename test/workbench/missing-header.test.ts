// A tree in which a header is missing that defines a macro: asked for once, and the session goes on, with or without
// it.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { surroundings } from "./surroundings";
import { mmuContext, useWorkbench } from "./shared-window";

const place = mkdtempSync(path.join(os.tmpdir(), "tlbscope-missing-"));
const header = "#define LOAD_TABLES(mm) load_cr3((mm)->pgd)\n";

/** The edition's files, whose switch_mm() loads CR3 by a macro of a header that isn't read by itself. */
function treeWith(name: string, files: Record<string, string>): string {
  const folder = path.join(place, name);
  cpSync(surroundings().edition, folder, { recursive: true });
  const file = path.join(folder, mmuContext);
  writeFileSync(
    file,
    readFileSync(file, "utf8")
      .replace("#include <asm/desc.h>", "#include <asm/tables.h>")
      .replace("load_cr3(next->pgd);", "LOAD_TABLES(next);"),
  );
  for (const [at, text] of Object.entries(files)) writeFileSync(path.join(folder, at), text);
  return folder;
}

after(() => rmSync(place, { recursive: true, force: true }));

const asked = /No file that runs defines LOAD_TABLES: it counts as 0 or does nothing, and the rest runs\./;

describe("a macro whose header is in the tree, but isn't read by itself", () => {
  const vscode = useWorkbench({
    folder: treeWith("there", { "arch/x86/include/asm/tables.h": header }),
    file: mmuContext,
    line: 36,
  });

  it("is asked for once, naming the header, while the session goes on", async () => {
    await vscode().editor.lens("Simulate from here").first().waitFor();
    await vscode().editor.goto(60);
    await vscode().command("TLBscope: Simulate from Here");
    await vscode().notification(asked).waitFor();
    await vscode().debug.stoppedAt(60);
    assert.match(await vscode().notification(asked).innerText(), /arch\/x86\/include\/asm\/tables\.h seems to\./);
    await vscode().screenshot("missing header asked");
  });

  it("is taken from there when the reader says so, and the session begins anew", async () => {
    await vscode().notification(asked).getByRole("button", { name: "Use This Header" }).click();
    await vscode().editor.tab("tables.h").waitFor();
    await vscode().notification(asked).waitFor({ state: "hidden" });
    await vscode().debug.stoppedAt(60);
    await vscode().screenshot("missing header used");
    assert.equal(
      await vscode()
        .panel.getByText(/LOAD_TABLES/)
        .count(),
      0,
    );
    await vscode().debug.press("Restart");
    await vscode().debug.stoppedAt(60);
    assert.equal(
      await vscode()
        .notification(/No file that runs/)
        .count(),
      0,
    );
  });
});

describe("a macro whose header isn't in the tree", () => {
  const elsewhere = path.join(place, "tables.h");
  const vscode = useWorkbench({ folder: treeWith("lacking", {}), file: mmuContext, line: 36 });

  it("is asked for, with the header's name as the source includes it", async () => {
    writeFileSync(elsewhere, header);
    await vscode().editor.lens("Simulate from here").first().waitFor();
    await vscode().editor.goto(60);
    await vscode().command("TLBscope: Simulate from Here");
    await vscode().notification(asked).waitFor();
    assert.match(
      await vscode().notification(asked).innerText(),
      /The source includes asm\/tables\.h, which this tree doesn't have\./,
    );
    await vscode().screenshot("missing header lacking");
  });

  it("is taken from the file that the reader chooses", async () => {
    await vscode().notification(asked).getByRole("button", { name: "Choose a Header…" }).click();
    const dialog = vscode().page.locator(".quick-input-widget", { hasText: "A Header That Defines What Is Missing" });
    // It first lists the tree, and looks into another folder as it is typed.
    await dialog.locator(".monaco-list-row", { hasText: "arch" }).first().waitFor();
    await dialog.locator("input").first().fill(elsewhere);
    await dialog.locator(".monaco-list-row", { hasText: "tables.h" }).first().waitFor();
    await dialog.locator(".monaco-button", { hasText: "Use It" }).click();
    await vscode().editor.tab("tables.h").waitFor();
    await vscode().debug.stoppedAt(60);
    assert.equal(
      await vscode()
        .panel.getByText(/LOAD_TABLES/)
        .count(),
      0,
    );
    assert.equal(
      await vscode()
        .notification(/No file that runs/)
        .count(),
      0,
    );
  });
});
