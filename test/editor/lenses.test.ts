import assert from "node:assert/strict";
import * as vscode from "vscode";
import { eventually, file, lensLines, mmuContext, schedC } from "./support";

const title = "Simulate from here";

describe("code lenses", () => {
  it("stand above the protocol's functions", async () => {
    assert.deepEqual(await lensLines(file(mmuContext), title), [20, 33]);
    assert.ok((await lensLines(file(schedC), title)).includes(2999));
  });

  it("give the function's own line to the command", async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      file(mmuContext),
      100,
    );
    const [target] = lenses.find(
      (lens) => lens.range.start.line === 32 && lens.command?.command === "tlbscope.simulate",
    )!.command!.arguments as [{ uri: string; line: number }];
    assert.deepEqual(target, { uri: file(mmuContext).toString(), line: 33 });
  });

  it("stay away from C that has nothing to do with the protocol", async () => {
    const other = await vscode.workspace.openTextDocument({
      language: "c",
      content: "int main(void)\n{\n\treturn 0;\n}\n",
    });
    assert.deepEqual(await lensLines(other.uri, title), []);
  });

  it("follow the text as it is typed", async () => {
    const typed = await vscode.workspace.openTextDocument({
      language: "c",
      content: "\n\nvoid leave_mm(int cpu)\n{\n",
    });
    assert.deepEqual(await lensLines(typed.uri, title), [3]);
  });

  it("go when the setting says so, and come back", async () => {
    const settings = vscode.workspace.getConfiguration("tlbscope");
    await settings.update("codeLens.enabled", false, vscode.ConfigurationTarget.Global);
    await eventually("no lens", async () => (await lensLines(file(mmuContext), title)).length === 0);
    await settings.update("codeLens.enabled", undefined, vscode.ConfigurationTarget.Global);
    await eventually("lenses again", async () => (await lensLines(file(mmuContext), title)).length === 2);
  });
});
