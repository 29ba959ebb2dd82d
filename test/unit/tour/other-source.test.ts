/** Tours where the source isn't the one that they were written for. */
import assert from "node:assert/strict";
import { insertAt, withoutLines } from "../../support/kernel";
import { files } from "../../support/machine";
import { lazy, step } from "./steps";
import { play, stateOf } from "./support";

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
