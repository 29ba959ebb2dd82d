/** Questions of the reader's own, before a check answers them and within one. */
import assert from "node:assert/strict";
import { Workers } from "../../../src/jobs/workers";
import { edition } from "../../support/kernel";
import { scenario } from "../../support/machine";
import { checkOf } from "./asking";
import { Here } from "./support";

describe("a question of the reader's own, looked at by a worker", () => {
  const scenarios = [scenario("lazy-return"), scenario("helper-exec-xen")];
  const look = (text: string, fn?: string) =>
    new Workers(new Here()).run({ kind: "question", files: edition(), scenarios, asked: { kind: "can", text, in: fn } })
      .answer;
  const mistake = async (text: string, fn?: string) => {
    const { refused } = await look(text, fn);
    assert.ok(refused, "it was taken");
    return [refused.at && text.slice(refused.at.start, refused.at.end), refused.why];
  };

  it("is one when some scenario's program can be asked it", async () => {
    for (const [text, fn] of [
      ["cpu_tlbstate.state == TLBSTATE_OK"],
      ["prev == next", "switch_mm"],
      ["mm != 0", "xen_drop_mm_ref"],
    ])
      assert.equal((await look(text, fn)).refused, undefined, text);
  });

  it("with a mistake, is told at the word that is wrong", async () => {
    const [word, why] = await mistake("cpu_tlbstate.stat == TLBSTATE_OK");
    assert.deepEqual([word, /isn't used/.test(why!)], ["stat", true]);
    assert.equal((await mistake("next == pref", "switch_mm"))[0], "pref");
    assert.deepEqual((await mistake("cpu_tlbstate.state =="))[0], "");
    assert.match((await mistake("cpu_tlbstate.state = TLBSTATE_OK"))[1]!, /To compare, write ==/);
  });

  it("about a function's variable, says in which function to ask", async () => {
    assert.deepEqual(await mistake("active_mm != old_mm"), [
      "active_mm",
      "active_mm is a variable of exec_mmap(): ask while that function runs.",
    ]);
  });

  it("that one scenario can't be asked doesn't keep it from its verdict", async () => {
    const asked = [
      { kind: "can" as const, text: "mm != 0", in: "xen_drop_mm_ref" },
      { kind: "can" as const, text: "cpu_tlbstate.state == TLBSTATE_LAZY" },
    ];
    const verdict = await new Workers(new Here()).run({ ...checkOf("switch-in"), asked }).answer;
    assert.deepEqual([verdict.outcome, verdict.asked.map((a) => a.standing)], ["holds", ["unknown", "never happens"]]);
    assert.match(verdict.asked[0].refused!, /no function xen_drop_mm_ref\(\)/);
  });
});
