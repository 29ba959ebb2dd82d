import assert from "node:assert/strict";
import { countsHit } from "../../../src/debug/breakpoints/conditions";
import { Progress } from "../../../src/debug/progress-reporter";
import { Runner } from "../../../src/debug/run/command-runner";
import { baseName, fileKey } from "../../../src/debug/client-sources";
import { kernelName } from "../../../src/debug/launch/kernel-version";
import type { Stop } from "../../../src/trace/stepping";
import { source } from "../../support/kernel";

describe("hit counts", () => {
  const hits = (condition: string | undefined) => [1, 2, 3, 4, 5, 6].filter((n) => countsHit(condition, n) === true);
  it("say at which hits to stop", () => {
    assert.deepEqual(hits(undefined), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(hits("3"), [3]);
    assert.deepEqual(hits("== 3"), [3]);
    assert.deepEqual(hits(">4"), [5, 6]);
    assert.deepEqual(hits(">= 4"), [4, 5, 6]);
    assert.deepEqual(hits("<= 2"), [1, 2]);
    assert.deepEqual(hits("%2"), [2, 4, 6]);
  });
  it("that are none say what they could be", () =>
    assert.deepEqual(countsHit("often", 1), {
      error: '"often" is no hit count: write a number, or one of ==, >, >=, <, <=, % and a number.',
    }));
});

describe("files' names", () => {
  it("are the same for a path and its URI", () => {
    assert.equal(fileKey("file:///home/me/linux%202/kernel/sched.c"), fileKey("/home/me/linux 2/kernel/sched.c"));
    assert.equal(fileKey("file:///c%3A/linux/kernel/sched.c"), fileKey("C:\\linux\\kernel\\sched.c"));
    assert.equal(
      fileKey("vscode-vfs://github/torvalds%2Blinux/a.c"),
      fileKey("vscode-vfs://github/torvalds+linux/a.c"),
    );
  });
  it("are the same for no two files", () =>
    assert.notEqual(fileKey("/a/kernel/sched.c"), fileKey("/b/kernel/sched.c")));
  it("survive a lone percent sign", () => assert.equal(fileKey("/a/100%.c"), "/a/100%.c"));
  it("end in what people call them", () => {
    assert.equal(baseName("/home/me/scenario.yaml"), "scenario.yaml");
    assert.equal(baseName("file:///home/me/my%20scenario.yaml"), "my scenario.yaml");
  });
});

describe("the kernel's name", () => {
  const tree = source("", "kernel/sched.c", "tree");
  it("stands in the Makefile", () => {
    assert.equal(
      kernelName([
        tree,
        source("VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 32\nEXTRAVERSION = .60\nNAME = x\n", "Makefile"),
      ]),
      "Linux 2.6.32.60",
    );
    assert.equal(
      kernelName([tree, source("VERSION = 3\nPATCHLEVEL = 0\nSUBLEVEL = 0\nEXTRAVERSION =\n", "Makefile")]),
      "Linux 3.0.0",
    );
    assert.equal(
      kernelName([tree, source("VERSION = 6\nPATCHLEVEL = 14\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\n", "Makefile")]),
      "Linux 6.14.0-rc2",
    );
  });
  it("is plain without one", () => {
    assert.equal(kernelName([tree]), "kernel tree");
    const of = (...files: [path: string, text: string][]) =>
      kernelName(files.map(([path, text]) => source(text, path, "tree")));
    assert.equal(
      of(
        ["kernel/sched.c", "context_switch(rq)"],
        ["arch/x86/mm/tlb.c", "percpu_read(cpu_tlbstate.state); smp_invalidate_interrupt"],
      ),
      "Linux 2.6.30 to 3.2, by its code",
    );
    assert.equal(
      of(["kernel/sched/core.c", "context_switch(rq)"], ["arch/x86/mm/tlb.c", "flush_tlb_mm_range TLBSTATE_LAZY"]),
      "Linux 3.6 to 4.12, by its code",
    );
    assert.equal(
      of(["kernel/sched/core.c", "context_switch(rq) mmgrab_lazy_tlb(mm)"], ["arch/x86/mm/tlb.c", "inc_mm_tlb_gen"]),
      "Linux 6.4 or later, by its code",
    );
    assert.equal(kernelName([source("", "kernel/sched.c", "edition")]), "built-in edition");
  });
});

describe("progress", () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  it("is shown for work that takes long, and ends", async () => {
    const events: string[] = [];
    const p = new Progress("p", "Searching", (e) => events.push(e.event));
    p.seen(1);
    await wait(320);
    p.seen(2);
    await wait(220);
    p.seen(3);
    p.done();
    assert.deepEqual(events, ["progressStart", "progressUpdate", "progressEnd"]);
  });
  it("is not shown for work that is done at once", () => {
    const events: string[] = [];
    const p = new Progress("p", "Searching", (e) => events.push(e.event));
    p.seen(1);
    p.done();
    assert.deepEqual(events, []);
  });
  it("is told when the work was given up", () => {
    const p = new Progress("p", "Searching", undefined);
    assert.equal(p.givenUp(), false);
    p.cancel();
    assert.equal(p.givenUp(), true);
  });
});

describe("the runner", () => {
  /** A runner whose slices are let go by hand. */
  const byHand = () => {
    const waiting: (() => void)[] = [];
    let moves = 0;
    const runner = new Runner(
      () => moves,
      (f) => waiting.push(f),
    );
    const failures: unknown[] = [];
    return {
      runner,
      failures,
      failed: (e: unknown) => failures.push(e),
      waiting,
      move: () => moves++,
      next: () => waiting.shift()!(),
    };
  };
  const paused: Stop = { k: "paused" };

  it("goes on slice by slice until the command ends", () => {
    const { runner, failed, next } = byHand();
    const stops: Stop[] = [];
    let slices = 0;
    runner.run(
      () => (++slices < 3 ? paused : { k: "step" }),
      (s) => stops.push(s),
      failed,
    );
    assert.deepEqual([slices, stops.length, runner.running], [1, 0, true]);
    next();
    next();
    assert.deepEqual([slices, stops, runner.running], [3, [{ k: "step" }], false]);
  });

  it("stops at the next slice when it is paused", () => {
    const { runner, failed, next } = byHand();
    const stops: Stop[] = [];
    runner.run(
      () => paused,
      (s) => stops.push(s),
      failed,
    );
    runner.pause();
    assert.equal(runner.sliceOver(), true);
    next();
    assert.deepEqual(stops, [paused]);
  });

  it("gives up a command that never ends", () => {
    const { runner, failed, waiting, move, next } = byHand();
    const stops: Stop[] = [];
    runner.run(
      () => {
        for (let i = 0; i < 9_000; i++) move();
        return paused;
      },
      (s) => stops.push(s),
      failed,
    );
    while (waiting.length > 0) next();
    assert.deepEqual(stops, [{ k: "limit", steps: 27_000 }]);
  });

  it("says nothing more of a command that was cancelled", () => {
    const { runner, failed, next } = byHand();
    const stops: Stop[] = [];
    runner.run(
      () => paused,
      (s) => stops.push(s),
      failed,
    );
    runner.cancel();
    next();
    assert.deepEqual(stops, []);
    assert.equal(runner.running, false);
  });

  it("tells of a command that fails, and takes the next one", () => {
    const { runner, failed, failures, next } = byHand();
    let slices = 0;
    runner.run(
      () => {
        if (++slices > 1) throw new Error("no way on");
        return paused;
      },
      () => assert.fail("it has no end"),
      failed,
    );
    next();
    assert.deepEqual([String(failures[0]), runner.running], ["Error: no way on", false]);
  });
});
