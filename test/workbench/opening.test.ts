import assert from "node:assert/strict";
import { eventually, useWorkbench } from "./shared-window";

describe("the workbench", () => {
  const vscode = useWorkbench({ file: "kernel/sched.c", line: 3015 });

  it("opens on the kernel's C at the line that was asked for", async () => {
    await vscode().editor.line(3015).waitFor();
    assert.match(await vscode().editor.text(3015), /\S/);
    await vscode().screenshot("opened");
  });

  it("has the extension running", async () => {
    await vscode().command("Developer: Show Running Extensions");
    const row = vscode().page.locator(".runtime-extensions-editor .extension", { hasText: "TLBscope" });
    await eventually("that the extension has been activated", async () =>
      /Activation: \d+/.test(await row.innerText()),
    );
  });
});
