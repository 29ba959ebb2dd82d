import assert from "node:assert/strict";
import { transcript } from "../../support/transcript";
import { golden } from "../../support/golden";
import { editionMachine, Player } from "../../support/machine";

/** CPU0 has used its page: the translation is in its TLB. */
function started(id: string): Player {
  const p = new Player(editionMachine(id));
  p.fill(0);
  return p;
}

/** The transcript of what `play` does. */
function of(p: Player, play: (p: Player) => void): string {
  const first = p.trace.cursor + 1;
  play(p);
  return transcript(p.trace, { from: first });
}

describe("the golden transcripts: CPU0 goes", () => {
  it("from a user to a kernel thread", () =>
    golden(
      "user-to-kernel-thread",
      of(started("lazy-return"), (p) => p.actions(0, 1)),
    ));
  it("from a kernel thread back to the same user", () =>
    golden(
      "kernel-thread-to-same-user",
      of(started("lazy-return").actions(0, 1), (p) => p.actions(0, 2)),
    ));
  it("from a kernel thread to another user", () =>
    golden(
      "kernel-thread-to-other-user",
      of(started("other-user").actions(0, 1), (p) => p.actions(0, 2)),
    ));
  it("from a user to another user, who has an LDT", () =>
    golden(
      "user-to-user",
      of(started("user-to-user"), (p) => p.actions(0, 1)),
    ));
});

describe("the golden transcripts: CPU0 comes back from a kernel thread, and the flush interrupt arrives", () => {
  /** CPU0 runs the kernel thread; on CPU1, munmap is about to send the interrupt. */
  const sending = () => started("lazy-return").actions(0, 1).to(1, "flush_tlb_others_ipi:86");

  /**
   * CPU0 gets to a line of switch_mm with interrupts off, the interrupt is sent, and it is taken when they are on
   * again.
   */
  const heldAt = (line: number) =>
    of(sending(), (p) => {
      p.to(0, `switch_mm:${line}`).step(1);
      p.untilWaits(1).to(0, "finish_task_switch:2991").take(0);
      p.untilWaits(0).actions(1, 1);
    });

  it("while it is lazy, before the switch begins", () =>
    golden(
      "ipi-while-lazy",
      of(sending(), (p) => {
        p.step(1);
        p.untilWaits(1).take(0);
        p.to(0, "smp_invalidate_interrupt:71").step(0);
        p.actions(1, 1).actions(0, 3);
      }),
    ));
  it("before line 60", () => golden("ipi-before-line-60", heldAt(60)));
  it("between lines 60 and 63", () => golden("ipi-between-lines-60-and-63", heldAt(61)));
  it("after line 63", () =>
    golden(
      "ipi-after-line-63",
      of(sending(), (p) => {
        p.to(0, "switch_mm:63").to(0, "context_switch:3022").step(1);
        p.untilWaits(1).to(0, "finish_task_switch:2991").take(0);
        p.untilWaits(0).actions(1, 1);
      }),
    ));
});

describe("a transcript", () => {
  it("leaves the trace where it was", () => {
    const p = started("lazy-return").actions(0, 1);
    p.trace.goto(4);
    const text = transcript(p.trace);
    assert.equal(p.trace.cursor, 4);
    assert.equal(text.split("\n").length, 2 + 1 + 1 + 2 * p.trace.last + 1);
  });

  it("has a line for each broken promise", () => {
    const p = started("switch-away").to(0, "switch_mm:44").actions(1, 1);
    assert.match(
      transcript(p.trace),
      /^ +! stale-translation: CPU1 frees frame1 while CPU0's TLB still holds A:page0 → frame1\.$/m,
    );
  });
});
