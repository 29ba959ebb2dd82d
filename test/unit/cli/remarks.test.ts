/** What there is to say of a source is told by every command in the same words, apart from its answer. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { tlbscope } from "../../support/command-line";

describe("of a tree without arch/x86/mm/tlb.c", () => {
  let tree = "";
  before(async () => {
    tree = mkdtempSync(path.join(os.tmpdir(), "tlbscope-remarks-"));
    await tlbscope("edition", tree);
    rmSync(path.join(tree, "arch/x86/mm/tlb.c"));
  });
  after(() => rmSync(tree, { recursive: true }));

  for (const command of [
    "run TREE",
    "check TREE --scenario lazy-return --order sc",
    "why enter_lazy_tlb TREE --scenario lazy-return --order sc",
    "tour check TREE --tour first-look",
    "tour export first-look TREE",
  ])
    it(`${command} tells on standard error that the built-in edition's stands in`, async () => {
      const { stdout, stderr } = await tlbscope(...command.replace("TREE", tree).split(" "));
      assert.equal(stderr, "arch/x86/mm/tlb.c: not in the tree; the built-in edition's stands in.\n");
      assert.ok(stdout.length > 0 && !stdout.includes(stderr.trim()));
    });
});

describe("a setting that nothing asks for", () => {
  for (const [command, said] of [
    ["run --set X86_FEATURE_PICD", /^tlbscope: lazy-return: There is no setting "X86_FEATURE_PICD": .* Did you mean /],
    ["check --set X86_FEATURE_PICD=0", /Did you mean "X86_FEATURE_PCID"\?\n$/],
    ["check --settings --set tomato", /There is no setting "tomato": .* It asks for no settings at all\.\n$/],
    ["check --no-scenarios --workloads 1 --set tomato", /^tlbscope: two-cpus: There is no setting "tomato"/],
    ["why switch_mm:60 --set tomato", /There is no setting "tomato"/],
  ] as const)
    it(`is refused by ${command}`, async () => {
      const { status, stdout, stderr } = await tlbscope(...command.split(" "));
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, said);
    });
});
