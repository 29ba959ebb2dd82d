/** The bound on memory, where a single state takes much of it. */
import assert from "node:assert/strict";
import { Search } from "../../../src/check/search/search";
import { checkNow } from "../../../src/check/verdict/verdict";
import type { Machine } from "../../../src/machine/machine";
import { editionMachine, scenarioOf } from "../../support/machine";

const MiB = 1024 * 1024;

/** Each of four CPUs may fill its TLB with each of `pages` pages, at any moment. */
const wide = (pages: number): Machine => {
  const list = Array.from({ length: pages }, (_, i) => `page${i}`).join(", ");
  const tasks = [1, 2, 3, 4];
  return editionMachine(
    scenarioOf(`id: wide
about: Pages that may be filled.
mms:
  A: { pages: [${list}] }
tasks:
${tasks.map((n) => `  A/${n}: { mm: A }`).join("\n")}
cpus:
${tasks.map((n) => `  - starts: A/${n}\n    does: [{ touch: page0 }]`).join("\n")}
`),
  );
};

describe("the bound on memory", () => {
  it("is kept where the successors of a few hundred states fill it several times over", () => {
    const bound = 32 * MiB;
    const search = new Search(wide(250), { maxBytes: bound });
    search.run();
    assert.equal(search.end, "too much memory");
    assert.ok(search.progress.bytes < bound + 64 * MiB, `${Math.round(search.progress.bytes / MiB)} MiB`);
  });

  it("ends a check with what is known so far", () => {
    const verdict = checkNow(wide(100), { maxBytes: 8 * MiB, walks: 0 });
    assert.deepEqual([verdict.outcome, verdict.end], ["unknown", "too much memory"]);
  });
});
