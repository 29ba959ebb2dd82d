/** tlbscope check --workloads: every workload of so many actions a CPU, with no scenario given. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { worldNames } from "../../../src/cli/inputs";
import { tlbscope } from "../../support/command-line";
import { files } from "../../support/machine";

/** What the switch away must do for no flush to miss this CPU: as 831d52bc has it. */
const mended = (text: string): string => {
  const clear = "cpumask_clear_cpu(cpu, mm_cpumask(prev));";
  const without = text.replace(clear, "");
  return without.replace("load_cr3(next->pgd);", `load_cr3(next->pgd);\n\t\t${clear}`);
};

describe("tlbscope check --workloads", () => {
  let folder = "";
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-workloads-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("finds the edition's race with no story given, and keeps the workload as a scenario", async () => {
    const save = path.join(folder, "found.yaml");
    const { status, stdout } = await tlbscope("check", "--workloads", "1", "--order", "sc", "--save", save);
    assert.equal(status, 1);
    assert.match(stdout, /^Every workload of at most 1 action a CPU:\n {2}two-cpus, SC: fails \(/);
    assert.match(stdout, /in this workload: CPU0: schedule B\/1\. CPU1: (munmap page0|reclaim A:page0)\./);
    assert.match(readFileSync(save, "utf8"), /^id: two-cpus-found$/m);
    const again = await tlbscope("check", "--scenario", save, "--order", "sc");
    assert.match(again.stdout, /^two-cpus-found, SC: fails\n {2}stale-translation: /);
  });

  it("says what was covered where nothing fails", async () => {
    const tree = path.join(folder, "tree");
    assert.equal((await tlbscope("edition", tree)).status, 0);
    const header = path.join(tree, files.mmuContext);
    writeFileSync(header, mended(readFileSync(header, "utf8")));
    const { stdout } = await tlbscope("check", tree, "--workloads", "1", "--order", "sc");
    assert.match(stdout, /^ {2}two-cpus, SC: holds \([\d,]+ states, [\d.]+ s\)$/m);
  });

  it("ends when the time is up, and can't say then", async () => {
    const { status, stdout } = await tlbscope("check", "--workloads", "8", "--seconds", "1", "--order", "tso");
    assert.ok(status === 1 || status === 2);
    assert.match(stdout, /not looked at to the end: the time is up|fails/);
  });

  it("refuses what only scenarios have, and numbers that are none", async () => {
    for (const [args, said] of [
      [["--workloads", "1", "--json"], /cannot be used with option/],
      [["--workloads", "none"], /--workloads takes a whole number, not "none"/],
      [["--seconds", "3"], /--seconds is for --workloads/],
      [["--save", "x.yaml"], /--save is for --workloads/],
    ] as const) {
      const { status, stderr } = await tlbscope("check", ...args);
      assert.equal(status, 2);
      assert.match(stderr, said);
    }
  });

  it("looks at several worlds", () =>
    assert.deepEqual([...worldNames()].sort(), ["lives", "no-pcids", "two-cpus", "two-cpus-xen", "two-pages"]));
});
