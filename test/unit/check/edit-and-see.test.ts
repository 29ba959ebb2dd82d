/** What the lines of switch_mm's else branch are for: the edition as it is, and with one of them gone or one more. */
import assert from "node:assert/strict";
import { reach } from "../../support/reach";
import { MoveKind, moveCpu, moveKind, type Machine } from "../../../src/machine/machine";
import type { PropertyId } from "../../../src/machine/effects";
import { insertAt, withoutLines } from "../../support/kernel";
import { editionMachine, files, Player, read, shown } from "../../support/machine";

const search = (m: Machine, property?: PropertyId) =>
  reach(m, (_, broken) => broken.some((v) => property === undefined || v.property === property), { fills: true });

/** The shortest run that breaks the promise, played. */
function counterexample(m: Machine, property: PropertyId): Player {
  const found = search(m, property);
  assert.ok("moves" in found, `${property} holds in all ${found.states} states`);
  const p = new Player(m);
  for (const x of found.moves) p.move(x);
  assert.deepEqual(
    p.trace
      .entry(p.trace.last)
      .violations.map((v) => v.property)
      .includes(property),
    true,
  );
  return p;
}

describe("the edition, unedited", () => {
  for (const id of ["lazy-return", "switch-in"])
    it(`keeps every promise on ${id}, whatever the interleaving and the speculation`, () => {
      const result = search(editionMachine(id));
      assert.ok(!("moves" in result) && result.complete, JSON.stringify(result));
    });
  it("keeps every promise on two-lazy-cpus, whatever the interleaving", () => {
    const result = reach(editionMachine("two-lazy-cpus"), (_, broken) => broken.length > 0);
    assert.ok(!("moves" in result) && result.complete);
  });
});

describe("without the reload of the else branch (lines 63 to 70)", () => {
  const machine = () => editionMachine("lazy-return", { [files.mmuContext]: withoutLines(63, 70) });

  it("the task runs on the wrong page tables, after an interrupt while the CPU was lazy", () => {
    const p = counterexample(machine(), "own-page-tables");
    const why = p.violations.at(-1)!.why;
    assert.equal(why, "A/1 is in user mode on CPU0, but CR3 points at swapper_pg_dir, not at A's page tables.");
    const taken = Array.from({ length: p.trace.last }, (_, i) => i + 1).filter((i) => {
      const { cause } = p.trace.entry(i);
      return cause.k === "move" && moveKind(cause.move) === MoveKind.vector && moveCpu(cause.move) === 0;
    });
    assert.equal(taken.length, 1);
    assert.equal(
      read(p.machine, p.trace.entry(taken[0]).state, "CPU0's cpu_tlbstate.state"),
      2,
      "the CPU is lazy when the interrupt comes",
    );
  });

  it("nothing else goes wrong without an interrupt: CPU0 alone keeps every promise", () => {
    const p = new Player(machine()).actions(0, 3);
    assert.deepEqual(p.violations, []);
  });
});

describe("with prev's bit cleared in the else branch too, as the mail proposes", () => {
  const clear = insertAt(60, "cpumask_clear_cpu(cpu, mm_cpumask(prev));");
  const machine = () => editionMachine("lazy-return", { [files.mmuContext]: clear });

  it("a flush passes the CPU by, and the page is freed while its translation is held", () => {
    const p = counterexample(machine(), "stale-translation");
    assert.match(
      p.violations.at(-1)!.why,
      /^CPU1 frees frame1 while CPU0('s TLB still holds A:page0 → frame1| can still fill A:page0 from its page tables)\.$/,
    );
    const sent = Array.from({ length: p.trace.last }, (_, i) => p.trace.entry(i + 1).effects)
      .flat()
      .some((e) => e.k === "sendVector");
    assert.equal(sent, false, "no interrupt was sent");
  });

  it("until line 68 loads CR3 again, which the missing bit now brings about every time", () => {
    const p = new Player(machine());
    p.fill(0);
    p.actions(0, 1).to(0, "switch_mm:61").actions(1, 1);
    assert.deepEqual(p.broken, ["stale-translation"]);
    assert.equal(shown(p.machine, p.state, "CPU0's TLB entry for A:page0"), "frame1");
    p.to(0, "switch_mm:69");
    assert.equal(shown(p.machine, p.state, "CPU0's TLB entry for A:page0"), "none");
    p.actions(0, 3);
    assert.deepEqual(p.broken, ["stale-translation"], "the task itself never reads through it");
  });
});

describe("the races that 2.6.32 has, the edition has", () => {
  it(
    "prev's bit is cleared before CR3 is loaded: a speculative fill survives the flush that passes this CPU by " +
      "(831d52bc)",
    () => {
      const p = counterexample(editionMachine("switch-away"), "stale-translation");
      assert.match(p.violations.at(-1)!.why, /^CPU1 frees frame1 while CPU0/);
    },
  );

  it("clearing it after the load mends that", () => {
    const m = editionMachine("switch-away", {
      [files.mmuContext]: (t) => insertAt(51, "cpumask_clear_cpu(cpu, mm_cpumask(prev));")(withoutLines(40)(t)),
    });
    const result = search(m);
    assert.ok(!("moves" in result) && result.complete);
  });

  it("under Xen, the function call of the exit finds state OK and active_mm not yet next: BUG (7899891c)", () => {
    const p = counterexample(editionMachine("helper-exec-xen"), "bug");
    assert.equal(p.violations.at(-1)!.why, "CPU0 reaches BUG() in leave_mm().");
    assert.equal(
      p.machine
        .stack(p.state, 0)
        .map((f) => f.fn.name)
        .includes("switch_mm"),
      true,
    );
  });

  it("asking for the state first mends that", () => {
    const m = editionMachine("helper-exec-xen", {
      [files.xen]: (t) =>
        t.replace(
          "if (percpu_read(cpu_tlbstate.active_mm) == mm)",
          "if (percpu_read(cpu_tlbstate.active_mm) == mm && percpu_read(cpu_tlbstate.state) != TLBSTATE_OK)",
        ),
    });
    const result = search(m);
    assert.ok(!("moves" in result) && result.complete, JSON.stringify(result));
  });
});
