/** Headers that aren't among a tree's files of the protocol: the command line follows the source's includes to them. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sourceOf } from "../../../src/cli/inputs";
import { packageRoot } from "../../../src/cli/node-host";
import { checkNow } from "../../../src/check/verdict/verdict";
import { editionPaths } from "../../../src/kernel/companions";
import { expandEdition } from "../../../src/kernel/edition";
import { Machine } from "../../../src/machine/machine";
import { scenario } from "../../support/machine";

const SCHED = "kernel/sched.c";
const HEADER = "include/linux/mmu_context.h";
const header = "#ifndef switch_mm_irqs_off\n# define switch_mm_irqs_off switch_mm\n#endif\n";

describe("a name that only a header defines which isn't read by itself", () => {
  let root: string;
  const write = (p: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, p)), { recursive: true });
    writeFileSync(path.join(root, p), text);
  };
  /** The edition's files, in which the scheduler calls a function by the name that the header gives it. */
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), "tlbscope-"));
    for (const p of editionPaths) {
      const text = expandEdition(readFileSync(path.join(packageRoot(), "walkthroughs", "edition", p), "utf8"));
      write(
        p,
        p === SCHED
          ? text
              .replace("#include <asm/mmu_context.h>", "#include <linux/mmu_context.h>")
              .replace("switch_mm(oldmm, mm, next)", "switch_mm_irqs_off(oldmm, mm, next)")
          : text,
      );
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** What was read beside the edition's own files, what was said of it, and what a scenario's verdict is. */
  const found = async (id = "switch-away") => {
    const s = scenario(id);
    const source = await sourceOf(root, [s]);
    const own: readonly string[] = editionPaths;
    return {
      headers: source.files.filter((f) => f.origin === "tree" && !own.includes(f.path)).map((f) => f.path),
      remarks: source.remarks.map((r) => r.replaceAll(root, "TREE")),
      outcome: checkNow(new Machine(await source.program(s), s)).outcome,
    };
  };

  it("is looked up where the source includes it, and the verdicts are those of the same code without it", async () => {
    write(HEADER, header);
    assert.deepEqual(await found(), { headers: [HEADER], remarks: [], outcome: "fails" });
    assert.equal((await found("lazy-return")).outcome, "holds");
  });
  it("is looked up in linux/x.h where the source includes asm/x.h", async () => {
    write(HEADER, header);
    write(SCHED, readFileSync(path.join(root, SCHED), "utf8").replace("<linux/mmu_context.h>", "<asm/mmu_context.h>"));
    assert.deepEqual((await found()).headers, [HEADER]);
  });
  it("is looked up again for what that header uses", async () => {
    write(HEADER, "#include <linux/further.h>\n#define switch_mm_irqs_off(a, b, c) further(a, b, c)\n");
    write("include/linux/further.h", "#define further(a, b, c) switch_mm(a, b, c)\n");
    assert.deepEqual(await found("lazy-return"), {
      headers: [HEADER, "include/linux/further.h"],
      remarks: [],
      outcome: "holds",
    });
  });
  it("stays unknown where no header has it, and nothing can be said", async () => {
    write(HEADER, "#define something_else switch_mm\n");
    assert.deepEqual(await found(), { headers: [], remarks: [], outcome: "unknown" });
  });

  describe("is never looked up", () => {
    let outside: string;
    beforeEach(() => {
      outside = mkdtempSync(path.join(os.tmpdir(), "tlbscope-outside-"));
      writeFileSync(path.join(outside, "x.h"), header);
    });
    afterEach(() => rmSync(outside, { recursive: true }));

    it("through a link that leads out of the tree: it is told of", async () => {
      mkdirSync(path.dirname(path.join(root, HEADER)), { recursive: true });
      symlinkSync(path.join(outside, "x.h"), path.join(root, HEADER));
      assert.deepEqual(await found(), {
        headers: [],
        remarks: [`${HEADER}: not read, as it is a link that leads out of the tree.`],
        outcome: "unknown",
      });
    });
    it("through a folder that is such a link", async () => {
      symlinkSync(outside, path.join(root, "include/elsewhere"));
      const sched = readFileSync(path.join(root, SCHED), "utf8");
      write(SCHED, sched.replace("<linux/mmu_context.h>", "<elsewhere/x.h>"));
      assert.deepEqual((await found()).headers, []);
    });
    it("by a path that leads out of the tree", async () => {
      const up = path.relative(path.join(root, "kernel"), path.join(outside, "x.h"));
      const sched = readFileSync(path.join(root, SCHED), "utf8");
      write(SCHED, sched.replace("<linux/mmu_context.h>", `"${up}"`));
      assert.deepEqual(await found(), { headers: [], remarks: [], outcome: "unknown" });
      write(SCHED, sched.replace("<linux/mmu_context.h>", `"${path.join(outside, "x.h")}"`));
      assert.deepEqual((await found()).headers, []);
    });
    it("in what is no file, and in one that is too large", async () => {
      mkdirSync(path.join(root, HEADER), { recursive: true });
      const { headers, remarks } = await found();
      assert.deepEqual(
        [headers, remarks],
        [[], [`${HEADER}: not read. TREE/${HEADER} is a folder, where a text file is expected.`]],
      );
      rmSync(path.join(root, HEADER), { recursive: true });
      write(HEADER, header + " ".repeat(2 ** 20));
      assert.deepEqual((await found()).headers, []);
    });
  });
});
