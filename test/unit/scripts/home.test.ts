/** One command says where the project's public home is, wherever its address stands. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";

interface Manifest {
  publisher: string;
  repository: { url: string };
  homepage: string;
  bugs: { url: string };
  qna: string;
}

describe("scripts/home.mjs", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-home-"));
    for (const name of ["package.json", "README.md", ".github"])
      cpSync(path.join(packageRoot(), name), path.join(folder, name), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
  const addresses = () => {
    const { repository, homepage, bugs, qna } = JSON.parse(read("package.json")) as Manifest;
    return [repository.url, homepage, bugs.url, qna];
  };
  const setHome = (home: string, ...more: string[]) => {
    const script = path.join(packageRoot(), "scripts/home.mjs");
    return spawnSync(process.execPath, [script, home, folder, ...more], { encoding: "utf8" });
  };

  it("writes the address into package.json's fields, the README's badge and every text, also a second time", () => {
    const before = (JSON.parse(read("package.json")) as Manifest).bugs.url.replace(/\/issues$/, "");
    writeFileSync(path.join(folder, "SECURITY.md"), `Report it at ${before}/security.\n`);
    for (const home of ["https://github.com/someone/lens", "https://github.com/some.org/tlb-scope"]) {
      assert.equal(setHome(home).status, 0);
      assert.deepEqual(addresses(), [`${home}.git`, `${home}#readme`, `${home}/issues`, `${home}/discussions`]);
      const badge = `[![CI](${home}/actions/workflows/ci.yml/badge.svg)](${home}/actions/workflows/ci.yml)`;
      assert.equal(read("README.md").split("[![CI]").length, 2, "one badge");
      assert.ok(read("README.md").includes(badge));
      assert.equal(read("SECURITY.md"), `Report it at ${home}/security.\n`);
    }
  });

  it("says who publishes the extension", () => {
    const publisher = () => (JSON.parse(read("package.json")) as Manifest).publisher;
    const before = publisher();
    setHome("https://github.com/someone/lens");
    assert.equal(publisher(), before);
    setHome("https://github.com/someone/lens", "--publisher", "some-one");
    assert.equal(publisher(), "some-one");
  });

  it("changes nothing when what it is given is no address of a repository", () => {
    const before = read("package.json");
    for (const wrong of ["someone/lens", "https://github.com/someone", "https://github.com/someone/lens.git"]) {
      const { status, stderr } = setHome(wrong);
      assert.deepEqual([status, /no address of a repository/.test(stderr)], [2, true]);
    }
    assert.equal(read("package.json"), before);
  });
});
