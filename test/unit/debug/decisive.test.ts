/** A session on an execution that breaks a promise stands where that is decided. */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict/verdict";
import { editionMachine } from "../../support/machine";
import { launched } from "./wire";

describe("following an execution to what decides it", () => {
  let moves: number[];
  before(() => {
    const { properties } = checkNow(editionMachine("switch-away"));
    ({ moves } = properties.flatMap((p) => p.counterexamples)[0]);
  });

  it("stands at the kernel's statement on which the failure hangs, with the rest ahead", async () => {
    const w = await launched({ scenario: "switch-away" });
    const { step } = await w.custom("tlbscope.follow", { moves, cpu: 0, decisive: true });
    assert.equal(step, w.panel.step);
    assert.equal(w.panel.last, moves.length);
    assert.equal(w.panel.selectedCpu, 1);
    const at = w.panel.view.cpus[1].at;
    assert.deepEqual([at?.fn, at?.line], ["flush_tlb_page", 142]);
    await w.go(() => w.custom("tlbscope.stepForward"));
    assert.match(w.panel.sentence, /mm_cpumask\(A\) = CPU1/);
  });

  it("stands at its end where that isn't asked for, or nothing breaks", async () => {
    const w = await launched({ scenario: "switch-away" });
    await w.custom("tlbscope.follow", { moves, cpu: 0 });
    assert.deepEqual([w.panel.step, w.panel.selectedCpu], [moves.length, 0]);
    const kept = moves.slice(0, -1);
    const { step } = await w.custom("tlbscope.follow", { moves: kept, cpu: 1, decisive: true });
    assert.deepEqual([step, w.panel.selectedCpu], [kept.length, 1]);
  });
});
