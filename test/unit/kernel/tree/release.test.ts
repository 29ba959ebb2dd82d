/** Which release a tree is of, and what that means for what can be said of it. */
import assert from "node:assert/strict";
import { checkNow } from "../../../../src/check/verdict/verdict";
import { releaseOf, tooOld } from "../../../../src/kernel/tree/release";
import { edition, source } from "../../../support/kernel";
import { machineOf } from "../../../support/machine";

const makefile = (version: number, patchlevel: number, sublevel?: number, extra = "") =>
  source(
    `# A comment\nVERSION = ${version}\nPATCHLEVEL = ${patchlevel}\n` +
      `SUBLEVEL = ${sublevel ?? ""}\nEXTRAVERSION = ${extra}\nNAME = x\n`,
    "Makefile",
    "build",
  );
const code = (text: string) => source(text, "arch/x86/mm/tlb.c", "tree");

describe("a tree's release", () => {
  it("stands in its Makefile", () => {
    assert.equal(releaseOf([makefile(2, 6, 32, ".60")]), "2.6.32.60");
    assert.equal(releaseOf([makefile(7, 1)]), "7.1");
    assert.equal(releaseOf([code("")]), undefined);
    assert.equal(releaseOf([source("all:\n", "Makefile", "build")]), undefined);
  });
  it("is before the range that is modelled, or within it", () => {
    for (const [version, old] of [
      [makefile(2, 6, 29, ".6"), "Linux 2.6.29.6"],
      [makefile(2, 4, 37), "Linux 2.4.37"],
      [makefile(2, 6, 30), undefined],
      [makefile(2, 6, 32, "-754.el6"), undefined],
      [makefile(3, 0), undefined],
      [makefile(7, 1, 5), undefined],
    ] as const)
      assert.equal(tooOld([version, code("")]), old);
  });
  it("is told from the code where there is no Makefile, and the Makefile goes before the code", () => {
    assert.equal(tooOld([code("x86_write_percpu(a, x86_read_percpu(b));")]), "Linux 2.6.29 or earlier, by its code");
    assert.equal(tooOld([code("if (read_pda(mmu_state) == 1)")]), "Linux 2.6.29 or earlier, by its code");
    assert.equal(tooOld([code("x86_read_percpu(b);"), makefile(2, 6, 31)]), undefined);
    assert.equal(tooOld([code("x86_read_percpu(b); percpu_read(c)")]), undefined, "a backport");
    assert.equal(tooOld(edition()), undefined);
  });
  it("decides what can be said: nothing firm of one that is too old, in words that name the range", () => {
    const verdict = (...files: ReturnType<typeof source>[]) =>
      checkNow(machineOf([...edition(), ...files], "lazy-return"));
    const old = verdict(makefile(2, 6, 18));
    assert.equal(old.outcome, "unknown");
    assert.match(old.restsOn[0].message, /^This is Linux 2\.6\.18: .* from 2\.6\.30 to 7\.1/);
    assert.equal(verdict(makefile(2, 6, 37)).outcome, "holds");
    const failing = checkNow(machineOf([...edition(), makefile(2, 6, 18)], "switch-away"));
    assert.equal(failing.outcome, "unknown");
  });
});
