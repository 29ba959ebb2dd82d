/**
 * Every command that the README shows is one that works. What it shows on a kernel tree runs here on a copy of the
 * built-in edition.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";
import { tlbscope } from "../../support/command-line";

const root = packageRoot();
const shown = [...readFileSync(path.join(root, "README.md"), "utf8").matchAll(/^```(.*)\n([\s\S]*?)^```/gm)]
  .flatMap(([, language, block]) => (language === "" ? block.split("\n") : []))
  .map((line) => line.replace(/\s+#.*$/, "").trim())
  .filter(Boolean);
describe("the README's commands", () => {
  let tree = "";
  before(async () => {
    tree = mkdtempSync(path.join(os.tmpdir(), "tlbscope-readme-"));
    assert.equal((await tlbscope("edition", tree)).status, 0);
  });
  after(() => rmSync(tree, { recursive: true }));

  const commands = shown.filter((line) => line.startsWith("node dist/cli.js "));
  for (const line of commands)
    it(line, async () => {
      const { status, stdout, stderr } = await tlbscope(
        ...line.slice("node dist/cli.js ".length).replace("~/linux", tree).split(/\s+/),
      );
      // The edition has the races of its day, so that checks of it fail, and say so.
      assert.ok(
        status === 0 || (status === 1 && line.includes(" check ") && !line.includes(" tour ")),
        `exit status ${status}: ${stderr}`,
      );
      assert.ok(stdout.length > 100, stdout);
    });

  it("are all either these or npm start, which the workbench tests run", () => {
    assert.deepEqual(
      shown.filter((line) => !commands.includes(line)),
      ["npm start", "npm start -- ~/linux"],
    );
  });
});
