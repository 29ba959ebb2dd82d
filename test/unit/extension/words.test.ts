import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../../src/cli/host";

const read = (file: string) => readFileSync(path.join(packageRoot(), file), "utf8");

const sources = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

/** The words that the code hands to l10n.t, by the file that they are in. */
function spoken(): Map<string, string> {
  const folder = path.join(packageRoot(), "src/extension");
  const words = new Map<string, string>();
  for (const file of sources(folder)) {
    for (const [, literal] of read(`src/extension/${file}`).matchAll(/l10n\.t\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/g)) {
      const body = literal.slice(1, -1);
      words.set(literal.startsWith('"') ? (JSON.parse(literal) as string) : body.replaceAll("\\'", "'"), file);
    }
  }
  return words;
}

describe("words that a translator needs", () => {
  it("are in the bundle, each one that the code says and no others", () => {
    assert.deepEqual(Object.keys(JSON.parse(read("l10n/bundle.l10n.json")) as object).sort(), [...spoken().keys()].sort());
  });

  it("are handed over as plain strings, never put together before", () => {
    for (const file of sources(path.join(packageRoot(), "src/extension"))) assert.doesNotMatch(read(`src/extension/${file}`), /l10n\.t\(\s*[`\w]/, file);
  });

  it("of the manifest are in package.nls.json, each one that it names and no others", () => {
    const named = [...read("package.json").matchAll(/"%([\w.]+)%"/g)].map((m) => m[1]);
    assert.deepEqual(Object.keys(JSON.parse(read("package.nls.json")) as object).sort(), [...new Set(named)].sort());
  });
});
