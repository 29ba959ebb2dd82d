/** Questions that a tour asks, and who is right. */
import assert from "node:assert/strict";
import { checkTour } from "../../../src/tour/play/check-tour";
import { files } from "../../support/machine";
import { lazy, step } from "./steps";
import { play, stateOf } from "./support";

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
