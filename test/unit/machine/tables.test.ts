/** Page tables that are given back, and the paging-structure caches that lead to them. */
import assert from "node:assert/strict";
import { describe as view } from "../../../src/machine/view/describe";
import { Player, editionMachine, files, toy, type ToyOptions } from "../../support/machine";

const A = { name: "A", pages: ["page0", "page1"], ldt: false };
const options: ToyOptions = {
  c: "#define TLB_NR_DYN_ASIDS 2\npte_t page;",
  mms: [A],
  tasks: [
    { name: "A/1", mm: "A" },
    { name: "A/2", mm: "A" },
  ],
  starts: ["A/1", "A/2"],
  speculation: true,
  tables: true,
};
const TABLE = 2; // the slot after the pages
const player = (cpu0: string, cpu1 = "") => new Player(toy([cpu0, cpu1], options));
const held = (p: Player, cpu = 0): string[] =>
  view(p.machine, p.state)
    .cpus[cpu].tlb.filter((e) => !e.dropped)
    .map((e) => `${e.page} PCID ${e.pcid}`);
const cr3 = (pcid: number, keep = false) =>
  `write_cr3(__sme_pa(current->mm->pgd) | ${pcid}${keep ? " | CR3_NOFLUSH" : ""});`;
const unmap =
  "page = xchg(&tlbscope_pte(current->mm, 0x1000), 0); page = xchg(&tlbscope_pte(current->mm, 0x2000), 0); " +
  "tlbscope_table(current->mm) = 0;";
const free = "tlbscope_free_pgtables(current->mm);";

/** What CPU0 holds after it has filled page0 and run these statements. */
function after(body: string): string[] {
  const p = player(body);
  p.fill(0);
  p.untilWaits(0);
  return held(p);
}

describe("paging-structure caches", () => {
  it("learn where a page table is with a translation, or by themselves", () => {
    const p = player("");
    p.fill(0, 0, TABLE);
    assert.deepEqual(held(p), ["page-table PCID 0"]);
    assert.match(p.trace.sentence(p.trace.cursor), /remembers in its paging-structure cache where A's page table is/);
    p.fill(0, 0, 1);
    assert.deepEqual(held(p), ["page1 PCID 0", "page-table PCID 0"]);
    assert.match(
      p.trace.sentence(p.trace.cursor),
      /fills its TLB with A:page1 → frame2, speculatively, through its paging-structure cache\./,
    );
    assert.deepEqual(after("barrier();"), ["page0 PCID 0", "page-table PCID 0"]);
  });
  it("go with INVLPG of any page, with INVPCID of theirs, and with CR3", () => {
    assert.deepEqual(after('asm volatile("invlpg (%0)" ::"r" (0x2000) : "memory");'), ["page0 PCID 0"]);
    assert.deepEqual(after("invpcid_flush_one(0, 0x1000);"), []);
    assert.deepEqual(after("invpcid_flush_one(1, 0x1000);"), ["page0 PCID 0", "page-table PCID 0"]);
    assert.deepEqual(after("invpcid_flush_all();"), []);
    assert.deepEqual(after(cr3(0)), []);
    assert.deepEqual(after(`${cr3(1)} ${cr3(0, true)}`), ["page0 PCID 0", "page-table PCID 0"]);
  });
  it("lead to a table that is linked no more, until they are flushed", () => {
    const p = player("", "tlbscope_table(current->mm) = 0; local_flush_tlb();");
    p.fill(0, 0, TABLE);
    p.untilWaits(1);
    const fills = () =>
      p.machine
        .moves(p.state)
        .filter((m) => m >> 24 === 4)
        .map((m) => (m >> 16) & 0xff);
    assert.deepEqual(fills(), [0, 0], "CPU0's alone: both pages");
  });
});

describe("a page table", () => {
  const broken = (p: Player) => p.violations.map((v) => `${v.property}: ${v.why}`);
  const freeing = (cpu0: string, first: (p: Player) => void) => {
    const p = player(cpu0, `${unmap} local_flush_tlb(); ${free}`);
    first(p);
    p.untilWaits(1);
    return p;
  };
  it("is given back when nobody gets to it any more", () => assert.deepEqual(broken(freeing("", () => undefined)), []));
  it("is not, while a paging-structure cache leads to it; a walk through that is told as well", () => {
    const p = freeing("tlbscope_user_read(0x1000);", (x) => void x.fill(0, 0, TABLE));
    assert.deepEqual(broken(p), [
      "stale-translation: CPU1 frees A's page table while CPU0's paging-structure cache still leads to it: CPU0 " +
        "may walk it at any moment.",
    ]);
    p.fill(0, 0, 1);
    p.untilWaits(0);
    assert.deepEqual(broken(p).slice(1), [
      "stale-translation: CPU0 walks A's page table in frame3, which its paging-structure cache leads to, after " +
        "it was freed.",
      "stale-use: CPU0 walks A's page table in frame3, which its paging-structure cache leads to, after it was freed.",
    ]);
  });
  it("is not, while a TLB holds what came through it, nor while it is linked", () => {
    assert.match(
      broken(freeing("", (x) => void x.fill(0)))[0],
      /frees A's page table while CPU0's TLB still holds A:page0\.$/,
    );
    const linked = player("", free).untilWaits(1);
    assert.deepEqual(
      broken(linked),
      [0, 1].map(
        (c) =>
          `stale-translation: CPU1 frees A's page table while CPU${c} can still walk it: CR3 points at the table ` +
          "that leads to it.",
      ),
    );
  });
});

describe("unmap-table", () => {
  it("breaks when the lazy CPU is passed by, as a flush of pages alone might", () => {
    const run = (edits: Parameters<typeof editionMachine>[1]) => {
      const p = new Player(editionMachine("unmap-table", edits)).actions(0, 1);
      p.fill(0);
      return p.finish().broken;
    };
    assert.deepEqual(run({}), []);
    assert.deepEqual(
      run({
        [files.sched]: (t) =>
          t.replace(
            "enter_lazy_tlb(oldmm, next);",
            "cpumask_clear_cpu(smp_processor_id(), mm_cpumask(oldmm)); enter_lazy_tlb(oldmm, next);",
          ),
      }),
      ["stale-translation"],
    );
  });
});
