import assert from "node:assert/strict";
import { ipisAt } from "../../../src/trace/ipis";
import { editionMachine, Player, toy } from "../../support/machine";

const ipis = (p: Player) =>
  ipisAt(p.trace).map(
    (i) =>
      `CPU${i.from}→CPU${i.to} ${i.what}: ` +
      `${i.stage}${i.held ? ", held" : ""}${i.deliver !== undefined ? ", can be delivered" : ""}`,
  );

describe("an interrupt on its way", () => {
  it("goes through its stages: queued, delivered, handled, acknowledged", () => {
    const p = new Player(editionMachine("lazy-return")).to(1, "flush_tlb_others_ipi:86");
    assert.deepEqual(ipis(p), []);
    p.to(1, "flush_tlb_others_ipi:88");
    assert.deepEqual(ipis(p), ["CPU1→CPU0 flush A: queued, can be delivered"]);
    p.move(ipisAt(p.trace)[0].deliver!);
    assert.deepEqual(ipis(p), ["CPU1→CPU0 flush A: delivered"]);
    p.to(0, "smp_invalidate_interrupt:69");
    assert.deepEqual(ipis(p), ["CPU1→CPU0 flush A: handled"]);
    p.to(0, "smp_invalidate_interrupt:71").step(0);
    assert.deepEqual(ipis(p), ["CPU1→CPU0 flush A: acknowledged"]);
    p.actions(1, 1);
    assert.deepEqual(ipis(p), []);
  });

  it("is held while its target has interrupts off", () => {
    const p = new Player(editionMachine("lazy-return")).to(0, "context_switch:3015").to(1, "flush_tlb_others_ipi:88");
    assert.deepEqual(ipis(p), ["CPU1→CPU0 flush A: queued, held"]);
  });

  it("is followed for each target by itself", () => {
    const p = new Player(editionMachine("two-lazy-cpus")).actions(0, 1).actions(1, 1).to(2, "flush_tlb_others_ipi:88");
    assert.deepEqual(ipis(p), [
      "CPU2→CPU0 flush A: queued, can be delivered",
      "CPU2→CPU1 flush A: queued, can be delivered",
    ]);
    p.take(1);
    p.to(1, "smp_invalidate_interrupt:71").step(1);
    assert.deepEqual(ipis(p), ["CPU2→CPU0 flush A: queued, can be delivered", "CPU2→CPU1 flush A: acknowledged"]);
  });

  it("knows where it was sent, also when an earlier state is shown", () => {
    const p = new Player(editionMachine("lazy-return")).to(1, "flush_tlb_others_ipi:88");
    const sent = ipisAt(p.trace)[0].sentAt;
    assert.ok(p.trace.entry(sent).effects.some((e) => e.k === "sendVector"));
    p.trace.goto(sent - 1);
    assert.deepEqual(ipis(p), []);
  });

  it("that is a function call names the function, and is acknowledged when it has returned", () => {
    const p = new Player(
      toy(["smp_call_function(f, &n, 1);", ""], { c: "int n; void f(void *info)\n{\n\tn++;\n}" }),
    ).untilWaits(0);
    assert.deepEqual(ipis(p), ["CPU0→CPU1 call f(n): queued, can be delivered"]);
    p.take(1);
    assert.deepEqual(ipis(p), ["CPU0→CPU1 call f(n): delivered"]);
    p.untilWaits(1);
    assert.deepEqual(ipis(p), ["CPU0→CPU1 call f(n): acknowledged"]);
  });

  it("under Xen is the call of drop_other_mm_ref()", () => {
    const p = new Player(editionMachine("helper-exec-xen")).actions(0, 1).untilWaits(1);
    assert.deepEqual(ipis(p), ["CPU1→CPU0 call drop_other_mm_ref(A): queued, can be delivered"]);
  });
});
