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

const workloads = (...args: string[]) => tlbscope("check", "--no-scenarios", ...args);

describe("tlbscope check --workloads", () => {
  let folder = "";
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-workloads-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("finds the edition's race with no story given, and keeps the workload as a scenario", async () => {
    const save = path.join(folder, "found.yaml");
    const { status, stdout } = await workloads("--workloads", "1", "--order", "sc", "--save", save);
    assert.equal(status, 1);
    assert.match(stdout, /^Every workload of at most 1 action a CPU, the shortest first:$/m);
    assert.match(stdout, /^ {2}two-cpus, SC, 1 action a CPU: fails \(/m);
    assert.match(stdout, /in this workload: CPU0: schedule B\/1\. CPU1: (munmap page0|reclaim A:page0)\./);
    const text = readFileSync(save, "utf8");
    const id = /^id: (\S+-found)$/m.exec(text)![1];
    const again = await tlbscope("check", "--scenario", save, "--order", "sc");
    assert.ok(again.stdout.startsWith(`${id}, SC: fails\n  stale-translation: `), again.stdout);
  });

  it("says what was covered where nothing fails", async () => {
    const tree = path.join(folder, "tree");
    assert.equal((await tlbscope("edition", tree)).status, 0);
    const header = path.join(tree, files.mmuContext);
    writeFileSync(header, mended(readFileSync(header, "utf8")));
    const { stdout } = await workloads(tree, "--workloads", "1", "--order", "sc");
    assert.match(stdout, /^ {2}two-cpus, SC, 1 action a CPU: holds \([\d,]+ states, [\d.]+ s\)$/m);
    assert.match(stdout, /^No workload of at most 1 action a CPU breaks a promise in [^;]*two-cpus/m);
  });

  it("ends when the time is up, and says what was not looked at", async () => {
    const { status, stdout } = await workloads("--workloads", "8", "--seconds", "1", "--order", "tso");
    assert.ok(status === 1 || status === 2);
    assert.match(stdout, /^Longer workloads were not looked at to the end: give it more --seconds\.$/m);
  });

  it("comes after the scenarios, whose verdicts stand whatever the time allows", async () => {
    const { stdout } = await tlbscope("check", "--order", "sc", "--workloads", "1", "--seconds", "1");
    const scenarios = stdout.indexOf("\nunmap-table, SC: holds"),
      worlds = stdout.indexOf("\nEvery workload of at most 1 action a CPU, the shortest first, for at most 1 s:");
    assert.ok(scenarios > 0 && worlds > scenarios, stdout);
  });

  it("goes into the reports that other programs read", async () => {
    const json = await workloads("--workloads", "1", "--order", "sc", "--json");
    const verdicts = JSON.parse(json.stdout) as { scenario: string; outcome: string; actions: number }[];
    const failing = verdicts.find((v) => v.scenario === "two-cpus")!;
    assert.deepEqual([failing.outcome, failing.actions], ["fails", 1]);
    const { stdout } = await workloads("--workloads", "1", "--order", "sc", "--junit");
    assert.match(stdout, /<testsuite name="two-cpus sc"[^>]* failures="1"/);
  });

  it("is left out where scenarios are named, or none are wanted", async () => {
    for (const args of [
      ["--scenario", "lazy-return", "--order", "sc"],
      ["--workloads", "0", "--order", "sc"],
    ]) {
      const { stdout } = await tlbscope("check", ...args);
      assert.doesNotMatch(stdout, /Every workload of at most \d actions? a CPU, the shortest/);
    }
  });

  it("refuses numbers that are none, and what has no effect", async () => {
    for (const [args, said] of [
      [["--workloads", "none"], /--workloads takes a whole number, from 0 on, not "none"/],
      [["--scenario", "lazy-return", "--seconds", "3"], /--seconds is for workloads: give --workloads, too/],
      [["--workloads", "0", "--save", "x.yaml"], /--save is for workloads/],
      [["--no-scenarios", "--workloads", "0"], /nothing to look at/],
      [["--no-scenarios", "--scenario", "lazy-return"], /cannot be used with option/],
    ] as const) {
      const { status, stderr } = await tlbscope("check", ...args);
      assert.equal(status, 2);
      assert.match(stderr, said);
    }
  });

  it("looks at several worlds", () =>
    assert.deepEqual([...worldNames()].sort(), ["lives", "no-pcids", "two-cpus", "two-cpus-xen", "two-pages"]));
});
