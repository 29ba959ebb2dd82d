/** A tree of which something isn't known: every command says so in the same words, and none of them is sure. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";
import { tlbscope } from "../../support/command-line";

const TLB = "arch/x86/mm/tlb.c";

describe("where a name that runs isn't known", () => {
  const root = mkdtempSync(path.join(os.tmpdir(), "tlbscope-unknown-"));
  const tree = path.join(root, "tree");
  let line: number;
  before(async () => {
    await tlbscope("edition", tree);
    const text = readFileSync(path.join(tree, TLB), "utf8");
    const changed = text.replace(/(flush_tlb_others\(mm_cpumask\(mm\), mm, va)\);/, "$1 & PAGE_MOSK);");
    assert.notEqual(changed, text);
    writeFileSync(path.join(tree, TLB), changed);
    line = changed.slice(0, changed.indexOf("PAGE_MOSK")).split("\n").length;
  });
  after(() => rmSync(root, { recursive: true }));

  const named = () => new RegExp(`It rests on what isn't known:\n +${TLB.replaceAll(".", "\\.")}:${line}: PAGE_MOSK `);

  it("check can't say, and names it", async () => {
    const { status, stdout } = await tlbscope("check", tree, "--scenario", "lazy-return", "--order", "sc");
    assert.equal(status, 2);
    assert.match(stdout, /^lazy-return, SC: can't say\n/);
    assert.match(stdout, named());
  });

  it("why can't say that nothing needs a line, and tells what fails without one as perhaps", async () => {
    const nothing = await tlbscope("why", `flush_tlb_page:${line}`, tree, "--scenario", "lazy-return", "--order", "sc");
    assert.equal(nothing.status, 2);
    assert.match(nothing.stdout, /Can't say: nothing in these scenarios needs it/);
    const perhaps = await tlbscope("why", "switch_mm:68", tree, "--scenario", "lazy-return", "--order", "sc");
    assert.equal(perhaps.status, 2);
    assert.match(perhaps.stdout, /Without it, perhaps lazy-return \(SC\) fails in \d+ steps, own-page-tables/);
    for (const { stdout } of [nothing, perhaps]) assert.match(stdout, named());
  });

  it("why is sure where nothing that was searched comes to it", async () => {
    // Without munmap() nothing is flushed.
    const scenario = path.join(root, "quiet.tlbscope.yaml");
    const text = readFileSync(path.join(packageRoot(), "walkthroughs/scenarios/lazy-return.yaml"), "utf8");
    writeFileSync(scenario, text.replace("id: lazy-return", "id: quiet").replace("munmap: page0", "touch: page0"));
    const { status, stdout } = await tlbscope("why", "switch_mm:68", tree, "--scenario", scenario, "--order", "sc");
    assert.doesNotMatch(stdout, /Can't say|perhaps|isn't known/);
    assert.equal(status, 0);
  });

  it("run says from which step on, and tour check of which tour", async () => {
    const ran = await tlbscope("run", tree, "--scenario", "lazy-return");
    assert.match(ran.stdout, new RegExp(`From here on it rests on what isn't known\\. ${TLB}:${line}: PAGE_MOSK `));
    assert.equal(ran.status, 2);
    const toured = await tlbscope("tour", "check", tree, "--tour", "the-mail");
    assert.match(toured.stdout, named());
    assert.equal(toured.status, 2);
  });

  it("the edition itself rests on nothing unknown", async () => {
    cpSync(tree, path.join(root, "whole"), { recursive: true });
    const file = path.join(root, "whole", TLB);
    writeFileSync(file, readFileSync(file, "utf8").replace(" & PAGE_MOSK", ""));
    const { status, stdout } = await tlbscope(
      "why",
      "switch_mm:68",
      path.join(root, "whole"),
      "--scenario",
      "lazy-return",
    );
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /isn't known|perhaps/);
  });
});
