import assert from "node:assert/strict";
import { traceMarkdown } from "../../../src/export/trace-markdown";
import { editionMachine, Player } from "../../support/machine";

describe("a trace as Markdown", () => {
  it("has a row for each step: who, where, what, and what it broke", () => {
    const p = new Player(editionMachine("switch-away"));
    p.fill(0);
    p.to(0, "switch_mm:44").actions(1, 1);
    const lines = traceMarkdown(p.trace).trimEnd().split("\n");
    assert.equal(
      lines[2],
      "switch-away, native, SC, 2 CPUs. CPU0 goes A → B, while a thread of A on CPU1 unmaps and frees a page of A.",
    );
    assert.equal(lines.length, 6 + p.trace.last);
    assert.match(lines[6], /^\| 1 \| CPU0 \| {2}\| CPU0 fills its TLB with A:page0 → frame1, speculatively/);
    assert.ok(lines.some((l) => l.includes("| switch\\_mm, line 40 |")));
    assert.equal(lines.filter((l) => l.includes("**stale-translation:**")).length, 1);
  });
});
