/** Moves are numbers: no two of them are the same. */
import assert from "node:assert/strict";
import { MAX_CPUS } from "../../../src/kernel/primitives/vocabulary";
import { fillMove, fillOf, moveCpu, MoveKind, moveKind } from "../../../src/machine/move";
import { maxPages } from "../../../src/scenario/scenario-schema";

describe("a move", () => {
  it("names every page of the largest mm, and the page table's own entry", () => {
    for (const page of [0, 1, maxPages - 1, maxPages]) {
      const move = fillMove(MAX_CPUS - 1, 1, page);
      assert.deepEqual(fillOf(move), { mm: 1, page });
      assert.deepEqual([moveKind(move), moveCpu(move)], [MoveKind.fill, MAX_CPUS - 1]);
    }
  });
});
