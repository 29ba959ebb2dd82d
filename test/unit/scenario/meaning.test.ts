import assert from "node:assert/strict";
import { readScenario } from "../../../src/scenario/read-scenario";
import { complaints, cpu, refused, twoMms } from "./support";

/** The mm H is there for an exec; a script that does not exec it gets a warning about that, which these texts avoid. */
const execH = cpu("heir", "exec: H");
const script = (...does: string[]) => twoMms(cpu("A/1", ...does), execH);

describe("names in a scenario", () => {
  it("that nothing has are shown with the nearest one", () => {
    refused(script("schedule: kwroker"), "kwroker", /no task "kwroker"\. Did you mean "kworker"\?/);
    refused(
      twoMms(cpu("B/2"), execH).replace("does:\n  -", "does: []\n  -"),
      "B/2",
      /no task "B\/2"\. Did you mean "B\/1"\?/,
    );
    refused(
      script("touch: pgae0"),
      "pgae0",
      /Mm "A" has no page "pgae0"\. CPU0 runs "A\/1" here\. Did you mean "page0"\?/,
    );
    refused(script("reclaim: { mm: C, page: page0, pte: store }"), "C", /no mm "C"\..* declared under mms/);
    refused(
      script("reclaim: { mm: B, page: page0, pte: store }"),
      "page0",
      /Mm "B" has no page "page0"\. Known: heap/,
      1,
    );
    refused(script("schedule: B/1", "touch: page0"), "page0", /Mm "B" has no page "page0"\. CPU0 runs "B\/1" here/, 1);
    refused(
      `id: t\nabout: A test.\ntasks: { a: { mm: Z } }\ncpus: [{ starts: a }]\n`,
      "Z",
      /no mm "Z"\. A new one is declared/,
    );
  });

  it("that are there twice", () => {
    refused(script("touch: page0").replace("  B: {", "  A: {"), "A", /"A" is here twice/, 2);
    refused(script("touch: page0").replace("page1]", "page0]"), "page0", /two pages named "page0"/, 1);
  });

  it("that are the kernel's own", () => {
    refused(
      script("touch: page0").replace("kworker", "swapper/0"),
      "swapper/0",
      /own idle task, which needs no declaration/,
    );
    refused(
      `id: t\nabout: A test.\nmms: { init_mm: {} }\ntasks: { a: { mm: init_mm } }\ncpus: [{ starts: a }]\n`,
      "init_mm",
      /always there/,
    );
  });

  it("an mm that nothing uses is a warning, and the scenario can still be run", () => {
    const text = twoMms(cpu("A/1", "touch: page0"));
    assert.deepEqual(complaints(text), [
      'warning: H → Mm "H" is never used. Give it to a task by mm: H, or by the action exec: H.',
    ]);
    assert.ok(readScenario(text).scenario);
  });

  it("such as those of Object.prototype are ordinary", () => {
    const text =
      `id: t\nabout: A test.\nmms: { constructor: { pages: [toString] } }\ntasks: { hasOwnProperty: { mm: ` +
      `constructor } }\ncpus:\n  - starts: hasOwnProperty\n    does:\n      - touch: toString\n`;
    assert.deepEqual(complaints(text), []);
    refused(text.replace("touch: toString", "touch: valueOf"), "valueOf", /has no page "valueOf"/);
    refused(text.replace("starts: hasOwnProperty", "starts: isPrototypeOf"), "isPrototypeOf", /no task/);
  });
});

describe("who runs where", () => {
  it("a task that runs on two CPUs", () => {
    refused(
      twoMms(cpu("A/1", "touch: page0"), cpu("A/1", "touch: page0"), execH),
      "A/1",
      /runs on CPU0 already, and would run on two CPUs at once\. Give CPU1 .* with mm: A/,
      2,
    );
    refused(
      twoMms(cpu("A/1", "schedule: kworker"), cpu("A/2", "schedule: kworker"), execH),
      "kworker",
      /runs on CPU0 already/,
      2,
    );
  });

  it("a CPU's idle task stays on that CPU", () => {
    assert.deepEqual(complaints(script("schedule: swapper/0", "schedule: A/1", "touch: page0")), []);
    refused(
      script("schedule: swapper/1"),
      "swapper/1",
      /idle task of CPU1 and never runs on CPU0\. Write "swapper\/0"/,
    );
    refused(script("schedule: swapper/7"), "swapper/7", /no task "swapper\/7"\. Did you mean "swapper\/0"\?/);
  });

  it("a task that runs already", () => {
    refused(script("schedule: A/1"), "A/1", /CPU0 runs "A\/1" already/, 2);
    refused(script("exit", "schedule: swapper/0"), "swapper/0", /runs "swapper\/0" already/);
  });
});

describe("an action must be one that the running task can do", () => {
  for (const access of ["touch", "munmap", "munmap_table", "mmap"]) {
    it(`${access} needs an mm of its own`, () => {
      refused(
        script("schedule: kworker", `${access}: page0`),
        `${access}: page0`,
        new RegExp(
          `CPU0 runs "kworker" here, a kernel thread, which has no mm of its own to ${access} a page of\\. Schedule`,
        ),
      );
      refused(
        script("exit", `${access}: page0`),
        `${access}: page0`,
        /runs "swapper\/0" here since "A\/1" exited, its idle task, which has no mm/,
      );
    });
  }

  it("munmap_table frees the page table of one page only, and leaves none to map a page again", () => {
    refused(script("munmap_table: page0"), "munmap_table", /"A" has 2 pages, and its page table maps them all/);
    assert.deepEqual(complaints(script("schedule: B/1", "munmap_table: heap")), []);
    refused(
      script("schedule: B/1", "munmap_table: heap", "mmap: heap"),
      "mmap",
      /The page table of "B" is freed by a munmap_table, and a page mapped again would need a new one/,
    );
  });

  it("a kernel thread has one after its exec", () => {
    const text = twoMms(cpu("kworker", "exec: H", "touch: stack")).replace("  H:\n", "  H: { pages: [stack] }\n");
    assert.deepEqual(complaints(text), []);
    refused(
      text.replace("touch: stack", "touch: page0"),
      "page0",
      /Mm "H" has no page "page0"\. CPU0 runs "kworker" here/,
      1,
    );
  });

  it("a user task's exec leaves its old pages behind, also when it comes back", () => {
    assert.deepEqual(complaints(twoMms(cpu("A/1", "exec: H"))), []);
    refused(
      twoMms(cpu("A/1", "exec: H", "schedule: kworker", "schedule: A/1", "touch: page0")),
      "page0",
      /Mm "H" has no page "page0"/,
      1,
    );
  });

  it("an exec makes a new mm", () => {
    refused(
      twoMms(cpu("A/1", "exec: A"), execH),
      "A",
      /exec makes a new mm, and "A" is that of task "A\/\d" already/,
      twoMms(cpu("A/1", "exec: A")).split("A").length - 2,
    );
    refused(twoMms(cpu("A/1", "exec: H"), execH), "H", /"H" is that of the exec on CPU0 already/, 2);
    refused(script("exec: HH"), "HH", /no mm "HH"\. Did you mean "H"\?/);
  });

  it("an exited task does not run again, and the idle task neither exits nor execs", () => {
    refused(script("exit", "schedule: A/1"), "A/1", /"A\/1" has exited before and can't run again/, 2);
    refused(script("exit", "exit"), "exit", /runs its idle task here since "A\/1" exited, which never exits/, 1);
    refused(twoMms(cpu("swapper/0", "exec: H")), "exec: H", /idle task here, which never execs/);
  });

  it("reclaim runs on whatever runs there", () => {
    assert.deepEqual(complaints(script("exit", "reclaim: { mm: B, page: heap, pte: xchg }")), []);
  });

  it("one unknown task is one problem, whatever it is asked to do", () => {
    refused(script("schedule: zzz", "touch: page0", "munmap: nothing"), "zzz", /no task "zzz"/);
  });
});
