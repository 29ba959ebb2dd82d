/** Interrupts and function calls from one CPU to others. */
import assert from "node:assert/strict";
import { W } from "../../../src/machine/layout";
import { leaves, Player, read, toy } from "../../support/machine";

describe("an IPI", () => {
  const c = `
    int x, y, handled;
    int f(int a, int b) { return a + b; }
    void smp_invalidate_interrupt(struct pt_regs *regs) { x = ~regs->orig_ax; ack_APIC_irq(); handled++; }
    cpumask_t to;`;
  const send = "cpumask_set_cpu(1, &to); apic->send_IPI_mask(&to, 0xf3);";
  const player = (receiver: string) => new Player(toy([send, receiver], { c }));

  it("is queued, delivered and handled: the handler runs on top and knows its vector", () => {
    const p = player("y = 1; y = 2;");
    p.step(1);
    assert.equal(p.canTake(1), false);
    p.untilWaits(0);
    assert.equal(p.canTake(1), true);
    p.take(1);
    assert.deepEqual(
      p.machine.stack(p.state, 1).map((f) => f.fn.name),
      ["smp_invalidate_interrupt", "scenario_munmap"],
    );
    p.untilWaits(1);
    assert.deepEqual(
      [read(p.machine, p.state, "x"), read(p.machine, p.state, "handled"), read(p.machine, p.state, "y")],
      [0xf3, 1, 2],
    );
    assert.equal(p.canTake(1), false);
  });

  it("waits while the target's interrupts are off", () => {
    const p = player("local_irq_disable(); y = 1; local_irq_enable(); y = 2;");
    p.step(1);
    p.step(1);
    p.untilWaits(0);
    for (let held = 0; read(p.machine, p.state, "CPU1's interrupt flag") === 0; held++) {
      assert.equal(p.canTake(1), false);
      assert.ok(held < 10);
      p.step(1);
    }
    assert.equal(p.canTake(1), true);
  });

  it("goes back to the place that it interrupted, with locals and temporaries as they were", () => {
    // Between every two steps of the receiver, in turn.
    for (let n = 0; ; n++) {
      const p = player("int a = 5; y = a + f(a, 2) * 10;").untilWaits(0);
      for (let i = 0; i < n && p.machine.hasStep(p.state, 1); i++) p.step(1);
      const over = !p.machine.hasStep(p.state, 1);
      const before = p.state.slice();
      p.take(1);
      while (p.machine.stack(p.state, 1).some((f) => f.interrupt)) p.step(1);
      const after = p.state.slice();
      const l = p.machine.layout;
      const own = (s: Int32Array) => [
        ...s.slice(l.stack[1], l.stack[1] + l.stackWords),
        ...s.slice(l.cpu[1], l.cpu[1] + W.vectors),
      ];
      assert.deepEqual(own(after), own(before), `interrupted after ${n} steps`);
      p.untilWaits(1);
      assert.equal(read(p.machine, p.state, "y"), 5 + 10 * 7);
      if (over) break;
      assert.ok(n < 30);
    }
  });

  it("keeps others out while it is handled, and lets them in afterwards", () => {
    const p = new Player(
      toy(["cpumask_set_cpu(1, &to); apic->send_IPI_mask(&to, 0xf3); apic->send_IPI_mask(&to, 0xf4);", ""], { c }),
    ).untilWaits(0);
    p.take(1);
    assert.equal(p.canTake(1), false);
    p.untilWaits(1);
    assert.equal(p.canTake(1), true);
    p.take(1);
    p.untilWaits(1);
    assert.equal(read(p.machine, p.state, "handled"), 2);
  });

  it("that comes twice before it is taken is taken once", () => {
    const p = new Player(toy([send + send, ""], { c })).untilWaits(0);
    p.take(1);
    p.untilWaits(1);
    assert.equal(p.canTake(1), false);
    assert.equal(read(p.machine, p.state, "handled"), 1);
  });

  it("may interrupt a CPU that waits for acknowledgements itself", () => {
    const spin = (me: number, other: number) =>
      `cpumask_set_cpu(${other}, &m${me}); apic->send_IPI_mask(&m${me}, 0xf${me}); while ` +
      `(!cpumask_empty(&m${me})) cpu_relax();`;
    const both =
      "cpumask_t m0, m1; void smp_invalidate_interrupt(struct pt_regs *regs) { if (smp_processor_id() == 1) " +
      "cpumask_clear_cpu(1, &m0); else cpumask_clear_cpu(0, &m1); }";
    const p = new Player(toy([spin(0, 1), spin(1, 0)], { c: both })).untilWaits(0).untilWaits(1);
    assert.equal(p.machine.canStep(p.state, 0) || p.machine.canStep(p.state, 1), false);
    p.finish();
    assert.equal(p.machine.hasStep(p.state, 0) || p.machine.hasStep(p.state, 1), false);
  });

  it("without a handler in the open files is reported", () => {
    const p = new Player(toy([send, ""], { c: "cpumask_t to;" })).untilWaits(0);
    p.take(1);
    assert.match(
      p.violations[0].why,
      /takes an interrupt that no function handles: open the file that defines smp_invalidate_interrupt\(\)\./,
    );
  });
});

describe("a function call to other CPUs", () => {
  const c =
    "int calls, order; cpumask_t to; int n; void f(void *info) { order = order * 10 + smp_processor_id() + 1; " +
    "calls += info == &n; }";

  it("is made by all that are asked, never by the sender, which waits for it", () => {
    const p = new Player(
      toy(["cpumask_setall(&to); smp_call_function_many(&to, f, &n, 1); order = order * 10 + 9;", "", ""], { c }),
    ).untilWaits(0);
    assert.ok(p.machine.hasStep(p.state, 0) && !p.machine.canStep(p.state, 0));
    assert.equal(p.canTake(0), false);
    p.take(2);
    p.untilWaits(2);
    assert.ok(!p.machine.canStep(p.state, 0), "one is still missing");
    p.take(1);
    p.untilWaits(1).untilWaits(0);
    assert.deepEqual([read(p.machine, p.state, "order"), read(p.machine, p.state, "calls")], [329, 2]);
  });

  it("isn't waited for unless asked to", () => {
    const p = new Player(
      toy(["cpumask_setall(&to); smp_call_function_many(&to, f, &n, 0); order = 9;", ""], { c }),
    ).untilWaits(0);
    assert.deepEqual([read(p.machine, p.state, "order"), p.canTake(1)], [9, true]);
  });

  it("to all, to one and to oneself", () => {
    assert.deepEqual(leaves(["smp_call_function(f, &n, 1);", "", ""], ["calls"], { c }), { calls: 2 });
    assert.deepEqual(leaves(["smp_call_function_single(1, f, &n, 1);", ""], ["calls", "order"], { c }), {
      calls: 1,
      order: 2,
    });
    assert.deepEqual(leaves(["smp_call_function_single(0, f, &n, 1);", ""], ["calls", "order"], { c }), {
      calls: 1,
      order: 1,
    });
    assert.deepEqual(leaves(["on_each_cpu(f, &n, 1);", "", ""], ["calls"], { c }), { calls: 3 });
    assert.deepEqual(
      leaves(["smp_call_function_many(&to, f, &n, 1);", ""], ["calls"], { c }),
      { calls: 0 },
      "an empty set calls nobody",
    );
  });

  it("runs with interrupts off, and they are on again afterwards", () => {
    const p = new Player(toy(["smp_call_function(f, &n, 1);", "n = 1; n = 2;"], { c })).untilWaits(0);
    p.step(1);
    p.take(1);
    assert.equal(read(p.machine, p.state, "CPU1's interrupt flag"), 0);
    while (p.machine.stack(p.state, 1).some((x) => x.interrupt)) p.step(1);
    assert.equal(read(p.machine, p.state, "CPU1's interrupt flag"), 1);
  });
});
