import assert from "node:assert/strict";
import { W } from "../../../src/machine/layout";
import { MoveKind, moveKind } from "../../../src/machine/machine";
import { editionMachine, leaves, Player, read, shown, toy, type ToyOptions } from "../../support/machine";

const A = { name: "A", pages: ["page0", "page1"], ldt: false },
  B = { name: "B", pages: ["page0"], ldt: true };
/** CPU0 runs a task of A, and another of A or the idle task runs on CPU1. */
const onA: ToyOptions = {
  mms: [A, B],
  tasks: [{ name: "A/1", mm: "A" }, { name: "A/2", mm: "A" }, { name: "B/1", mm: "B" }, { name: "k" }],
  starts: ["A/1", "A/2"],
  speculation: true,
};
const tlb = (p: Player, cpu: number) =>
  p.machine.scenario.mms.flatMap((mm) =>
    mm.pages
      .filter((page) => read(p.machine, p.state, `CPU${cpu}'s TLB entry for ${mm.name}:${page}`) !== 0)
      .map((page) => `${mm.name}:${page}`),
  );

describe("the TLB", () => {
  const filled = (body: string) => {
    const p = new Player(toy([body, ""], onA));
    p.fill(0, 0, 0);
    p.fill(0, 0, 1);
    p.fill(1, 0, 0);
    assert.deepEqual([tlb(p, 0), tlb(p, 1)], [["A:page0", "A:page1"], ["A:page0"]]);
    return p.untilWaits(0);
  };

  it("loses all to a load of CR3, on that CPU alone", () => {
    const p = filled("load_cr3(swapper_pg_dir);");
    assert.deepEqual([tlb(p, 0), tlb(p, 1)], [[], ["A:page0"]]);
    assert.equal(shown(p.machine, p.state, "CPU0's CR3"), "swapper_pg_dir");
  });
  it("loses all to a load of the same CR3", () => assert.deepEqual(tlb(filled("load_cr3(current->mm->pgd);"), 0), []));
  it("loses one page to INVLPG", () => assert.deepEqual(tlb(filled("__flush_tlb_one(0x2000);"), 0), ["A:page0"]));
  it("loses all to a local flush, and CR3 stays", () => {
    const p = filled("local_flush_tlb();");
    assert.deepEqual(tlb(p, 0), []);
    assert.equal(shown(p.machine, p.state, "CPU0's CR3"), "A's page tables");
  });

  it("is filled from the loaded page tables only, with what they map", () => {
    const p = new Player(toy(["tlbscope_pte(current->mm, 0x1000) = 0;", ""], onA));
    const fills = () => p.machine.moves(p.state).filter((m) => moveKind(m) === MoveKind.fill).length;
    assert.equal(fills(), 4, "two pages of A on each CPU, none of B");
    p.untilWaits(0);
    assert.equal(fills(), 2, "page0 is unmapped");
    p.fill(0, 0, 1);
    assert.equal(fills(), 1, "an entry that is there isn't filled again");
  });

  it("keeps what the page table no longer says, until it is flushed", () => {
    const p = new Player(
      toy(
        [
          "tlbscope_pte(current->mm, 0x1000) = 0; tlbscope_user_read(0x1000); __flush_tlb_one(0x1000); " +
            "tlbscope_user_read(0x1000);",
          "",
        ],
        onA,
      ),
    );
    p.fill(0);
    p.untilWaits(0);
    const reads = Array.from({ length: p.trace.last }, (_, i) => p.trace.entry(i + 1).effects)
      .flat()
      .flatMap((e) => (e.k === "userRead" ? [e.outcome] : []));
    assert.deepEqual(reads, ["tlb", "fault"]);
  });

  it("is filled by an access, too", () => {
    const p = new Player(toy(["tlbscope_user_read(0x1000); tlbscope_user_read(0x1000);", ""], onA)).untilWaits(0);
    const reads = Array.from({ length: p.trace.last }, (_, i) => p.trace.entry(i + 1).effects)
      .flat()
      .flatMap((e) => (e.k === "userRead" ? [e.outcome] : []));
    assert.deepEqual(reads, ["walk", "tlb"]);
    assert.deepEqual(tlb(p, 0), ["A:page0"]);
  });
});

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

describe("locks", () => {
  it("that are tried for are taken only when nobody is in the way", () => {
    const tried = (held: string, attempt: string) => leaves(`${held} r = ${attempt};`, ["r"], { c: `${c} int r;` }).r;
    const attempts = ["spin_trylock(&l)", "down_read_trylock(&sem)", "down_write_trylock(&sem)"];
    const all = (held: string) => attempts.map((a) => tried(held, a));
    assert.deepEqual(all(""), [1, 1, 1]);
    assert.deepEqual(all("spin_lock(&l); down_read(&sem);"), [0, 1, 0]);
    assert.deepEqual(all("spin_lock(&l); down_write(&sem);"), [0, 0, 0]);
    assert.equal(tried("r = down_read_trylock(&sem); up_read(&sem);", "down_write_trylock(&sem)"), 1);
  });
  const c = "spinlock_t l; struct rw_semaphore sem; int x; unsigned long flags;";

  it("keep a second CPU waiting until they are given back", () => {
    const p = new Player(
      toy(["spin_lock(&l); x = 1; spin_unlock(&l);", "spin_lock(&l); x = 2; spin_unlock(&l);"], { c }),
    );
    p.step(0);
    p.step(0);
    p.untilWaits(1);
    assert.ok(p.machine.hasStep(p.state, 1) && !p.machine.canStep(p.state, 1));
    p.untilWaits(0).untilWaits(1);
    assert.equal(read(p.machine, p.state, "x"), 2);
  });

  it("of the reader and writer kind let readers in together, writers alone", () => {
    const reader = "down_read(&sem); x++; up_read(&sem);",
      writer = "down_write(&sem); x += 10; up_write(&sem);";
    const p = new Player(toy([reader, reader, writer], { c }));
    p.step(0);
    p.step(0);
    p.step(1);
    p.step(1);
    p.untilWaits(2);
    assert.equal(p.machine.canStep(p.state, 2), false);
    p.untilWaits(0);
    assert.equal(p.machine.canStep(p.state, 2), false, "one reader is left");
    p.untilWaits(1);
    assert.equal(p.machine.canStep(p.state, 2), true);
    p.step(2);
    const late = new Player(toy([writer, reader], { c }));
    late.step(0);
    late.step(0);
    late.untilWaits(1);
    assert.equal(late.machine.canStep(late.state, 1), false, "a writer keeps readers out");
  });

  it("of the irq kinds turn interrupts off and put them back", () => {
    const flags = (body: string) => {
      const p = new Player(toy([body], { c }));
      const seen: number[] = [];
      for (const on = "CPU0's interrupt flag"; p.machine.canStep(p.state, 0); p.step(0))
        if (seen.at(-1) !== read(p.machine, p.state, on)) seen.push(read(p.machine, p.state, on));
      if (seen.at(-1) !== read(p.machine, p.state, "CPU0's interrupt flag"))
        seen.push(read(p.machine, p.state, "CPU0's interrupt flag"));
      return seen.join("");
    };
    assert.equal(flags("spin_lock_irq(&l); x = 1; spin_unlock_irq(&l);"), "101");
    assert.equal(flags("spin_lock_irqsave(&l, flags); x = 1; spin_unlock_irqrestore(&l, flags);"), "101");
    assert.equal(
      flags("local_irq_disable(); spin_lock_irqsave(&l, flags); spin_unlock_irqrestore(&l, flags); x = 1;"),
      "10",
      "they stay off where they were off",
    );
    assert.equal(flags("local_irq_save(flags); x = irqs_disabled(); local_irq_restore(flags);"), "101");
  });
});

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
