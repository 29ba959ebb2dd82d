/**
 * The edition's races, mended as the kernel mended them: then every interleaving keeps every promise, with two CPUs
 * and with three.
 */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict/verdict";
import { insertAt, withoutLines, type Edit } from "../../support/kernel";
import { editionMachine, files, scenario } from "../../support/machine";

/** 831d52bc: prev's bit is cleared after the load of CR3. */
const clearedLater: Edit = (t) => insertAt(51, "cpumask_clear_cpu(cpu, mm_cpumask(prev));")(withoutLines(40)(t));
/** 71b3c126: a barrier between the cleared entry and the look at the mask, also where no local flush is one. */
const barrier: Edit = (t) => t.replace(/(void flush_tlb_page\([^]*?preempt_disable\(\);)/, "$1 smp_mb();");

const outcome = (id: string, order: "sc" | "tso", edits: Record<string, Edit> = {}) =>
  checkNow(editionMachine({ ...scenario(id), order }, edits)).outcome;

describe("the races of the edition, mended", () => {
  for (const order of ["sc", "tso"] as const) {
    for (const id of ["switch-away", "two-leave"])
      it(`${id}, ${order.toUpperCase()}: fails as it stands, holds with the bit cleared later`, () => {
        assert.deepEqual(
          [outcome(id, order), outcome(id, order, { [files.mmuContext]: clearedLater })],
          ["fails", "holds"],
        );
      });
  }
  it("reclaim by a plain store: fails under TSO alone, and holds with a barrier", () => {
    assert.deepEqual(
      [outcome("reclaim", "sc"), outcome("reclaim", "tso"), outcome("reclaim", "tso", { [files.tlb]: barrier })],
      ["holds", "fails", "holds"],
    );
  });
});
