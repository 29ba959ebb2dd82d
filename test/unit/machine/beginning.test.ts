/** The state that a scenario begins in. */
import assert from "node:assert/strict";
import { editionMachine, read, shown } from "../../support/machine";

describe("the beginning of a scenario", () => {
  it("is brought about by the kernel's own code: each CPU on its task, with the mask, state and CR3 to match", () => {
    const m = editionMachine("switch-away");
    const { state, violations } = m.initial();
    assert.deepEqual(violations, []);
    assert.deepEqual(
      [
        "CPU0's current",
        "CPU1's current",
        "CPU0's CR3",
        "CPU1's CR3",
        "mm_cpumask(A)",
        "mm_cpumask(B)",
        "CPU0's cpu_tlbstate.state",
        "CPU0's cpu_tlbstate.active_mm",
        "A.mm_users",
        "A.mm_count",
        "B.mm_users",
        "A:page0",
        "B:page0",
        "CPU0's interrupt flag",
      ].map((n) => shown(m, state, n)),
      [
        "A/1",
        "A/2",
        "A's page tables",
        "A's page tables",
        "CPU0, CPU1",
        "none",
        "TLBSTATE_OK",
        "A",
        "2",
        "1",
        "1",
        "frame1",
        "frame2",
        "interrupts on",
      ],
    );
    assert.equal(read(m, state, "swapper/0.active_mm"), 0, "the idle task has given init_mm back");
    assert.equal(shown(m, state, "init_mm.mm_count"), "1", "and its reference with it");
  });

  it("has the races of that code, too: what goes wrong on the way is told", () => {
    const m = editionMachine("switch-away", {
      "kernel/sched.c": (t) => t.replace("switch_mm(oldmm, mm, next);", "BUG();"),
    });
    assert.match(
      m
        .initial()
        .violations.map((v) => v.why)
        .join("\n"),
      /CPU0 reaches BUG\(\) in context_switch\(\)/,
    );
  });
});
