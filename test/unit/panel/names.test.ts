import assert from "node:assert/strict";
import { gridMove } from "../../../src/panel/view/parts/grid-keys";
import { fileName, shortName, withoutSharedPrefix } from "../../../src/panel/view/parts/names";

describe("names in the panel", () => {
  it("are short as long as no two in a card are the same", () => {
    const names = (...all: string[]) =>
      all.map((name) =>
        shortName(
          name,
          all.map((name) => ({ name })),
        ),
      );
    assert.deepEqual(names("cpu_tlbstate.ctxs[0].tlb_gen", "cpu_tlbstate.ctxs[1].tlb_gen", "cpu_tlbstate.next_asid"), [
      "ctxs[0].tlb_gen",
      "ctxs[1].tlb_gen",
      "next_asid",
    ]);
    assert.deepEqual(names("cpu_tlbstate.state", "cpu_tlbstate.active_mm"), ["state", "active_mm"]);
    assert.deepEqual(names("cpu_tlbstate.active_mm", "current->mm", "current->active_mm"), [
      "active_mm",
      "task mm",
      "task active_mm",
    ]);
    assert.deepEqual(names("a.state", "b.state", "rq->prev_mm"), ["a.state", "b.state", "prev_mm"]);
  });

  it("leave out the prefix that an enumerator shares with the one before", () => {
    assert.equal(withoutSharedPrefix("TLBSTATE_LAZY", "TLBSTATE_OK"), "LAZY");
    assert.equal(
      withoutSharedPrefix("swapper_pg_dir", "swapper_pg_x"),
      "swapper_pg_dir",
      "names of objects stay whole",
    );
    assert.equal(withoutSharedPrefix("2", "1"), "2");
    assert.equal(withoutSharedPrefix("NULL", "A"), "NULL");
  });

  it("of files are the last part of their address", () => {
    assert.equal(fileName({ file: "vscode-vfs://github/torvalds/linux/arch/x86/mm/tlb%2B.c" }), "tlb+.c");
    assert.equal(fileName({ file: "file:///odd%.c" }), "odd%.c");
  });
});

describe("arrow keys in a table", () => {
  it("stop at its edges and leave other keys alone", () => {
    const corner = { row: 0, column: 0 };
    assert.deepEqual(gridMove(corner, "ArrowLeft", 2, 3), corner);
    assert.deepEqual(gridMove(corner, "ArrowDown", 2, 3), { row: 1, column: 0 });
    assert.deepEqual(gridMove({ row: 1, column: 2 }, "ArrowDown", 2, 3), { row: 1, column: 2 });
    assert.equal(gridMove(corner, "Tab", 2, 3), undefined);
  });
});
