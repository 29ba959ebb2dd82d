import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  cloneArguments,
  isRepository,
  isTag,
  kernelTags,
  sparseFile,
  treeName,
} from "../../../src/extension/source/kernel-plan";
import { companionPaths } from "../../../src/kernel/companions";
import { buildPaths } from "../../../src/kernel/tree/tree-options";

/** All that is read of a tree, other than what only a build leaves there. */
const read = [...companionPaths, ...buildPaths.filter((p) => p !== ".config" && !p.startsWith("include/generated/"))];

describe("getting a kernel tree", () => {
  let place: string;
  const git = (...args: string[]) => execFileSync("git", args, { cwd: place, stdio: "pipe" });

  before(() => {
    place = mkdtempSync(path.join(os.tmpdir(), "tlbscope-kernel-"));
    git("init", "--quiet", "origin");
    for (const file of [...read, "Makefile", "drivers/net/other.c"]) {
      mkdirSync(path.join(place, "origin", path.dirname(file)), { recursive: true });
      writeFileSync(path.join(place, "origin", file), `/* ${file} */\n`);
    }
    const origin = ["-C", "origin", "-c", "user.name=T", "-c", "user.email=t@example.org"];
    git(...origin, "commit", "--quiet", "--allow-empty", "-m", "before");
    git(...origin, "add", ".");
    git(...origin, "commit", "--quiet", "-m", "a kernel");
    git(...origin, "tag", "v2.6.37");
    git(...origin, "config", "uploadpack.allowFilter", "true");
  });

  after(() => rmSync(place, { recursive: true, force: true }));

  it("checks out every file that takes part, and no drivers", () => {
    const folder = path.join(place, treeName("v2.6.37"));
    const [clone, checkout] = cloneArguments(`file://${place}/origin`, "v2.6.37", folder);
    git(...clone);
    mkdirSync(path.join(folder, ...sparseFile.path.slice(0, -1)), { recursive: true });
    writeFileSync(path.join(folder, ...sparseFile.path), sparseFile.text);
    git(...checkout);
    assert.deepEqual(
      read.filter((file) => !existsSync(path.join(folder, file))),
      [],
    );
    assert.equal(existsSync(path.join(folder, "Makefile")), true);
    assert.equal(existsSync(path.join(folder, "drivers")), false);
  });

  it("fetches no file that isn't checked out, and no history", () => {
    const folder = path.join(place, treeName("v2.6.37"));
    const inClone = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" });
    const other = execFileSync("git", ["-C", path.join(place, "origin"), "rev-parse", "v2.6.37:drivers/net/other.c"], {
      encoding: "utf8",
    }).trim();
    const missing = inClone("rev-list", "--objects", "--all", "--missing=print")
      .split("\n")
      .filter((l) => l.startsWith("?"));
    assert.deepEqual(missing, [`?${other}`]);
    assert.equal(inClone("rev-list", "--count", "HEAD").trim(), "1");
    assert.equal(inClone("status", "--porcelain"), "");
  });

  it("takes no option and no command for a repository", () => {
    assert.ok(isRepository("https://github.com/torvalds/linux.git"));
    assert.deepEqual(
      ["", "--upload-pack=x", "ext::sh -c x", "github.com/torvalds/linux", "https://a b"].filter(isRepository),
      [],
    );
  });

  it("takes no option for a tag", () => {
    assert.deepEqual(
      kernelTags.filter(({ tag }) => !isTag(tag)),
      [],
    );
    assert.deepEqual(["", "--upload-pack=x", "a b", "v1..v2"].filter(isTag), []);
  });
});
