/** The command line as npm packs it, installed in a folder that has nothing else of the project. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../../src/cli/node-host";
import { packages } from "./packages";

describe("the package for npm", () => {
  let folder = "";
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, { cwd: folder, encoding: "utf8", shell: process.platform === "win32" });
  const tlbscope = (...args: string[]) => run(path.join(folder, "node_modules/.bin/tlbscope"), ...args);

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-npm-"));
    // Offline: it needs no other package.
    const { status, stderr } = run("npm", "install", "--offline", "--prefix", folder, packages().tgz);
    assert.equal(status, 0, stderr);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("says its version, and what it can do", () => {
    const { version } = JSON.parse(readFileSync(path.join(packageRoot(), "package.json"), "utf8")) as {
      version: string;
    };
    assert.equal(tlbscope("--version").stdout, `${version}\n`);
    assert.match(tlbscope("--help").stdout, /^ {2}check .*\[TREE\] /m);
  });

  it("has a README in which every picture and link leads somewhere, and the licences of what it contains", () => {
    const installed = (name: string) => readFileSync(path.join(folder, "node_modules/tlbscope", name), "utf8");
    const { repository } = JSON.parse(installed("package.json")) as { repository: { url: string } };
    const hasHome = !repository.url.includes("/OWNER/");
    for (const [, to] of installed("README.md").matchAll(/\]\(([^)]+)\)/g))
      assert.ok(/^(https:|#)/.test(to) || (hasHome && existsSync(path.join(packageRoot(), to))), to);
    for (const name of ["zod", "yaml", "web-tree-sitter", "commander"])
      assert.match(installed("dist/NOTICES.txt"), new RegExp(`^${name} [\\d.]+ \\(.*\\)\\n\\n[^]+?Copyright`, "m"));
  });

  it("checks scenarios, each in a thread, and ends with the verdict's exit status", () => {
    const { status, stdout, stderr } = tlbscope("check", "--scenario", "lazy-return", "--scenario", "switch-away");
    assert.deepEqual([status, stderr], [1, ""]);
    assert.deepEqual(stdout.match(/^[\w-]+, (SC|TSO): \w+/gm), [
      "lazy-return, SC: holds",
      "lazy-return, TSO: holds",
      "switch-away, SC: fails",
      "switch-away, TSO: fails",
    ]);
  });

  it("writes out the built-in edition, and checks it as a tree", () => {
    assert.equal(tlbscope("edition", "edition").status, 0);
    const { status, stdout } = tlbscope("check", "edition", "--scenario", "switch-in", "--order", "sc");
    assert.deepEqual([status, stdout.split("\n")[0]], [0, "switch-in, SC: holds"]);
  });

  it("plays its tours", () => assert.equal(tlbscope("tour", "check", "--tour", "first-look").status, 0));
});
