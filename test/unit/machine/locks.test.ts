/** Spinlocks and read-write semaphores: who waits for whom. */
import assert from "node:assert/strict";
import { leaves, Player, read, toy } from "../../support/machine";

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
