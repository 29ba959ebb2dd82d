import assert from "node:assert/strict";
import { atLine60, launched } from "./wire";

describe("requests of the panel", () => {
  it("selecting a CPU focuses its thread, unless the editor did that", async () => {
    const w = await atLine60();
    await w.go(() => w.custom("tlbscope.selectCpu", { cpu: 1 }));
    assert.equal(w.panel.selectedCpu, 1);
    assert.equal(w.stop.threadId, 2);
    let stops = 0;
    w.client.on("stopped", () => stops++);
    await w.go(() => w.custom("tlbscope.selectCpu", { cpu: 0, focus: false }));
    assert.equal(w.panel.selectedCpu, 0);
    assert.equal(stops, 0);
  });

  it("goes about in the history by atomic steps", async () => {
    const w = await atLine60();
    const { step } = w.panel;
    await w.go(() => w.custom("tlbscope.stepBack"));
    assert.equal(w.panel.step, step - 1);
    await w.go(() => w.custom("tlbscope.stepForward"));
    assert.equal(w.panel.step, step);
    await w.go(() => w.custom("tlbscope.stepForward"));
    assert.equal(w.panel.notice, "This is the last step of the history. Step or continue to go on.");
    await w.go(() => w.custom("tlbscope.goto", { step: 0 }));
    assert.equal(w.panel.step, 0);
    assert.equal(w.panel.last, step);
  });

  it("makes a move, or tells in the panel why it can't be made", async () => {
    const w = await atLine60();
    const moves = await w.custom("tlbscope.moves");
    assert.deepEqual(
      moves.map((m) => [m.kind, m.cpu, m.label]),
      [
        ["step", 0, "Step CPU0"],
        ["step", 1, "Step CPU1"],
        ["fill", 0, "Fill CPU0's TLB with A:page0"],
        ["fill", 1, "Fill CPU1's TLB with A:page0"],
      ],
    );
    const fill = moves.find((m) => m.kind === "fill")!.move;
    await w.go(() => w.custom("tlbscope.move", { move: fill }));
    assert.match(w.panel.sentence, /^CPU0 fills its TLB/);
    await w.go(() => w.custom("tlbscope.move", { move: fill }));
    assert.match(
      w.panel.notice!,
      /^"Fill CPU0's TLB with A:page0" isn't possible at step \d+\. Step on, or go to the step of the history at which it was offered\.$/,
    );
  });

  it("keeps every history that was left, also those that forked further on", async () => {
    const w = await launched({ scenario: "lazy-return" });
    for (let i = 0; i < 8; i++) await w.next(0, "instruction");
    await w.go(() => w.custom("tlbscope.goto", { step: 6 }));
    await w.next(1, "instruction");
    await w.go(() => w.custom("tlbscope.goto", { step: 2 }));
    await w.next(1, "instruction");
    assert.deepEqual(
      w.panel.branches.map((b) => [b.label, b.length]),
      [
        ["from step 6: CPU0 went on", 8],
        ["from step 2: CPU0 went on", 7],
      ],
    );
    await w.go(() => w.custom("tlbscope.branch", { id: w.panel.branches[0].id }));
    assert.equal(w.panel.step, 8);
    assert.deepEqual(
      w.panel.events.map((e) => e.cpu).filter((c) => c === 1),
      [],
      "it is the first history again, which CPU0 went alone",
    );
    assert.deepEqual(
      w.panel.branches.map((b) => b.length),
      [7, 3],
    );
  });

  it("finds where a value was last written, and moves nothing", async () => {
    const w = await atLine60();
    const { step } = w.panel;
    const state = w.panel.view.cpus[0].perCpu.find((v) => v.name === "cpu_tlbstate.state")!;
    const last = await w.custom("tlbscope.lastWrite", { cell: state.cell });
    assert.equal(last.place?.fn, "enter_lazy_tlb");
    assert.equal(last.place?.line, 24);
    assert.match(last.sentence, /writes cpu_tlbstate\.state = TLBSTATE_LAZY/);
    const mask = w.panel.view.mms[0].cpumaskCell;
    assert.deepEqual(await w.custom("tlbscope.lastWrite", { cell: mask, bit: 0 }), {
      sentence: "mm_cpumask(A) still has the value that it began with.",
    });
    assert.equal((await w.custom("tlbscope.panelState")).step, step);
  });

  it("finds where one CPU's bit of a mask was last written", async () => {
    const w = await launched({ scenario: "lazy-return", stopOnEntry: false });
    const mask = w.panel.view.mms[0].cpumaskCell;
    assert.equal((await w.custom("tlbscope.lastWrite", { cell: mask, bit: 0 })).place?.line, 63);
    assert.equal((await w.custom("tlbscope.lastWrite", { cell: mask, bit: 1 })).place, undefined);
  });

  it("tells each CPU's next place, for marks in the editor", async () => {
    const w = await atLine60();
    const places = await w.custom("tlbscope.places");
    assert.deepEqual(
      places.map((p) => [p.cpu, p.task, p.place?.fn, p.place?.line]),
      [
        [0, "kworker", "switch_mm", 60],
        [1, "A/2", "munmap page0", 19],
      ],
    );
  });

  it("tells which functions the program has", async () => {
    const w = await atLine60();
    const { kernel, functions } = await w.custom("tlbscope.program");
    assert.equal(kernel, "built-in edition");
    assert.ok(functions.some((f) => f.name === "switch_mm" && f.line === 33 && f.uri.endsWith("mmu_context.h")));
    assert.deepEqual(await w.custom("tlbscope.diagnostics"), []);
  });

  it("marks what matters in the history", async () => {
    const w = await launched({ scenario: "lazy-return", stopOnEntry: false });
    assert.deepEqual(
      w.panel.marks.map((m) => m.label),
      [
        "CPU0 begins: schedule kworker",
        "CPU1 begins: munmap page0",
        "CPU0 switches to kworker",
        "CPU1 sends the flush interrupt to CPU0",
        "CPU0 takes an interrupt: smp_invalidate_interrupt()",
        "CPU0 begins: schedule A/1",
        "CPU0 switches to A/1",
        "CPU0 begins: touch page0",
      ],
    );
  });
});
