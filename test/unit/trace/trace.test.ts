import assert from "node:assert/strict";
import fc from "fast-check";
import { stepOf } from "../../../src/machine/machine";
import { describe as view } from "../../../src/machine/view/describe";
import { Trace } from "../../../src/trace/trace";
import { cellOf, editionMachine, Player, read, toy } from "../../support/machine";

const two = () => new Player(toy(["x = 1; x = 2; x = 3;", "y = 1; y = 2;"], { c: "int x, y;" }));

describe("a trace", () => {
  it("goes to any of its states, and no further", () => {
    const p = two().untilWaits(0);
    p.trace.goto(2);
    assert.equal(p.trace.cursor, 2);
    p.trace.goto(99);
    assert.equal(p.trace.cursor, p.trace.last);
    p.trace.goto(-1);
    assert.equal(p.trace.cursor, 0);
    assert.deepEqual(p.state, p.machine.initial().state);
  });

  it("repeats the recorded move instead of forking", () => {
    const p = two().untilWaits(0);
    const { last } = p.trace;
    p.trace.goto(1);
    p.step(0);
    assert.deepEqual([p.trace.cursor, p.trace.last, p.trace.branches.length], [2, last, 0]);
  });

  it("keeps the history that is left by doing something else, and goes back to it", () => {
    const p = two().untilWaits(0);
    const { last } = p.trace;
    const end = p.state.slice();
    p.trace.goto(2);
    p.step(1);
    assert.deepEqual([p.trace.last, p.trace.branches.map((b) => b.from)], [3, [2]]);
    const here = p.state.slice();
    assert.equal(p.trace.switchTo(p.trace.branches[0].id), true);
    assert.equal(p.trace.last, last);
    p.trace.goto(last);
    assert.deepEqual(p.state, end);
    assert.equal(p.trace.branches.length, 1);
    p.trace.switchTo(p.trace.branches[0].id);
    p.trace.goto(p.trace.last);
    assert.deepEqual(p.state, here);
    assert.equal(p.trace.switchTo(12345), false);
  });

  it("forks when a value is written into it, and tells", () => {
    const p = two().untilWaits(0);
    const before = p.state.slice();
    p.trace.goto(2);
    const cell = cellOf(p.machine, "y");
    p.trace.edit(cell, 7);
    assert.equal(read(p.machine, p.state, "y"), 7);
    assert.equal(p.trace.sentence(p.trace.cursor), "You set y to 7.");
    assert.equal(p.trace.branches.length, 1);
    assert.deepEqual(p.trace.entry(2).state[cell], 0, "the state before stays as it was");
    p.trace.switchTo(p.trace.branches[0].id);
    p.trace.goto(p.trace.last);
    assert.deepEqual(p.state, before);
  });

  it("knows which step wrote a value last", () => {
    const p = two();
    p.step(0);
    const x = cellOf(p.machine, "x"),
      y = cellOf(p.machine, "y");
    assert.equal(p.trace.lastWrite(x), undefined);
    p.step(0);
    p.untilWaits(1);
    const at = p.trace.lastWrite(x)!;
    assert.equal(at, 2);
    assert.equal(p.trace.lastWrite(x, at - 1), undefined);
    assert.equal(p.trace.lastWrite(y), p.trace.last);
    p.trace.edit(x, 1);
    assert.equal(p.trace.lastWrite(x), p.trace.last, "also when the value is the same");
  });

  it("has no state before its start", () => {
    const t = new Trace(two().machine);
    assert.equal(t.sentence(0), "The scenario begins here.");
    assert.deepEqual(t.entry(0).violations, []);
  });

  it("whatever is done with it, holds states that follow from each other", () => {
    const m = editionMachine("lazy-return");
    const action = fc.oneof(
      { weight: 6, arbitrary: fc.record({ k: fc.constant("move" as const), n: fc.nat(50) }) },
      fc.record({ k: fc.constant("goto" as const), n: fc.nat(60) }),
      fc.record({ k: fc.constant("switch" as const), n: fc.nat(5) }),
      fc.record({ k: fc.constant("edit" as const), n: fc.nat(300) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const t = new Trace(m);
        for (const { k, n } of actions) {
          const left = t.branches.length;
          if (k === "goto") t.goto(n);
          else if (k === "edit") t.edit(1 + (n % (m.layout.size - 1)), t.state[1 + (n % (m.layout.size - 1))]);
          else if (k === "switch") {
            if (t.branches.length) t.switchTo(t.branches[n % t.branches.length].id);
          } else {
            const moves = m.moves(t.state);
            if (moves.length) t.step(moves[n % moves.length]);
          }
          assert.ok(t.branches.length >= left - 1, "no history is lost");
          assert.ok(t.cursor <= t.last);
        }
        for (let i = 1; i <= t.last; i++) {
          const { cause, state } = t.entry(i);
          if (cause.k === "move") assert.deepEqual(m.apply(t.entry(i - 1).state, cause.move).state, state);
          assert.match(t.sentence(i), /^(CPU\d|You) .*\.$/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("the view of a state", () => {
  it("marks what the last step changed, with what it was", () => {
    const p = new Player(editionMachine("lazy-return")).to(0, "enter_lazy_tlb:24");
    const before = p.state;
    p.trace.step(stepOf(0));
    const state = view(p.machine, p.state, before).cpus[0].perCpu.find((v) => v.name === "cpu_tlbstate.state")!;
    assert.deepEqual([state.value, state.changed, state.before], ["TLBSTATE_LAZY", true, "TLBSTATE_OK"]);
    assert.ok(view(p.machine, p.state, before).cpus[1].perCpu.every((v) => !v.changed));
  });

  it("says who runs where, in which mode, and what is stale", () => {
    const p = new Player(editionMachine("lazy-return"));
    p.fill(0);
    const mode = (c: number) => view(p.machine, p.state).cpus[c].mode;
    assert.deepEqual([mode(0), mode(1)], ["user", "user"]);
    p.to(0, "switch_mm:38");
    assert.equal(mode(0), "kernel");
    p.to(1, "flush_tlb_others_ipi:88");
    const [entry] = view(p.machine, p.state).cpus[0].tlb;
    assert.deepEqual(
      [entry.mm, entry.page, entry.frame, entry.stale, entry.freed],
      ["A", "page0", "frame1", true, false],
    );
    p.to(0, "finish_task_switch:2991").take(0);
    assert.equal(mode(0), "interrupt");
    p.finish();
    assert.deepEqual([mode(0), mode(1)], ["done", "done"]);
    assert.deepEqual(
      view(p.machine, p.state).frames.map((f) => f.state),
      ["freed"],
    );
  });

  it("has each mm's mask, counts and pages", () => {
    const p = new Player(editionMachine("switch-away")).actions(0, 1);
    const [a, b] = view(p.machine, p.state).mms;
    assert.deepEqual(
      [a.cpumask, b.cpumask],
      [
        [false, true],
        [true, false],
      ],
    );
    assert.deepEqual(a.counts.map((v) => `${v.name}=${v.value}`).sort(), ["mm_count=1", "mm_users=2"]);
    assert.deepEqual(
      b.pages.map((x) => x.frame),
      ["frame2"],
    );
  });
});
