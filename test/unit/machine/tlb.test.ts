/** What a TLB is filled with, and what it loses. */
import assert from "node:assert/strict";
import { MoveKind, moveKind } from "../../../src/machine/machine";
import { Player, read, shown, toy, type ToyOptions } from "../../support/machine";

const A = { name: "A", pages: ["page0", "page1"], ldt: false },
  B = { name: "B", pages: ["page0"], ldt: true };
/** CPU0 runs a task of A, and another of A or the idle task runs on CPU1. */
const onA: ToyOptions = {
  mms: [A, B],
  tasks: [{ name: "A/1", mm: "A" }, { name: "A/2", mm: "A" }, { name: "B/1", mm: "B" }, { name: "k" }],
  starts: ["A/1", "A/2"],
  speculation: true,
};
const tlb = (p: Player, cpu: number) =>
  p.machine.scenario.mms.flatMap((mm) =>
    mm.pages
      .filter((page) => read(p.machine, p.state, `CPU${cpu}'s TLB entry for ${mm.name}:${page}`) !== 0)
      .map((page) => `${mm.name}:${page}`),
  );

describe("the TLB", () => {
  const filled = (body: string) => {
    const p = new Player(toy([body, ""], onA));
    p.fill(0, 0, 0);
    p.fill(0, 0, 1);
    p.fill(1, 0, 0);
    assert.deepEqual([tlb(p, 0), tlb(p, 1)], [["A:page0", "A:page1"], ["A:page0"]]);
    return p.untilWaits(0);
  };

  it("loses all to a load of CR3, on that CPU alone", () => {
    const p = filled("load_cr3(swapper_pg_dir);");
    assert.deepEqual([tlb(p, 0), tlb(p, 1)], [[], ["A:page0"]]);
    assert.equal(shown(p.machine, p.state, "CPU0's CR3"), "swapper_pg_dir");
  });
  it("loses all to a load of the same CR3", () => assert.deepEqual(tlb(filled("load_cr3(current->mm->pgd);"), 0), []));
  it("loses one page to INVLPG", () => assert.deepEqual(tlb(filled("__flush_tlb_one(0x2000);"), 0), ["A:page0"]));
  it("loses all to a local flush, and CR3 stays", () => {
    const p = filled("local_flush_tlb();");
    assert.deepEqual(tlb(p, 0), []);
    assert.equal(shown(p.machine, p.state, "CPU0's CR3"), "A's page tables");
  });

  it("is filled from the loaded page tables only, with what they map", () => {
    const p = new Player(toy(["tlbscope_pte(current->mm, 0x1000) = 0;", ""], onA));
    const fills = () => p.machine.moves(p.state).filter((m) => moveKind(m) === MoveKind.fill).length;
    assert.equal(fills(), 4, "two pages of A on each CPU, none of B");
    p.untilWaits(0);
    assert.equal(fills(), 2, "page0 is unmapped");
    p.fill(0, 0, 1);
    assert.equal(fills(), 1, "an entry that is there isn't filled again");
  });

  it("keeps what the page table no longer says, until it is flushed", () => {
    const p = new Player(
      toy(
        [
          "tlbscope_pte(current->mm, 0x1000) = 0; tlbscope_user_read(0x1000); __flush_tlb_one(0x1000); " +
            "tlbscope_user_read(0x1000);",
          "",
        ],
        onA,
      ),
    );
    p.fill(0);
    p.untilWaits(0);
    const reads = Array.from({ length: p.trace.last }, (_, i) => p.trace.entry(i + 1).effects)
      .flat()
      .flatMap((e) => (e.k === "userRead" ? [e.outcome] : []));
    assert.deepEqual(reads, ["tlb", "fault"]);
  });

  it("is filled by an access, too", () => {
    const p = new Player(toy(["tlbscope_user_read(0x1000); tlbscope_user_read(0x1000);", ""], onA)).untilWaits(0);
    const reads = Array.from({ length: p.trace.last }, (_, i) => p.trace.entry(i + 1).effects)
      .flat()
      .flatMap((e) => (e.k === "userRead" ? [e.outcome] : []));
    assert.deepEqual(reads, ["walk", "tlb"]);
    assert.deepEqual(tlb(p, 0), ["A:page0"]);
  });
});
