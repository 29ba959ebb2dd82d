import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";
import { propertyIds } from "../../../src/machine/effects";
import { editionFile, launched, MMU, SCHED, TLB, tree, type Wire } from "./wire";

const mmu = editionFile(MMU);
const start = (): Promise<Wire> => launched({ scenario: "lazy-return" });

describe("line breakpoints", () => {
  it("stand on their line, or on the next step below it in the function", async () => {
    const w = await start();
    assert.deepEqual(await w.breakAt(mmu, 60, 33, 41, 58), ["60", "33 → 36", "41 → 44", "58 → 60"]);
  });

  it("say why they can't be hit", async () => {
    const w = await start();
    assert.deepEqual(await w.breakAt(mmu, 5, 73), [
      "No step stands on line 5: it is outside of every function. Set the breakpoint on a statement.",
      "No step stands on line 73, nor below it in switch_mm(). Set the breakpoint on a statement further up.",
    ]);
    assert.match((await w.breakAt(editionFile("kernel/sched.h"), 5))[0], /^This file takes no part in the simulation/);
    assert.deepEqual(await w.breakAt(editionFile("arch/x86/xen/mmu.c"), 31), [
      "drop_other_mm_ref() takes no part in this simulation: nothing that the scenario asks for leads to it. Try " +
        "another scenario.",
    ]);
  });

  it("stop the CPU that comes to them, whichever it is", async () => {
    const w = await start();
    await w.breakAt(editionFile(TLB), 86);
    await w.continue();
    assert.equal(w.stop.reason, "breakpoint");
    assert.equal(w.stop.threadId, 2);
    assert.equal(w.panel.selectedCpu, 1);
    assert.equal((await w.stack(1))[0], "flush_tlb_others_ipi tlb.c:86");
  });

  it("stop once for each time that the line is come to, not for each atomic step of it", async () => {
    const w = await start();
    await w.breakAt(mmu, 38, 60);
    await w.continue();
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:38");
    await w.continue();
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
  });

  it("stop a step over a call that comes to them", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(SCHED), line: 3020 } });
    await w.breakAt(mmu, 60);
    await w.next(0);
    assert.equal(w.stop.reason, "breakpoint");
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
  });

  it("in the scenario's file stop where a CPU is asked for something", async () => {
    const w = await start();
    const file = path.join(packageRoot(), "walkthroughs/scenarios/lazy-return.yaml");
    assert.deepEqual(await w.breakAt(file, 15, 99), [
      "15",
      "No CPU is asked to do anything on line 99 or below it. Set the breakpoint on an action.",
    ]);
    await w.continue();
    assert.equal(w.stop.text, "CPU0 is asked to schedule A/1.");
  });
});

describe("conditions of breakpoints", () => {
  it("are C expressions, evaluated where the breakpoint stands", async () => {
    const w = await start();
    await w.breakAt(editionFile(SCHED), { line: 3015, condition: "mm != 0" });
    await w.continue();
    assert.equal((await w.stack(0))[0], "context_switch sched.c:3015");
    assert.equal(await w.value("mm"), "A");
    assert.equal(await w.value("prev"), "kworker");
  });

  it("that can't be worked out stop, and say why", async () => {
    const w = await start();
    await w.breakAt(mmu, { line: 60, condition: "prev ==" });
    await w.continue();
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
    assert.match(w.panel.notice!, /^The condition prev == can't be worked out: /);
  });

  it("count hits", async () => {
    const w = await start();
    await w.breakAt(editionFile(SCHED), { line: 3006, hitCondition: "2" });
    await w.continue();
    assert.equal(await w.value("prev"), "kworker", "the first time, A/1 was prev");
  });

  it("may be messages instead, with values in braces", async () => {
    const w = await start();
    await w.breakAt(editionFile(SCHED), { line: 3015, logMessage: "from {prev} to {next}, mm {mm}" });
    await w.continue();
    assert.deepEqual(w.console.slice(0, 2), ["from A/1 to kworker, mm NULL", "from kworker to A/1, mm A"]);
    assert.match(w.stop.text!, /^All CPUs have done/);
  });
});

describe("function breakpoints", () => {
  it("stop where the function is entered, also as an interrupt", async () => {
    const w = await start();
    const set = (
      await w.client.setFunctionBreakpointsRequest({
        breakpoints: [{ name: "smp_invalidate_interrupt" }, { name: "leave_m" }],
      })
    ).body.breakpoints;
    assert.equal(set[0].line, 47);
    assert.equal(set[1].verified, false);
    assert.equal(set[1].message, 'leave_m() takes no part in this simulation. Did you mean "leave_mm"?');
    await w.continue();
    assert.equal(w.stop.reason, "function breakpoint");
    assert.deepEqual(w.stop.hitBreakpointIds, [set[0].id]);
    assert.equal((await w.stack(0))[0], "smp_invalidate_interrupt [interrupt] tlb.c:47");
  });
});

describe("data breakpoints", () => {
  const watch = async (w: Wire, name: string, accessType: "write" | "read" = "write"): Promise<void> => {
    const { dataId } = (await w.client.dataBreakpointInfoRequest({ name })).body;
    await w.client.setDataBreakpointsRequest({ breakpoints: [{ dataId: dataId!, accessType }] });
  };

  it("stop when an mm's cpumask changes, and say how", async () => {
    const w = await start();
    await watch(w, "mm_cpumask(A)");
    await w.continue();
    assert.equal(w.stop.reason, "data breakpoint");
    assert.equal(w.stop.text, "mm_cpumask(A): CPU0, CPU1 → CPU1");
    assert.equal((await w.stack(0))[0], "leave_mm tlb.c:41");
  });

  it("stand on what the Variables view shows: CR3, a TLB entry, a page frame", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: mmu, line: 60 } });
    const cpu = await w.variables(0, "This CPU");
    const info = (await w.client.dataBreakpointInfoRequest({ variablesReference: cpu.reference, name: "CR3" })).body;
    assert.equal(info.description, "CPU0's CR3");
    const frames = await w.variables(0, "Machine", "frames");
    const frame = (await w.client.dataBreakpointInfoRequest({ variablesReference: frames.reference, name: "frame1" }))
      .body;
    await w.client.setDataBreakpointsRequest({ breakpoints: [{ dataId: info.dataId! }, { dataId: frame.dataId! }] });
    await w.continue();
    assert.equal(w.stop.text, "frame1: in use → freed");
  });

  it("stop on reads, too", async () => {
    const w = await start();
    await watch(w, "CPU0's cpu_tlbstate.state", "read");
    await w.continue();
    assert.equal(w.stop.text, "CPU0's cpu_tlbstate.state is read: TLBSTATE_OK");
  });

  it("stay where they are when the source is another one after a restart", async () => {
    const root = tree();
    const w = await launched({ scenario: "lazy-return", tree: root });
    await watch(w, "mm_cpumask(A)");
    const sched = path.join(root, SCHED);
    // A further field of task_struct moves everything that stands behind it in the machine's memory.
    writeFileSync(
      sched,
      readFileSync(sched, "utf8").replace("\tmm = next->mm;", "\tnext->state = 0;\n\tmm = next->mm;"),
    );
    await w.go(() => w.client.restartRequest({}));
    await w.continue();
    assert.equal(w.stop.text, "mm_cpumask(A): CPU0, CPU1 → CPU1");
  });

  it("are refused for what has no lasting place, saying what to choose", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: mmu, line: 60 } });
    const locals = await w.variables(0, "Locals");
    const info = (await w.client.dataBreakpointInfoRequest({ variablesReference: locals.reference, name: "cpu" })).body;
    assert.equal(info.dataId, null);
    assert.equal(
      info.description,
      "cpu lives on a stack, and only while its function runs: choose a value that stays, such as " +
        "cpu_tlbstate.state or mm_cpumask(A).",
    );
  });
});

describe("exception breakpoints", () => {
  /** Without line 63's reload, the task comes back to user mode on the wrong page tables. */
  const withoutReload = () =>
    tree({ [MMU]: (t) => t.replace("if (!cpumask_test_and_set_cpu(cpu, mm_cpumask(next))) {", "if (0) {") });

  it("are one for each property, all on at first", async () => {
    const w = await start();
    const filters = (await w.client.initializeRequest()).body!.exceptionBreakpointFilters!;
    assert.deepEqual(
      filters.map((f) => f.filter),
      propertyIds,
    );
    assert.ok(filters.every((f) => f.default));
  });

  it("stop where a promise is broken, and say why", async () => {
    const w = await launched({ scenario: "lazy-return", tree: withoutReload(), stopOnEntry: false });
    assert.equal(w.stop.reason, "exception");
    assert.equal(w.stop.description, "Broken: own page tables.");
    assert.equal(w.stop.text, "A/1 is in user mode on CPU0, but CR3 points at swapper_pg_dir, not at A's page tables.");
    const info = (await w.client.exceptionInfoRequest({ threadId: 1 })).body;
    assert.equal(info.exceptionId, "Broken: own page tables");
    assert.equal(info.description, w.stop.text);
    assert.equal(info.details?.fullTypeName, "A task in user mode runs on its own mm's page tables.");
    assert.deepEqual(
      w.panel.properties.filter((p) => !p.ok).map((p) => [p.id, p.failedAt]),
      [["own-page-tables", w.panel.step]],
    );
    assert.ok(w.panel.marks.some((m) => m.failed && m.at === w.panel.step));
  });

  it("that are switched off let the run go on", async () => {
    const w = await launched({ scenario: "lazy-return", tree: withoutReload(), stopOnEntry: false }, (x) =>
      x.client.setExceptionBreakpointsRequest({ filters: ["bug"] }),
    );
    assert.match(w.stop.text!, /^All CPUs have done/);
    assert.deepEqual(
      w.panel.properties.filter((p) => !p.ok).map((p) => p.id),
      ["own-page-tables"],
    );
  });
});
