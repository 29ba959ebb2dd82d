/** The reader's own properties, asked over every interleaving. */
import assert from "node:assert/strict";
import { AskedError, askedName, readAsked, type AskedProperty } from "../../../src/check/search/asked";
import { Search } from "../../../src/check/search/search";
import { checkNow } from "../../../src/check/verdict/verdict";
import { refusal } from "../../../src/jobs/source-questions";
import { Machine } from "../../../src/machine/machine";
import { build, edition, insertAt } from "../../support/kernel";
import { editionMachine, files, scenario, toy } from "../../support/machine";

const ask = (m: Parameters<typeof checkNow>[0], kind: AskedProperty["kind"], text: string) =>
  checkNow(m, { asked: [readAsked(kind, text)] });
const standing = (m: Parameters<typeof checkNow>[0], kind: AskedProperty["kind"], text: string) =>
  ask(m, kind, text).asked[0].standing;

describe("what the reader asks", () => {
  it("the mail's question: the flush IPI can find TLBSTATE_OK, but never with this CPU's bit cleared", () => {
    const m = editionMachine("lazy-return");
    assert.equal(standing(m, "can", "cpu_tlbstate.state == TLBSTATE_OK in smp_invalidate_interrupt()"), "happens");
    const gone =
      "!cpumask_test_cpu(smp_processor_id(), mm_cpumask(cpu_tlbstate.active_mm)) && cpu_tlbstate.state == " +
      "TLBSTATE_OK in smp_invalidate_interrupt()";
    assert.equal(standing(m, "can", gone), "never happens");
    const cleared = editionMachine("lazy-return", {
      [files.mmuContext]: insertAt(60, "cpumask_clear_cpu(cpu, mm_cpumask(prev)); "),
    });
    assert.equal(
      standing(
        cleared,
        "always",
        "cpumask_test_cpu(cpu, mm_cpumask(next)) || cpu_tlbstate.state != TLBSTATE_OK in switch_mm",
      ),
      "fails",
    );
  });

  it("shows the shortest execution of what happens: its last state has it", () => {
    const m = toy(["x = 1; x = 2;", "if (x == 1) y = 1;"], { c: "static int x, y;" });
    const [answer] = ask(m, "can", "x == 2 && y == 1").asked;
    assert.equal(answer.standing, "happens");
    let { state } = m.initial();
    for (const move of answer.executions[0].moves) ({ state } = m.apply(state, move));
    assert.deepEqual(
      ["x", "y"].map((n) => state[m.layout.globals.get(n)!]),
      [2, 1],
    );
    assert.equal(standing(m, "can", "x == 0 && y == 1"), "never happens");
  });

  it("may name what isn't declared, time and again, and leaves nothing behind", () => {
    const m = toy(["x = 1;"], {
      c: "static int x; struct held { struct nowhere at; }; DEFINE_PER_CPU(struct held, h);",
    });
    const unknown = m.program.unknowns.length;
    for (const member of ["a", "b", "a"]) {
      m.program.expression(undefined, 0, `this_cpu_read(h.at.inner.${member}) == 1`);
      assert.equal(m.program.unknowns.length, unknown);
    }
  });

  it("sees every state, also between steps that nobody else can tell apart", () => {
    const m = toy(["int a = 1; a = 2; a = 3; x = a;"], { c: "static int x;" });
    assert.equal(standing(m, "can", "a == 2 in scenario_touch"), "happens");
  });

  it("fails when what should occur never does, so that a verdict isn't empty", () => {
    const m = toy(["x = 1;"], { c: "static int x;" });
    assert.equal(ask(m, "occurs", "x == 2").outcome, "fails");
    assert.equal(ask(m, "occurs", "x == 1").outcome, "holds");
    assert.equal(ask(m, "can", "x == 2").outcome, "holds");
  });

  it("says what is wrong with a typo, and with a function that isn't there", () => {
    const m = editionMachine("lazy-return");
    assert.throws(
      () => ask(m, "always", "cpu_tlbstate.stat == 1"),
      (e: Error) => e instanceof AskedError && /tlb_state.stat isn't used/.test(e.message),
    );
    assert.throws(() => ask(m, "always", "cpu_tlbstate.state =="), AskedError);
    assert.throws(() => ask(m, "can", "next == prev in swich_mm()"), /no function swich_mm\(\)/);
    assert.equal(standing(m, "always", "mm != 0 in exec_mmap()"), "never reached");
  });

  it("leaves every other verdict, and how many states it takes, as they are", () => {
    for (const id of ["lazy-return", "switch-away"]) {
      const m = editionMachine(id);
      const alone = checkNow(m),
        beside = ask(m, "can", "cpu_tlbstate.state == TLBSTATE_LAZY");
      assert.deepEqual({ ...beside.progress, bytes: 0 }, { ...alone.progress, bytes: 0 });
      assert.deepEqual(
        [beside.properties, beside.bounds, beside.outcome],
        [alone.properties, alone.bounds, alone.outcome],
      );
    }
  });
});

/**
 * Questions of all kinds: of per-CPU variables, of memory that others write, through pointers, of a function's locals,
 * with an answer and without.
 */
const questions: AskedProperty[] = [
  readAsked("can", "cpu_tlbstate.state == TLBSTATE_LAZY && cpu_tlbstate.active_mm->mm_count > 2"),
  readAsked(
    "can",
    "cpu_tlbstate.state == TLBSTATE_OK && !cpumask_test_cpu(smp_processor_id(), mm_cpumask(cpu_tlbstate.active_mm))",
  ),
  readAsked("always", "cpu_tlbstate.active_mm->mm_count > 0"),
  readAsked("can", "current->mm != cpu_tlbstate.active_mm && current->mm"),
  readAsked("can", "next != prev && cpu_tlbstate.active_mm == next in switch_mm()"),
  readAsked("can", "cpu == 1 && cpumask_test_cpu(0, mm_cpumask(next)) in switch_mm()"),
  readAsked("always", "oldmm == prev->active_mm in context_switch()"),
  readAsked("can", "per_cpu(cpu_tlbstate, 0).state == TLBSTATE_LAZY in flush_tlb_others_ipi()"),
  readAsked("can", "per_cpu(cpu_tlbstate, 0).state != per_cpu(cpu_tlbstate, 1).state"),
  readAsked("can", "cpu_tlbstate.state == 77"),
];

describe("a reduced search for answers", () => {
  for (const id of ["lazy-return", "switch-away", "switch-in", "switch-back", "reclaim"])
    for (const order of ["sc", "tso"] as const)
      it(`gives those of a plain one on ${id}, ${order.toUpperCase()}`, () => {
        const s = { ...scenario(id), order };
        const m = new Machine(build(edition(), s.platform), s);
        const asked = questions.filter((q) => refusal(m, q) === undefined);
        const [plain, reduced] = [false, true].map((reduce) => new Search(m, { reduce, asked }));
        plain.run();
        reduced.run();
        const hits = (x: Search) => asked.map(askedName).filter((name) => x.has(name));
        assert.deepEqual(hits(reduced), hits(plain));
        assert.ok(
          reduced.progress.states < plain.progress.states,
          `${reduced.progress.states} of ${plain.progress.states} states`,
        );
        const { asked: answers } = checkNow(m, { asked });
        for (const [i, name] of asked.map(askedName).entries())
          assert.equal(answers[i].executions[0]?.moves.length, plain.failuresOf(name)[0]?.moves.length, name);
      });
});
