import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";

const read = (file: string) => readFileSync(path.join(packageRoot(), file), "utf8");

describe("words that a translator needs", () => {
  /** What the script says of the bundle, and of a translation that has mistakes. */
  let said: string[], status: number | null;
  before(() => {
    const folder = mkdtempSync(path.join(tmpdir(), "tlbscope-words-"));
    try {
      const file = path.join(folder, "bundle.l10n.de.json");
      writeFileSync(
        file,
        JSON.stringify({
          "Start a Scenario": "Ein Szenario starten",
          "CPU{0} in mm_cpumask({1})": "CPU{0}",
          "No such words": "Nichts",
        }),
      );
      const check = spawnSync(process.execPath, ["scripts/words.mjs", "--check", file], {
        cwd: packageRoot(),
        encoding: "utf8",
      });
      said = check.stderr.trim().split("\n");
      status = check.status;
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  const ofTranslation = (line: string) => line.includes("bundle.l10n.de.json");

  it("are in the bundle: all that the code says, the tours and the scenarios, and no others", () => {
    assert.deepEqual(
      said.filter((line) => !ofTranslation(line)),
      [],
    );
  });

  it("are checked in a translation: each value is in it, and nothing that isn't said any more", () => {
    assert.equal(status, 1);
    const [values, unsaid, ...others] = said.filter(ofTranslation);
    assert.match(values, /must have the values \{0\} \{1\}, and no others: "CPU\{0\} in/);
    assert.match(unsaid, /nothing says this any more: "No such words"/);
    assert.deepEqual(others, []);
  });

  it("of the manifest are in package.nls.json, each one that it names and no others", () => {
    const named = [...read("package.json").matchAll(/"%([\w.]+)%"/g)].map((m) => m[1]);
    assert.deepEqual(Object.keys(JSON.parse(read("package.nls.json")) as object).sort(), [...new Set(named)].sort());
  });
});
