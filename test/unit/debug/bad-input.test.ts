/** Launches and requests that can't be met. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { builtInScenario, editionFile, folder, launched, MMU, refusal, scenarioFile, tree } from "./wire";

describe("a launch is refused, and says what to do,", () => {
  it("without a scenario", async () => {
    assert.equal(
      await refusal({}),
      'The launch configuration names no scenario. Give one, for instance "scenario": "lazy-return".',
    );
  });

  it("with a scenario that isn't there", async () => {
    assert.equal(
      await refusal({ scenario: "lazy-retrn" }),
      'There is no scenario lazy-retrn: it is neither a built-in one nor a file. Did you mean "lazy-return"?',
    );
  });

  it("with a scenario that names an unknown task, at its place", async () => {
    const scenario = scenarioFile(builtInScenario("lazy-return").replace("schedule: kworker", "schedule: kworkr"));
    assert.equal(
      await refusal({ scenario }),
      'scenario.yaml:14: There is no task "kworkr". Did you mean "kworker"? A new one is declared under tasks.',
    );
  });

  it("with a folder that is no kernel tree", async () => {
    assert.match(
      await refusal({ scenario: "lazy-return", tree: "/nowhere/at/all" }),
      /^\/nowhere\/at\/all is no folder\. Give the top folder of a kernel tree/,
    );
    assert.match(
      await refusal({ scenario: "lazy-return", tree: folder() }),
      /holds none of the files of the protocol, such as kernel\/sched\.c/,
    );
  });

  it("at a line of a file without these functions", async () => {
    const why = await refusal({ scenario: "lazy-return", stopAt: { file: "/tmp/hello.c", line: 3 } });
    assert.match(
      why,
      /^\/tmp\/hello\.c takes no part in the simulation: it holds none of the functions that the scenario lazy-return leads to\. Open the file of the protocol that you mean/,
    );
  });

  it("at a line that no execution of the scenario reaches, with what was searched", async () => {
    const why = await refusal({ scenario: "lazy-return", stopAt: { file: editionFile(MMU), line: 40 } });
    assert.match(
      why,
      /^No execution of the scenario lazy-return comes to arch\/x86\/include\/asm\/mmu_context\.h:40: all \d+ states of it were searched\. Try another scenario\.$/,
    );
  });

  it("with a function that calls itself", async () => {
    const root = tree({
      [MMU]: (t) => t.replace("BUG_ON(percpu_read(cpu_tlbstate.active_mm) != next);", "switch_mm(prev, next, tsk);"),
    });
    assert.match(
      await refusal({ scenario: "lazy-return", tree: root }),
      /switch_mm\(\) calls switch_mm\(\): TLBscope can't run functions that call themselves\. Write the recursion as a loop/,
    );
  });
});

describe("requests that make no sense", () => {
  it("are answered in words", async () => {
    const w = await launched({ scenario: "lazy-return" });
    assert.equal(
      await w.message(() => w.client.stackTraceRequest({ threadId: 7 })),
      "There is no thread 7: this scenario has 2 CPUs, threads 1 to 2.",
    );
    assert.deepEqual(
      (await w.client.variablesRequest({ variablesReference: 4711 })).body.variables,
      [],
      "values of a step that is no longer shown",
    );
    assert.equal(
      await w.message(() => w.client.restartFrameRequest({ frameId: 1000 })),
      "This CPU runs nothing of the kernel now, so there is no frame to restart. Step back instead.",
    );
    assert.equal(
      await w.message(() => w.client.exceptionInfoRequest({ threadId: 1 })),
      "Nothing is broken at this step.",
    );
    assert.equal(
      await w.message(() => w.custom("tlbscope.selectCpu", { cpu: 9 })),
      "There is no CPU9 in this scenario.",
    );
    assert.equal(
      await w.message(() => w.custom("tlbscope.branch", { id: 9 }).then(() => w.message(() => Promise.resolve()))),
      "This was to be refused, and was not.",
    );
  });

  it("an empty scenario file says what to write", async () => {
    const file = path.join(folder(), "empty.yaml");
    writeFileSync(file, "");
    assert.equal(
      await refusal({ scenario: file }),
      "empty.yaml:1: This file is empty. Write a scenario: id, about, mms, tasks and cpus.",
    );
  });
});
