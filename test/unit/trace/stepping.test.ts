import assert from "node:assert/strict";
import { depth, Stepper, type RunOptions, type Stop } from "../../../src/trace/stepping";
import { propertiesAt } from "../../../src/trace/property-status";
import { waitsFor } from "../../../src/machine/view/describe";
import { MoveKind, moveCpu, moveKind } from "../../../src/machine/machine";
import { W } from "../../../src/machine/layout";
import { Trace } from "../../../src/trace/trace";
import { builtInIds, editionMachine, files, Player, read, toy } from "../../support/machine";

const c =
  "int x, y, z; int twice(int a)\n{\n\ty = a;\n\treturn 2 * a;\n}\nint four(int a)\n{\n\treturn twice(twice(a));\n}";
/** A player and a stepper over the same trace. */
function on(bodies: string[], options: RunOptions = {}, code = c) {
  const p = new Player(toy(bodies, { c: code }));
  return { p, step: new Stepper(p.trace, options) };
}
/** The statement that a CPU is about to begin. */
const text = (p: Player, cpu = 0) => {
  const pc = p.state[p.machine.layout.cpu[cpu]];
  if (pc === 0) return "";
  const at = p.machine.program.places[p.machine.code.instrs[pc].src];
  return at.file.text.slice(at.start, at.end).replace(/\s+/g, " ");
};

describe("stepping", () => {
  it("into enters functions, a statement at a time", () => {
    const { p, step } = on(["x = 1; x = four(3); z = 9;"]);
    const seen: string[] = [];
    while (step.into(0).k === "step") seen.push(text(p));
    assert.deepEqual(seen, [
      "x = 1",
      "x = four(3)",
      "return twice(twice(a));",
      "y = a",
      "return 2 * a;",
      "y = a",
      "return 2 * a;",
      "z = 9",
      "",
    ]);
    assert.deepEqual([read(p.machine, p.state, "x"), read(p.machine, p.state, "z")], [12, 9]);
  });

  it("over goes over calls", () => {
    const { p, step } = on(["x = 1; x = four(3); z = 9;"]);
    const seen: string[] = [];
    while (step.over(0).k === "step") seen.push(text(p));
    assert.deepEqual(seen, ["x = 1", "x = four(3)", "z = 9", ""]);
  });

  it("over stays in the function, unless it returns", () => {
    const { p, step } = on(["x = twice(3); z = 9;"]);
    p.to(0, "twice:3");
    step.over(0);
    assert.equal(text(p), "return 2 * a;");
    step.over(0);
    assert.equal(text(p), "z = 9");
  });

  it("out runs until the function has returned", () => {
    const { p, step } = on(["x = four(3); z = 9;"]);
    p.to(0, "twice:3");
    assert.equal(depth(p.machine, p.state, 0), 3);
    assert.deepEqual(step.out(0), { k: "step" });
    assert.ok(depth(p.machine, p.state, 0) < 3);
    step.out(0);
    assert.equal(depth(p.machine, p.state, 0) <= 1, true);
  });

  it("steps out between two actions over the whole next one", () => {
    const m = editionMachine("lazy-return");
    const step = new Stepper(new Trace(m));
    assert.deepEqual(step.out(0), { k: "step" });
    assert.equal(
      m.layout.objectAt(step.trace.state[m.layout.cpu[0] + W.current]),
      "kworker",
      "the first action is done, and no other begun",
    );
    assert.equal(m.hasStep(step.trace.state, 0), true);
  });

  it("moves that CPU only", () => {
    const { p, step } = on(["x = 1; x = 2;", "y = 1;"]);
    while (step.over(0).k === "step");
    for (let i = 1; i <= p.trace.last; i++) {
      const { cause } = p.trace.entry(i);
      assert.ok(cause.k === "move" && moveCpu(cause.move) === 0);
    }
    assert.equal(read(p.machine, p.state, "y"), 0);
  });

  it("back goes back over what over went over, statement by statement", () => {
    const { p, step } = on(["x = 1; x = four(3); z = 9;"]);
    const stops = [p.trace.cursor];
    while (step.over(0).k === "step") stops.push(p.trace.cursor);
    for (const at of stops.slice(0, -1).reverse()) {
      assert.deepEqual(step.back(0), { k: "step" }, text(p));
      assert.equal(p.trace.cursor, at);
    }
    assert.deepEqual(step.back(0), { k: "start" });
    assert.deepEqual([read(p.machine, p.state, "x"), read(p.machine, p.state, "z")], [0, 0]);
  });

  it("back, inside a function, goes to the statement before; at its beginning, to the call", () => {
    const { p, step } = on(["x = four(3); z = 9;"]);
    p.to(0, "twice:4");
    step.back(0);
    assert.equal(text(p), "y = a");
    step.back(0);
    assert.ok(depth(p.machine, p.state, 0) < 3);
  });

  it("back undoes what other CPUs did since", () => {
    const { p, step } = on(["x = 1; x = 2;", "y = 5;"]);
    step.over(0);
    step.over(0);
    p.untilWaits(1);
    step.over(0);
    assert.equal(read(p.machine, p.state, "y"), 5);
    step.back(0);
    step.back(0);
    assert.deepEqual([read(p.machine, p.state, "x"), read(p.machine, p.state, "y")], [0, 0]);
  });

  it("tells that a CPU waits for another, and for what", () => {
    const { p, step } = on(["while (!x) cpu_relax(); z = 1;", "x = 1;"]);
    let stop: Stop;
    do stop = step.over(0);
    while (stop.k === "step");
    assert.deepEqual(stop, { k: "waits", cpu: 0 });
    assert.equal(waitsFor(p.machine, p.state, 0), "waits while !x");
    p.untilWaits(1);
    assert.equal(waitsFor(p.machine, p.state, 0), undefined);
    while ((stop = step.over(0)).k === "step");
    assert.deepEqual(stop, { k: "done", cpu: 0 });
    assert.equal(read(p.machine, p.state, "z"), 1);
  });

  it("tells what locks, calls and BUG keep a CPU from", () => {
    const lock = on(["spin_lock(&l); x = 1;", "spin_lock(&l);"], {}, `${c} spinlock_t l;`)
      .p.untilWaits(0)
      .untilWaits(1);
    assert.equal(waitsFor(lock.machine, lock.state, 1), "waits for the lock: spin_lock(&l)");
    const call = on(["smp_call_function(f, 0, 1);", "", ""], {}, "int n; void f(void *p) { n++; }").p.untilWaits(0);
    assert.equal(waitsFor(call.machine, call.state, 0), "waits until CPU1, CPU2 made the call");
    const bug = on(["BUG();"]).p.untilWaits(0);
    assert.equal(waitsFor(bug.machine, bug.state, 0), "stopped by BUG() or a bad pointer");
  });

  it("stops at a broken promise, and says which", () => {
    const { step } = on(["x = 1; BUG_ON(x); x = 2;"]);
    let stop: Stop;
    do stop = step.over(0);
    while (stop.k === "step");
    assert.ok(stop.k === "violation" && stop.violation.property === "bug");
    const warn = on(["WARN_ON(1); x = 2;"], { stopsOn: (v) => v.property !== "warn" });
    while (warn.step.over(0).k === "step");
    assert.equal(read(warn.p.machine, warn.p.state, "x"), 2);
  });

  it("stops at a CPU that goes round in circles", () => {
    const { step } = on(["for (;;) { x = 1; }"]);
    step.over(0);
    step.over(0);
    const stop = step.alone(0);
    assert.ok(stop.k === "limit" && stop.cpu === 0 && stop.steps < 200, JSON.stringify(stop));
  });

  it("stops where it is told to, also in the middle of a function stepped over", () => {
    const { p, step } = on(["x = twice(3); z = 9;"], {
      stopAt: (trace) => read(trace.machine, trace.state, "y") === 3,
    });
    step.over(0);
    assert.deepEqual(step.over(0), { k: "breakpoint" });
    assert.equal(read(p.machine, p.state, "y"), 3);
  });
});

describe("continue", () => {
  for (const id of builtInIds) {
    it(`runs ${id} to its end on the edition, and breaks no promise`, () => {
      const p = new Player(editionMachine(id));
      assert.deepEqual(new Stepper(p.trace).continue(), { k: "finished" });
      assert.deepEqual(p.violations, []);
      assert.ok(propertiesAt(p.trace).every((x) => x.ok));
      const { layout } = p.machine;
      assert.ok(layout.cpu.every((_, c) => !p.machine.hasStep(p.state, c)));
    });
  }

  it("is fair: a statement of each CPU in turn", () => {
    const { p, step } = on(["x = 1; x = 2; x = 3; x = 4;", "y = 1; y = 2; y = 3; y = 4;"]);
    step.continue();
    const cpus = Array.from({ length: p.trace.last }, (_, i) => p.trace.entry(i + 1).cause).map((cause) =>
      cause.k === "move" ? moveCpu(cause.move) : -1,
    );
    assert.deepEqual(cpus, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it("delivers interrupts as soon as they can be taken, and makes no speculative fills", () => {
    const p = new Player(editionMachine("two-lazy-cpus"));
    new Stepper(p.trace).continue();
    const kinds = Array.from({ length: p.trace.last }, (_, i) => p.trace.entry(i + 1).cause).map((cause) =>
      cause.k === "move" ? moveKind(cause.move) : -1,
    );
    assert.equal(kinds.includes(MoveKind.fill), false);
    assert.equal(kinds.filter((k) => k === MoveKind.vector).length >= 1, true);
  });

  it("reports CPUs that wait for each other", () => {
    const { p, step } = on(["while (!x) cpu_relax(); y = 1;", "while (!y) cpu_relax(); x = 1;"]);
    assert.deepEqual(step.continue(), { k: "deadlock" });
    const deadlock = propertiesAt(p.trace).find((x) => x.id === "deadlock")!;
    assert.deepEqual([deadlock.ok, deadlock.failedAt], [false, p.trace.cursor]);
    assert.match(deadlock.why!, /each waits for something/);
  });

  it("reports a lock taken twice", () =>
    assert.deepEqual(on(["spin_lock(&l); spin_lock(&l);"], {}, "spinlock_t l;").step.continue(), { k: "deadlock" }));

  it("ends at a limit when nothing else ends it", () => {
    const stop = on(["for (;;) x++;"]).step.continue();
    assert.equal(stop.k, "limit");
  });

  it("goes the recorded way first", () => {
    const { p, step } = on(["x = 1;", "x = 2;"]);
    p.untilWaits(1).untilWaits(0);
    p.trace.goto(0);
    assert.deepEqual(step.continue(), { k: "finished" });
    assert.equal(read(p.machine, p.state, "x"), 1, "CPU1 first, as recorded");
    assert.equal(p.trace.branches.length, 0);
  });

  it("can be paused", () => {
    let asked = 0;
    const { step } = on(["for (;;) x++;"], { paused: () => ++asked > 3 });
    assert.deepEqual(step.continue(), { k: "paused" });
  });
});

describe("reverse continue", () => {
  it("goes back to the last place where it would have stopped", () => {
    const { p, step } = on(["x = 1; x = 2; x = 3;"], {});
    step.continue();
    const back = new Stepper(p.trace, { stopAt: (_, e) => e.effects.some((f) => f.k === "write" && f.value === 2) });
    assert.deepEqual(back.reverseContinue(), { k: "breakpoint" });
    assert.equal(read(p.machine, p.state, "x"), 2);
    assert.deepEqual(back.reverseContinue(), { k: "start" });
    assert.equal(p.trace.cursor, 0);
  });
});

describe("a property's standing", () => {
  it("is kept or broken as of the state that is shown", () => {
    const p = new Player(
      editionMachine("switch-away", { [files.mmuContext]: (t) => t.replace("load_cr3(next->pgd);", "") }),
    );
    p.actions(0, 1);
    const own = () => propertiesAt(p.trace).find((x) => x.id === "own-page-tables")!;
    const { ok, failedAt, why } = own();
    assert.deepEqual([ok, failedAt], [false, p.trace.cursor]);
    assert.match(why!, /^B\/1 is in user mode on CPU0/);
    p.trace.goto(failedAt! - 1);
    assert.equal(own().ok, true);
  });
});
