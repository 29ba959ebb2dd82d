import assert from "node:assert/strict";
import { follow } from "../../../src/trace/follow";
import { Trace } from "../../../src/trace/trace";
import { checkTour } from "../../../src/tour/play/check-tour";
import { files } from "../../support/machine";
import { withoutLines, insertAt } from "../../support/kernel";
import { placeOfStep, play, stateOf } from "./support";

/** A step of a test's tour. */
const step = (id: string, more: string): string => `- id: ${id}\n  title: ${id}\n${more.replace(/^/gm, "  ")}\n`;
const toElse =
  'run: { cpu: 0, to: { fn: switch_mm, stmt: "percpu_write(cpu_tlbstate.state, TLBSTATE_OK)", in: else } }';
const lazy =
  `from: start\nmachine:\n  - fill: { cpu: 0, page: A:page0 }\n  - run: { cpu: 0, until: action }\nwords: "CPU0 ` +
  `says \${cpu0: cpu_tlbstate.state}."`;

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

describe("a question", () => {
  const asked = (ask: string) =>
    play(
      step("q", `${lazy}\nask:\n${ask.replace(/^/gm, "  ")}\n  right: Yes.\n  wrong: "No: \${cpu0: mode}."`) +
        step("after", "words: After."),
    );
  const reveal = "then:\n  - run: { cpu: 1, until: waits }\n  - deliver: 0\n  - handle: 0\n";

  it("for a CPU is judged by the machine, after the reveal", () => {
    const p = asked(`kind: cpu\nwords: Who?\n${reveal}answer: { bit: A, is: changed }`);
    assert.equal(p.answer("q", { kind: "cpu", cpu: 0 })!.right, true);
    const wrong = p.answer("q", { kind: "cpu", cpu: 1 })!;
    assert.deepEqual(
      [wrong.right, wrong.words, wrong.rightAnswers.map((a) => a.text)],
      [false, "No: `idle`.", ["CPU0"]],
    );
  });

  it("for a bit names the cell of the cpumask matrix", () => {
    const judged = asked(`kind: bit\nwords: Which?\n${reveal}answer: { bit: $mm, is: clear }`).answer("q", {
      kind: "bit",
      cpu: 0,
      mm: "A",
    })!;
    assert.deepEqual(
      [judged.right, judged.rightAnswers.map((a) => a.text), judged.problems],
      [true, ["CPU0 in mm_cpumask(A)"], []],
    );
  });

  it("with choices has words for each, and expressions of its own", () => {
    const p = asked(
      `kind: choice\nwords: What?\n${reveal}choices:\n  - { say: It flushes, answer: CR3 == A->pgd, why: Not ` +
        `when lazy. }\n  - { say: It leaves, answer: CR3 == swapper_pg_dir }`,
    );
    assert.deepEqual(
      stateOf(p, "q").question!.answers.map((a) => a.text),
      ["It flushes", "It leaves"],
    );
    assert.equal(p.answer("q", { kind: "choice", index: 0 })!.words, "No: `idle`.\n\nNot when lazy.");
    assert.equal(p.answer("q", { kind: "choice", index: 1 })!.right, true);
    assert.equal(p.answer("q", { kind: "choice", index: 5 })!.right, false);
  });

  it("has another answer when the code is another: nothing is stored", () => {
    const text = step(
      "q",
      `${lazy}\nask:\n  kind: choice\n  words: What?\n  ${reveal.replace(/\n/g, "\n  ")}choices:\n    - { say: ` +
        `Set, answer: { bit: A, is: set, cpu: 0 } }\n    - { say: Clear, answer: { bit: A, is: clear, cpu: 0 } }\n ` +
        ` right: Yes.\n  wrong: No.`,
    );
    const right = (p: ReturnType<typeof play>) =>
      p.answer("q", { kind: "choice", index: 0 })!.rightAnswers.map((a) => a.text);
    assert.deepEqual(right(play(text)), ["Clear"]);
    assert.deepEqual(
      right(
        play(text, {
          [files.tlb]: (t) =>
            t.replace("\tcpumask_clear_cpu(cpu, mm_cpumask(percpu_read(cpu_tlbstate.active_mm)));", ""),
        }),
      ),
      ["Set"],
    );
  });

  it("goes on after its reveal", () => {
    const p = asked(`kind: cpu\nwords: Who?\n${reveal}answer: { bit: A, is: clear }`);
    assert.deepEqual(stateOf(p, "after").script, p.answer("q", { kind: "cpu", cpu: 0 })!.script);
    assert.ok(stateOf(p, "q").script.length < stateOf(p, "after").script.length);
  });

  it("that has no right answer, or only such, is a mistake of the tour", () => {
    const problems = (answer: string) =>
      checkTour(asked(`kind: cpu\nwords: Who?\nanswer: ${answer}`)).flatMap((r) => r.problems);
    assert.deepEqual(problems("1 == 2"), ["No answer to this question is right here."]);
    assert.deepEqual(problems("1 == 1"), ["Every answer to this question is right here."]);
    assert.match(problems("no_such_thing == 1")[0], /has no value here/);
  });
});

describe("a step that changes the source", () => {
  const toLine = (patch: string, more = "") =>
    play(
      step("a", `${lazy}`) +
        step(
          "b",
          `patch:\n${patch.replace(/^/gm, "  ")}\nmachine:\n  - ${toElse}\n  - over: 0\n  - over: 0\nwords: ` +
            `B.\n${more}`,
        ),
    );
  const clear =
    "- insert: cpumask_clear_cpu(cpu, mm_cpumask(next))\n  after: { fn: switch_mm, stmt: " +
    '"percpu_write(cpu_tlbstate.state, TLBSTATE_OK)", in: else }';

  it("runs a copy with it, says so, and keeps every line where it was", () => {
    const p = toLine(
      clear,
      'claims:\n  - { bit: A, is: clear, cpu: 0 }\n  - { at: "switch_mm: ' +
        'BUG_ON(percpu_read(cpu_tlbstate.active_mm) != next)" }',
    );
    const b = stateOf(p, "b");
    assert.deepEqual(
      b.claims.filter((c) => !c.ok),
      [],
    );
    assert.match(
      b.patched!.message,
      /^This step runs a changed copy of your source: `cpumask_clear_cpu\(cpu, mm_cpumask\(next\)\)` is put after line 60, .*Your file stays as it is\.$/,
    );
    assert.equal(b.patched!.changed.length, 1);
    assert.equal(
      b.patched!.changed[0].file.text.split("\n").length,
      b.patched!.changed[0].original.text.split("\n").length,
    );
    assert.equal(stateOf(p, "a").patched, undefined);
  });

  it("removes, replaces and moves statements, those without braces too", () => {
    const text = (patch: string) => {
      const b = stateOf(play(step("b", `from: start\npatch:\n${patch.replace(/^/gm, "  ")}\nwords: B.`)), "b");
      const { file, original } = b.patched!.changed[0];
      const before = original.text.split("\n");
      return file.text.split("\n").flatMap((l, i) => (l === before[i] ? [] : [`${i + 1}:${l.trim()}`]));
    };
    assert.deepEqual(text('- remove: "switch_mm: load_cr3(next->pgd)"'), ["50:;"]);
    assert.deepEqual(text('- replace: "switch_mm: prev != next"\n  with: prev == next'), ["38:if (prev == next) {"]);
    assert.deepEqual(
      text('- move: "switch_mm: cpumask_clear_cpu(cpu, mm_cpumask(prev))"\n  after: "switch_mm: load_cr3(next->pgd)"'),
      ["40:;", "50:load_cr3(next->pgd); cpumask_clear_cpu(cpu, mm_cpumask(prev));"],
    );
    assert.deepEqual(text('- insert: f()\n  before: "context_switch: switch_mm(oldmm, mm, next)"'), [
      "3020:{ f(); switch_mm(oldmm, mm, next); }",
    ]);
    assert.deepEqual(text('- insert: f()\n  after: "context_switch: switch_mm(oldmm, mm, next)"'), [
      "3020:{ switch_mm(oldmm, mm, next); f(); }",
    ]);
  });

  it("says why it can't be made", () => {
    const p = play(step("a", 'from: start\npatch:\n  - remove: "switch_mm: nothing_of_the_kind(1, 2, 3)"\nwords: A.'));
    const state = p.at("a");
    assert.match(
      "error" in state ? state.error : "",
      /^The step's change of the source can't be made\. The code has drifted/,
    );
  });
});

describe("a tour on another source", () => {
  const order =
    'needs:\n  - order: ["switch_mm: cpumask_clear_cpu(cpu, mm_cpumask(prev))", "switch_mm: load_cr3(next->pgd)"]\n';
  const mended = {
    [files.mmuContext]: (t: string) =>
      insertAt(52, "\t\tcpumask_clear_cpu(cpu, mm_cpumask(prev));")(withoutLines(40)(t)),
  };

  it("that it needs to be otherwise plays on the edition, and says so", () => {
    assert.equal(play(step("a", lazy), {}, "lazy-return", order).onEdition, undefined);
    const p = play(step("a", lazy), mended, "lazy-return", order);
    assert.match(p.onEdition!, /runs on TLBscope's own edition/);
    const other = play(step("a", lazy), mended, "lazy-return", `${order}elsewhere: Open another kernel.\n`);
    assert.deepEqual([other.onEdition, other.elsewhere, other.first], [undefined, "Open another kernel.", undefined]);
    assert.ok(stateOf(p, "a").files.every((f) => f.origin !== "open"));
  });

  it("leaves out the steps and claims that are about another", () => {
    const when = order.replace("needs:", "when:").trimEnd();
    const text = step("a", `${lazy}\nnext: race`) + step("race", `${when}\nwords: R.`) + step("b", "words: B.");
    assert.deepEqual(
      play(text).contents.items.map((i) => i.id),
      ["a", "race", "b"],
    );
    const p = play(text, mended);
    assert.deepEqual(
      p.contents.items.map((i) => i.id),
      ["a", "b"],
    );
    assert.equal(stateOf(p, "a").next, "b");
  });

  it("tells the drift beside the words, and goes on", () => {
    const state = stateOf(
      play(step("a", `from: start\nat: "switch_mm: cpumask_clear_cpu(cpu, mm_cpumask(prev))"\nwords: A.`), mended),
      "a",
    );
    assert.equal(state.drift?.k, "moved");
    assert.equal(state.place?.line, 52);
    const gone = stateOf(play(step("a", 'from: start\nat: "elsewhere: x = 1"\nwords: A.')), "a");
    assert.equal(gone.drift?.k, "lost");
    assert.equal(gone.place, undefined);
  });
});

describe("the contents of a tour", () => {
  it("have the main line numbered, and side steps under the step that leads there", () => {
    const p = play(
      step("a", `${lazy}\nbranches: [{ say: What if?, to: side }]`) +
        step("b", "words: B.\nnext: end") +
        step("side", "from: a\nwords: S.") +
        step("side2", "words: S.\nnext: b"),
    );
    assert.deepEqual(
      p.contents.items.map(({ id, number, under }) => [id, number, under]),
      [
        ["a", 1, undefined],
        ["side", undefined, "a"],
        ["side2", undefined, "a"],
        ["b", 2, undefined],
      ],
    );
    assert.deepEqual(
      ["a", "b", "side", "side2"].map((id) => stateOf(p, id).next),
      ["b", undefined, "side2", "b"],
    );
    assert.deepEqual(
      ["a", "b", "side", "side2"].map((id) => stateOf(p, id).previous),
      [undefined, "a", "a", "side"],
    );
    assert.deepEqual(stateOf(p, "a").branches, [{ say: "What if?", to: "side" }]);
  });
});
