import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Action, Scenario } from "../../../src/scenario/scenario";
import { readScenario } from "../../../src/scenario/read-scenario";
import { scenarioJsonSchema } from "../../../src/scenario/scenario-schema";
import { builtIns, complaints } from "./support";

/** A scenario in a line per CPU. */
const summary = (s: Scenario) =>
  s.cpus.map((cpu) => [cpu.starts, ...cpu.does.map(({ action }) => inShort(action))].join(", "));

function inShort(a: Action): string {
  switch (a.do) {
    case "exit":
      return a.do;
    case "schedule":
      return `${a.do} ${a.task}`;
    case "exec":
    case "global_asid":
      return `${a.do} ${a.mm}`;
    case "reclaim":
      return `${a.do} ${a.mm}:${a.page} by ${a.pte}`;
    default:
      return `${a.do} ${a.page}`;
  }
}

describe("the built-in scenarios", () => {
  const expected: Record<string, string[]> = {
    "lazy-return": ["A/1, schedule kworker, schedule A/1, touch page0", "A/2, munmap page0"],
    "switch-away": ["A/1, schedule B/1", "A/2, munmap page0"],
    "switch-in": ["B/1, schedule A/1, touch page0", "A/2, munmap page0"],
    "helper-exec-xen": ["A/1, exit, schedule helper, exec H", "A/2, exit"],
    reclaim: ["B/1, schedule A/1, touch page0", "B/2, reclaim A:page0 by store"],
    "reclaim-xchg": ["B/1, schedule A/1, touch page0", "B/2, reclaim A:page0 by xchg"],
    "reclaim-batched": ["B/1, schedule A/1, touch page0", "B/2, reclaim A:page0 by batched"],
    "unmap-table": ["A/1, schedule kworker", "A/2, munmap_table page0"],
    "two-lazy-cpus": ["A/1, schedule swapper/0", "A/2, schedule swapper/1", "A/3, munmap page0"],
  };

  it("are these", () => assert.deepEqual([...builtIns.keys()].sort(), Object.keys(expected).sort()));

  for (const [id, cpus] of Object.entries(expected)) {
    it(`${id} reads without a complaint and does what its name says`, () => {
      const text = builtIns.get(id)!;
      assert.deepEqual(complaints(text), []);
      const { scenario } = readScenario(text);
      assert.equal(scenario?.id, id);
      assert.equal(scenario?.platform, id.endsWith("-xen") ? "xen" : "native");
      assert.deepEqual(summary(scenario!), cpus);
    });
  }
});

describe("the JSON schema", () => {
  const file = path.resolve("walkthroughs/schema/scenario.schema.json");

  it("in the tree is up to date", () => {
    assert.deepEqual(
      JSON.parse(readFileSync(file, "utf8")),
      scenarioJsonSchema(),
      "Run node scripts/schemas.mjs and commit what it writes.",
    );
  });

  it("describes every field", () => {
    const without: string[] = [];
    const visit = (node: unknown, at: string): void => {
      if (typeof node !== "object" || node === null) return;
      const { properties } = node as { properties?: Record<string, { description?: string }> };
      for (const [name, field] of Object.entries(properties ?? {}))
        if (!field.description) without.push(`${at}/${name}`);
      for (const [key, child] of Object.entries(node)) visit(child, `${at}/${key}`);
    };
    visit(scenarioJsonSchema(), "");
    assert.deepEqual(without, []);
    assert.equal(Object.keys(scenarioJsonSchema().properties as object).length, 9);
  });
});
