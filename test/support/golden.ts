/** Transcripts that stand in test/golden: compared with what is there, or rewritten when UPDATE_GOLDEN is set. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../src/cli/node-host";

export function golden(name: string, text: string): void {
  const file = path.join(packageRoot(), "test/golden", `${name}.txt`);
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(file, text);
    return;
  }
  assert.ok(
    existsSync(file),
    `test/golden/${name}.txt isn't there: run UPDATE_GOLDEN=1 npm test -- --unit, and read what it writes.`,
  );
  assert.equal(text, readFileSync(file, "utf8"));
}
