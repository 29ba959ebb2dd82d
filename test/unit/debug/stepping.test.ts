import assert from "node:assert/strict";
import type { PanelState } from "../../../src/panel/messages";
import { atLine60, editionFile, launched, MMU, SCHED, TLB, tree, type Wire } from "./wire";

/** What the machine is like, whatever the history around it. */
const machineOf = ({ view, ipis, properties, sentence, changes }: PanelState) => ({
  view,
  ipis,
  properties,
  sentence,
  changes,
});

/** CPU1 sends its flush and waits for CPU0, which stands at line 60. */
async function flushUnderWay(): Promise<Wire> {
  const w = await atLine60();
  await w.alone(1);
  return w;
}

describe("stepping", () => {
  it("over a line moves only the chosen CPU, and tells what the line did", async () => {
    const w = await atLine60();
    await w.next(0);
    assert.equal(w.stop.reason, "step");
    assert.equal(w.stop.threadId, 1);
    assert.equal(w.stop.text, "CPU0 writes cpu_tlbstate.state = TLBSTATE_OK.");
    assert.deepEqual(w.panel.changes, ["cpu_tlbstate.state of CPU0: TLBSTATE_LAZY → TLBSTATE_OK"]);
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:61");
    assert.deepEqual(await w.stack(1), ["A/2 in user mode lazy-return.yaml:19"]);
  });

  it("back brings the state before, to the last detail", async () => {
    const w = await atLine60();
    const before = machineOf(w.panel);
    await w.next(0);
    assert.notDeepEqual(machineOf(w.panel), before);
    await w.back(0);
    assert.deepEqual(machineOf(w.panel), before);
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
  });

  it("back goes over the calls that over goes over", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(SCHED), line: 3018 } });
    const before = machineOf(w.panel);
    await w.next(0);
    assert.equal((await w.stack(0))[0], "context_switch sched.c:3022");
    assert.equal(
      w.panel.changes[0],
      "cpu_tlbstate.state of CPU0: TLBSTATE_OK → TLBSTATE_LAZY",
      "what the call changed is told",
    );
    await w.back(0);
    assert.equal((await w.stack(0))[0], "context_switch sched.c:3018");
    assert.deepEqual(machineOf(w.panel), before);
  });

  it("into goes into the call, out comes back behind it", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(SCHED), line: 3020 } });
    await w.stepIn(0);
    assert.deepEqual(await w.stack(0), [
      "switch_mm mmu_context.h:36",
      "context_switch sched.c:3020",
      "scenario_schedule environment.c:26",
    ]);
    await w.stepOut(0);
    assert.equal((await w.stack(0))[0], "context_switch sched.c:3022");
  });

  it("by instruction makes one atomic step", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(MMU), line: 63 } });
    const { step } = w.panel;
    await w.next(0, "instruction");
    assert.equal(w.panel.step, step + 1);
    await w.go(() => w.client.stepBackRequest({ threadId: 1, granularity: "instruction" }));
    assert.equal(w.panel.step, step);
  });

  it("offers the calls of a statement as targets, and goes into the chosen one", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(SCHED), line: 3018 } });
    const [frame] = await w.frames(0);
    const { targets } = (await w.client.stepInTargetsRequest({ frameId: frame.id })).body;
    assert.deepEqual(
      targets.map((t) => t.label),
      ["enter_lazy_tlb"],
    );
    await w.go(() => w.client.stepInRequest({ threadId: 1, targetId: targets[0].id }));
    assert.equal((await w.stack(0))[0], "enter_lazy_tlb mmu_context.h:23");
  });

  it("says what a CPU waits for, and what to do, instead of moving another", async () => {
    const w = await flushUnderWay();
    const { step } = w.panel;
    const sentence =
      "CPU1 waits while !cpumask_empty(&f->flush_cpumask). Select another CPU and step it, or press Continue to " +
      "let all CPUs run.";
    await w.next(1);
    assert.equal(w.stop.text, sentence);
    assert.equal(w.panel.notice, sentence);
    assert.equal(w.panel.step, step, "nothing has moved");
    assert.equal(w.panel.view.cpus[1].waits, "waits while !cpumask_empty(&f->flush_cpumask)");
    await w.next(0);
    assert.equal(w.panel.notice, undefined, "the notice goes with the next thing that happens");
  });

  it("says that a CPU is done", async () => {
    const w = await launched({ scenario: "lazy-return", stopOnEntry: false });
    await w.next(1);
    assert.equal(
      w.stop.text,
      "CPU1 has done all that the scenario asks of it. Select another CPU, step back, or restart.",
    );
  });
});

describe("the flush interrupt", () => {
  it("is held while interrupts are off, and says so when it is asked for", async () => {
    const w = await flushUnderWay();
    assert.deepEqual(
      w.panel.ipis.map((i) => [i.from, i.to, i.what, i.stage, i.held, i.deliver]),
      [[1, 0, "flush A", "queued", true, undefined]],
    );
    assert.equal(
      await w.message(() => w.type("deliver")),
      "CPU0 holds its interrupt back: it runs with interrupts off. Step CPU0 until it turns them on.",
    );
  });

  it("is delivered once they are on, as a frame on top, and the sender goes on", async () => {
    const w = await flushUnderWay();
    await w.stepOut(0);
    await w.stepOut(0);
    assert.deepEqual(await w.stack(0), ["A/1 in user mode lazy-return.yaml:16"]);
    const { deliver } = w.panel.ipis[0];
    assert.notEqual(deliver, undefined);
    await w.go(() => w.custom("tlbscope.move", { move: deliver! }));
    assert.equal(
      w.stop.text,
      "CPU0 takes the flush interrupt: smp_invalidate_interrupt() runs on top, interrupts off.",
    );
    assert.deepEqual(await w.stack(0), ["smp_invalidate_interrupt [interrupt] tlb.c:47"]);
    await w.stepOut(0);
    assert.equal(w.panel.ipis[0].stage, "acknowledged");
    assert.deepEqual(await w.stack(0), ["A/1 in user mode lazy-return.yaml:16"]);
    await w.next(1);
    assert.match(w.stop.text!, /^CPU1 tests !cpumask_empty/);
  });
});

describe("continue", () => {
  it("lets all CPUs run to the end, interrupts and all", async () => {
    const w = await flushUnderWay();
    await w.continue();
    assert.match(w.stop.text!, /^All CPUs have done/);
    assert.ok(w.panel.properties.every((p) => p.ok));
    assert.deepEqual(
      w.panel.view.cpus.map((c) => c.mode),
      ["done", "done"],
    );
  });

  it("of one thread runs only that CPU, until it waits", async () => {
    const w = await atLine60();
    await w.alone(1);
    assert.equal((await w.stack(1))[0], "flush_tlb_others_ipi tlb.c:88");
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
    assert.match(w.stop.text!, /^CPU1 waits while/);
  });

  it("goes the recorded way again after going back, then on", async () => {
    const w = await flushUnderWay();
    const { step } = w.panel;
    await w.reverse();
    assert.equal(w.panel.step, 0);
    await w.breakAt(editionFile(MMU), 60);
    await w.continue();
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
    assert.equal(w.panel.last, step, "nothing of the history is lost");
    assert.deepEqual(w.panel.branches, []);
  });

  it("backwards stops at breakpoints, and at the beginning", async () => {
    const w = await launched({ scenario: "lazy-return", stopOnEntry: false });
    await w.breakAt(editionFile(MMU), 60);
    await w.reverse();
    assert.equal(w.stop.reason, "breakpoint");
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
    await w.reverse();
    assert.equal(w.stop.text, "This is the beginning of the history.");
    assert.equal(w.panel.step, 0);
  });

  it("is paused while it runs, and goes on afterwards", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({
        [SCHED]: (t) =>
          t.replace(
            "\tmm = next->mm;",
            "\tif (current->mm != NULL && next->mm == NULL) for (;;) mm = next->mm;\n\tmm = next->mm;",
          ),
      }),
    });
    const told = w.client.waitForEvent("tlbscope.state");
    await w.client.continueRequest({ threadId: 1 });
    assert.equal(
      await w.message(() => w.client.nextRequest({ threadId: 1 })),
      "The CPUs are running. Press Pause first.",
    );
    await w.client.pauseRequest({ threadId: 1 });
    await told;
    assert.match(w.stop.text!, /^Paused after step \d+\.$/);
    const { step } = w.panel;
    await w.next(0);
    assert.ok(w.panel.step > step);
  });
});

describe("jumping", () => {
  it("to a line of the function goes the shortest way there", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(MMU), line: 36 } });
    const { targets } = (await w.client.gotoTargetsRequest({ source: { path: editionFile(MMU) }, line: 63 })).body;
    assert.deepEqual(
      targets.map((t) => t.label),
      ["line 63 of switch_mm"],
    );
    await w.go(() => w.client.gotoRequest({ threadId: 1, targetId: targets[0].id }));
    assert.equal(w.stop.reason, "goto");
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:63");
  });

  it("through another CPU's steps, if the way leads through them", async () => {
    // CPU0 comes to the reload of CR3 only if a flush meets it while it is lazy.
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(SCHED), line: 3030 } });
    const { targets } = (await w.client.gotoTargetsRequest({ source: { path: editionFile(MMU) }, line: 68 })).body;
    await w.go(() => w.client.gotoRequest({ threadId: 1, targetId: targets[0].id }));
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:68");
    assert.ok(
      w.panel.events.length > 0 &&
        w.panel.marks.some((m) => m.label === "CPU0 takes an interrupt: smp_invalidate_interrupt()"),
    );
  });

  it("to a line that can't be reached from here is refused, with what was searched", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(MMU), line: 61 } });
    const { step } = w.panel;
    const { targets } = (await w.client.gotoTargetsRequest({ source: { path: editionFile(MMU) }, line: 40 })).body;
    const why = await w.message(() => w.client.gotoRequest({ threadId: 1, targetId: targets[0].id }));
    assert.match(
      why,
      /^CPU0 doesn't come to line 40 from here: all \d+ states that can follow were searched\. Step back and go from an earlier point, or choose another line\.$/,
    );
    assert.equal((await w.custom("tlbscope.panelState")).step, step);
  });

  it("to the beginning of a frame goes back in the history to where it was entered", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(MMU), line: 63 } });
    const frames = await w.frames(0);
    await w.go(() => w.client.restartFrameRequest({ frameId: frames[0].id }));
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:36");
    await w.go(() => w.client.restartFrameRequest({ frameId: frames[1].id }));
    assert.equal((await w.stack(0))[0], "context_switch sched.c:3004");
    assert.ok(w.panel.step < w.panel.last, "what came after is still there");
  });

  it("restarts an interrupt's frame where the interrupt was taken", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(TLB), line: 69 } });
    const [frame] = await w.frames(0);
    assert.match(frame.name, /^smp_invalidate_interrupt \[interrupt\]$/);
    await w.go(() => w.client.restartFrameRequest({ frameId: frame.id }));
    assert.equal((await w.stack(0))[0], "smp_invalidate_interrupt [interrupt] tlb.c:47");
  });
});
