import assert from "node:assert/strict";
import * as vscode from "vscode";
import { eventually, file, mmuContext, replaceLine, revert, show } from "./support";

const ours = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter((d) => d.source === "TLBscope");
const found = (uri: vscode.Uri, message: RegExp) =>
  eventually(String(message), () => ours(uri).find((d) => message.test(d.message)));

describe("marks in the kernel's C", () => {
  let document: vscode.TextDocument;

  beforeEach(async () => {
    ({ document } = await show(mmuContext));
  });

  afterEach(() => revert(document));

  it("are absent where all is modelled", async () => {
    await replaceLine(document, 44, "\t\tno_such_thing(next);");
    await found(document.uri, /no_such_thing/);
    await revert(document);
    await eventually("no mark", () => ours(document.uri).length === 0);
  });

  it("fade a call that is not modelled", async () => {
    await replaceLine(document, 44, "\t\tno_such_thing(next);");
    const mark = await found(document.uri, /no_such_thing/);
    assert.equal(mark.range.start.line + 1, 44);
    assert.equal(mark.severity, vscode.DiagnosticSeverity.Hint);
    assert.deepEqual(mark.tags, [vscode.DiagnosticTag.Unnecessary]);
  });

  it("point at what is half typed", async () => {
    await replaceLine(document, 44, "\t\tpercpu_write(cpu_tlbstate.state, ;");
    await eventually("an error on line 44", () =>
      ours(document.uri).find((d) => d.range.start.line + 1 === 44 && d.severity === vscode.DiagnosticSeverity.Error),
    );
  });
});

describe("marks in scenarios", () => {
  const uri = file("wrong.tlbscope.yaml");
  const text =
    "id: wrong\nabout: A task that isn't there.\nmms:\n  A: { pages: [page0] }\ntasks:\n  A/1: { mm: A " +
    "}\ncpus:\n  - starts: A/1\n    does:\n      - schedule: nobody\n";

  before(() => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text)));
  after(() => vscode.workspace.fs.delete(uri));

  it("stand on the name that nothing has", async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const mark = await found(uri, /nobody/);
    assert.equal(document.getText(mark.range), "nobody");
    assert.equal(mark.severity, vscode.DiagnosticSeverity.Error);
  });

  it("go when the mistake is corrected", async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await replaceLine(document, 10, "      - schedule: swapper/0");
    await eventually("no mark", () => ours(uri).length === 0);
    await revert(document);
  });

  it("stand on a setting that the source doesn't ask for", async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await replaceLine(document, 2, "about: A misspelt setting.\nsettings: { CONFIG_DEBUG_VN: 1 }");
    await replaceLine(document, 11, "      - schedule: swapper/0");
    const mark = await found(uri, /Did you mean "CONFIG_DEBUG_VM"\?/);
    assert.equal(document.getText(mark.range), "CONFIG_DEBUG_VN");
    assert.equal(mark.severity, vscode.DiagnosticSeverity.Warning);
    await replaceLine(document, 3, "settings: { CONFIG_DEBUG_VM: 1 }");
    await eventually("no mark", () => ours(uri).length === 0);
    await revert(document);
  });
});
