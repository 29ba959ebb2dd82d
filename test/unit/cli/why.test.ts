/** tlbscope why, as a reader of the source would call it. */
import assert from "node:assert/strict";
import { tlbscope } from "../../support/command-line";

const why = (...args: string[]) => tlbscope("why", ...args, "--scenario", "lazy-return", "--order", "sc");

describe("tlbscope why", () => {
  it("says what one line is for", async () => {
    const { status, stdout } = await why("switch_mm:68");
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^arch\/x86\/include\/asm\/mmu_context\.h:68 +load_cr3\(next->pgd\);\n +Without it, lazy-return \(SC\) fails in \d+ steps, own-page-tables: A\/1 is in user mode on CPU0/,
    );
  });

  it("says it of each statement of a function, in their order", async () => {
    const lines = [...(await why("enter_lazy_tlb")).stdout.matchAll(/^arch\S+:(\d+)/gm)].map((m) => Number(m[1]));
    assert.ok(lines.length > 1);
    assert.deepEqual(
      lines,
      [...lines].sort((a, b) => a - b),
    );
  });

  it("says what to write where there is no such function, or no statement on the line", async () => {
    const none = await why("switch_nn");
    assert.deepEqual(
      [none.status, none.stderr],
      [2, "tlbscope: There is no function switch_nn in the built-in edition.\n"],
    );
    assert.match(
      (await why("switch_mm:30")).stderr,
      /^tlbscope: arch\/x86\/include\/asm\/mmu_context\.h:30 holds no statement of switch_mm\(\), which stands from line 33 to 73\./,
    );
  });
});
