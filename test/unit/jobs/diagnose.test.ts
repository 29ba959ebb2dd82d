/** What is told of the source itself. */
import assert from "node:assert/strict";
import { Workers } from "../../../src/jobs/workers";
import { edition } from "../../support/kernel";
import { scenario } from "../../support/machine";
import { mmuContext } from "./asking";
import { Here } from "./support";

describe("what the source's own words amount to, looked at by a worker", () => {
  it("is told as the program says it, at its place", async () => {
    const files = edition({
      [mmuContext().path]: (text: string) =>
        text.replace("percpu_write(cpu_tlbstate.active_mm, next);", "percpu_wrte(cpu_tlbstate.active_mm, next);"),
    });
    const found = await new Workers(new Here()).run({ kind: "diagnose", files }).answer;
    const { text } = files.find((f) => f.path === mmuContext().path)!;
    assert.ok(
      found.some((d) => d.code === "not-modelled" && text.slice(d.start, d.end).startsWith("percpu_wrte")),
      JSON.stringify(found),
    );
    assert.ok(
      !(await new Workers(new Here()).run({ kind: "diagnose", files: edition() }).answer).some(
        (d) => d.uri === mmuContext().uri,
      ),
    );
  });

  it("names the settings of a scenario that nothing asks for", async () => {
    const lazy = scenario("lazy-return");
    const ask = (settings: Record<string, number>) =>
      new Workers(new Here()).run({ kind: "settings", files: edition(), scenario: { ...lazy, settings } }).answer;
    assert.deepEqual(await ask({ CONFIG_DEBUG_VM: 1, X86_FEATURE_PCID: 0 }), []);
    assert.deepEqual(
      (await ask({ CONFIG_DEBUG_VN: 1, nobody_asks_this: 2, X86_FEATURE_PCID: 0 })).map(({ name }) => name),
      ["CONFIG_DEBUG_VN", "nobody_asks_this"],
    );
  });
});
