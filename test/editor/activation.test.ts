import assert from "node:assert/strict";
import * as vscode from "vscode";
import { extensionId as id } from "../support/extension-id";

describe("the extension in the editor", () => {
  it("activates", async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not among the editor's extensions`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("registers every command that its manifest lists", async () => {
    const manifest = vscode.extensions.getExtension(id)?.packageJSON as {
      contributes?: { commands?: { command: string }[] };
    };
    const listed = (manifest.contributes?.commands ?? []).map((entry) => entry.command);
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      listed.filter((command) => !known.has(command)),
      [],
    );
    assert.notEqual(listed.length, 0, "the manifest lists no command");
  });
});
