/** What a step of a tour does to the machine, and says. */
import assert from "node:assert/strict";
import { follow } from "../../../src/trace/follow";
import { Trace } from "../../../src/trace/trace";
import { checkTour } from "../../../src/tour/play/check-tour";
import { insertAt } from "../../support/kernel";
import { lazy, step, toElse } from "./steps";
import { placeOfStep, play, stateOf } from "./support";

describe("a step of a tour", () => {
  it("brings the machine to its state, with live values in its words", () => {
    const p = play(
      step("lazy", lazy) +
        step(
          "back",
          `machine:\n  - ${toElse}\nwords: "At line \${line: switch_mm: ` +
            `BUG_ON(percpu_read(cpu_tlbstate.active_mm) != next)}, prev is \${prev} and the mask ` +
            `\${mm_cpumask(A)}; code: \`\${cpu0: TLB}\`. \\\\\${plain}"`,
        ),
    );
    assert.equal(stateOf(p, "lazy").words, "CPU0 says `TLBSTATE_LAZY`.");
    const back = stateOf(p, "back");
    assert.deepEqual(back.problems, []);
    assert.equal(back.words, "At line 61, prev is `A` and the mask `CPU0, CPU1`; code: `A:page0 → frame1`. ${plain}");
    assert.equal(placeOfStep(p, "back"), "switch_mm:60");
  });

  it(
    "runs with the tour's memory order and settings instead of the scenario's, also where they decide what is " +
      "compiled",
    () => {
      const option = {
        "arch/x86/include/asm/mmu_context.h": insertAt(
          60,
          "#ifdef CONFIG_MINE\n\t\tcpumask_clear_cpu(cpu, mm_cpumask(prev));\n#endif\n",
        ),
      };
      const text = step("back", `from: start\nmachine:\n  - ${toElse}\nwords: "\${mm_cpumask(A)}"`);
      assert.equal(stateOf(play(text, option), "back").words, "`CPU0, CPU1`");
      const changed = stateOf(
        play(text, option, "lazy-return", "order: tso\nsettings: { CONFIG_MINE: true }\n"),
        "back",
      );
      assert.equal(changed.words, "`CPU1`");
      assert.deepEqual([changed.scenario.order, changed.scenario.settings], ["tso", { CONFIG_MINE: 1 }]);
    },
  );

  it("lets all that waits in a store buffer become visible, or just the oldest store", () => {
    const borrowed = 'from: start\nmachine:\n  - run: { cpu: 0, to: "context_switch: atomic_inc(&oldmm->mm_count)" }';
    const seen = 'words: "${cpu1: kworker->active_mm}"';
    const p = play(
      step("waits", `${borrowed}\n${seen}`) +
        step("all", `machine:\n  - drain: { cpu: 0, all: true }\n  - drain: { cpu: 0, all: true }\n${seen}`) +
        step("none", `machine:\n  - drain: 0\n${seen}`),
      {},
      "lazy-return",
      "order: tso\n",
    );
    assert.deepEqual(
      ["waits", "all"].map((id) => stateOf(p, id).words),
      ["`NULL`", "`A`"],
    );
    assert.match(stateOf(p, "none").problems.join(), /CPU0/);
  });

  it("is the same whichever way the reader comes to it", () => {
    const text =
      step("a", lazy) +
      step("b", `machine:\n  - ${toElse}\nwords: B.`) +
      step("c", "from: a\nmachine:\n  - run: { cpu: 1, until: waits }\nwords: C.") +
      step("d", "from: b\nmachine:\n  - over: 0\nwords: D.");
    const scripts = (order: string[]) => {
      const p = play(text);
      for (const id of order) stateOf(p, id);
      return ["a", "b", "c", "d"].map((id) => stateOf(p, id).script.join());
    };
    assert.deepEqual(scripts(["d", "c", "b", "a"]), scripts(["a", "b", "a", "c", "d"]));
    const p = play(text);
    const [a, c, d] = ["a", "c", "d"].map((id) => stateOf(p, id));
    assert.deepEqual(c.script.slice(0, c.from), a.script);
    assert.equal(d.from, stateOf(p, "b").script.length);
  });

  it("gives a trace of its own: what the reader does there touches no other step", () => {
    const p = play(step("a", lazy));
    const trace = stateOf(p, "a").openTrace();
    trace.goto(3);
    trace.step(trace.machine.moves(trace.state)[1]);
    assert.equal(stateOf(p, "a").openTrace().cursor, stateOf(p, "a").script.length);
    assert.equal(stateOf(p, "a").words, "CPU0 says `TLBSTATE_LAZY`.");
  });

  it("has a script that a running session can follow, keeping the reader's own history", () => {
    const p = play(step("a", lazy));
    const { machine, script } = stateOf(p, "a");
    const session = new Trace(machine);
    for (let i = 0; i < 5; i++) session.step(machine.moves(session.state).at(-1)!);
    assert.equal(follow(session, script), undefined);
    assert.equal(session.cursor, script.length);
    assert.equal(session.branches.length, 1);
    const at = session.cursor;
    assert.equal(follow(session, [...script, 999]), script.length, "the index of the move that isn't possible");
    assert.equal(session.cursor, at);
  });

  it("runs to the second time that a CPU comes by, and counts where it stands", () => {
    const p = play(
      step(
        "a",
        "from: start\nmachine:\n  - run: { cpu: 0, to: switch_mm }\n  - run: { cpu: 0, to: switch_mm }\nwords: A.",
      ) + step("b", 'from: start\nmachine:\n  - run: { cpu: 0, to: context_switch, times: 2 }\nwords: "${next}"'),
    );
    assert.deepEqual(stateOf(p, "a").problems, []);
    assert.equal(stateOf(p, "b").words, "`A/1`");
  });

  it("delivers, handles, steps over, into and out", () => {
    const p = play(
      step("a", `${lazy}`) +
        step(
          "b",
          "machine:\n  - run: { cpu: 1, until: waits }\n  - deliver: 0\nclaims:\n  - { mode: interrupt, cpu: 0 " +
            "}\n  - { ipi: delivered, to: 0 }\nwords: B.",
        ) +
        step(
          "c",
          "machine:\n  - handle: 0\nclaims:\n  - { mode: idle, cpu: 0 }\n  - { waits: false, cpu: 1 }\n  - { " +
            "bit: A, is: clear, cpu: 0 }\n  - { tlb: A:page0, is: absent, cpu: 0 }\nwords: C.",
        ) +
        step(
          "d",
          'from: start\nmachine:\n  - run: { cpu: 0, to: "context_switch: enter_lazy_tlb(oldmm, next)" }\n  - ' +
            "into: 0\nclaims:\n  - { at: enter_lazy_tlb, cpu: 0 }\nwords: D.",
        ) +
        step("e", 'machine:\n  - out: 0\nclaims:\n  - "percpu_read(cpu_tlbstate.state) == TLBSTATE_LAZY"\nwords: E.'),
    );
    assert.deepEqual(
      checkTour(p).flatMap((r) => r.problems),
      [],
    );
  });

  it("finishes a scenario, and runs until something holds or breaks", () => {
    const p = play(
      step(
        "a",
        'from: start\nmachine:\n  - run: { cpu: 0, until: { holds: "mm_cpumask(B) == 1" } }\nclaims:\n  - { at: ' +
          '"switch_mm: load_cr3(next->pgd)" }\nwords: A.',
      ) +
        step(
          "b",
          'from: start\nmachine:\n  - fill: { cpu: 0, page: A:page0 }\n  - run: { cpu: 0, to: "switch_mm: ' +
            'load_cr3(next->pgd)" }\n  - run: { cpu: 1, until: { broken: stale-translation } }\nclaims:\n  - { ' +
            "property: stale-translation, is: broken }\n  - { tlb: A:page0, is: freed, cpu: 0 }\nwords: B.",
        ) +
        step("c", "from: start\nmachine: [{ finish: all }]\nclaims:\n  - { mode: done, cpu: 0 }\nwords: C."),
      {},
      "switch-away",
    );
    assert.deepEqual(
      checkTour(p).flatMap((r) => r.problems),
      [],
    );
  });

  it("says which of its actions isn't possible, and why", () => {
    const problems = (action: string) =>
      stateOf(play(step("a", `from: start\nmachine:\n  - ${action}\nwords: A.`)), "a").problems;
    assert.match(problems("deliver: 0")[0], /^No interrupt is pending for CPU0\.$/);
    assert.match(problems("handle: 1")[0], /^CPU1 is in no interrupt handler\.$/);
    assert.match(problems("fill: { cpu: 0, page: A:page9 }")[0], /^The scenario has no page A:page9\.$/);
    assert.match(problems("run: { cpu: 7, until: waits }")[0], /^The scenario has no CPU7\.$/);
    assert.match(
      problems("run: { cpu: 1, to: switch_mm }")[0],
      /^CPU1 doesn't get to switch_mm: it waits while !cpumask_empty.*line 88 of flush_tlb_others_ipi\(\)\.$/,
    );
    assert.match(problems("run: { cpu: 0, to: exec_mmap }")[0], /^CPU0 doesn't get to exec_mmap: it has done all/);
    assert.match(problems("run: { cpu: 0, until: waits }")[0], /^CPU0 doesn't run until it waits: it has done all/);
    assert.match(problems("run: { cpu: 0, to: no_such_function }")[0], /no function no_such_function\(\)/);
    assert.match(problems("drain: 0")[0], /no store in its buffer/);
  });

  it("says what a claim found instead", () => {
    const claims = stateOf(
      play(
        step(
          "a",
          `${lazy}\nclaims:\n  - cpu_tlbstate.state == TLBSTATE_OK\n  - { runs: A/1 }\n  - nonsense\n  - { bit: ` +
            "A, is: clear }",
        ),
      ),
      "a",
    ).claims;
    assert.deepEqual(
      claims.map((c) => c.ok),
      [false, false, false, false],
    );
    assert.equal(claims[0].why, "it is false (TLBSTATE_LAZY == TLBSTATE_OK)");
    assert.equal(claims[1].why, "it runs kworker");
    assert.match(claims[2].why!, /^`nonsense` has no value here/);
    assert.equal(claims[3].why, "it is set");
  });

  it("marks a value that there isn't in its words", () => {
    const { words, problems } = stateOf(play(step("a", 'from: start\nwords: "It is ${cpu9: x} and ${nobody}."')), "a");
    assert.equal(words, "It is ? and ?.");
    assert.equal(problems.length, 2);
  });
});
