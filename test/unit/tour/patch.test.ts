/** Steps that run a changed copy of the source. */
import assert from "node:assert/strict";
import { lazy, step, toElse } from "./steps";
import { play, stateOf } from "./support";

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
