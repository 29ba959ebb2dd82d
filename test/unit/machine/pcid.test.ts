/**
 * Process-context identifiers: what a load of CR3 keeps, what INVLPG and INVPCID reach, and when kept translations
 * break the promise.
 */
import assert from "node:assert/strict";
import { describe as view } from "../../../src/machine/view/describe";
import { W } from "../../../src/machine/layout";
import { fillOf, moveCpu, MoveKind, moveKind } from "../../../src/machine/machine";
import { CR3 } from "../../../src/kernel/ctype";
import { formatValue } from "../../../src/machine/cells";
import { Player, read, shown, toy, type ToyOptions } from "../../support/machine";

const A = { name: "A", pages: ["page0", "page1"], ldt: false };
const tasks: ToyOptions["tasks"] = [
  { name: "A/1", mm: "A" },
  { name: "A/2", mm: "A" },
];
const options: ToyOptions = {
  c: "#define TLB_NR_DYN_ASIDS 2\npte_t page;",
  mms: [A],
  tasks,
  starts: ["A/1", "A/2"],
  speculation: true,
};

/** A's page tables under a PCID, as build_cr3() makes it. */
const cr3 = (pcid: number, keep = false) =>
  `write_cr3(__sme_pa(current->mm->pgd) | ${pcid}${keep ? " | CR3_NOFLUSH" : ""});`;

function player(bodies: string[], more: ToyOptions = {}): Player {
  return new Player(toy(bodies, { ...options, ...more }));
}

const held = (p: Player, cpu: number): string[] =>
  view(p.machine, p.state)
    .cpus[cpu].tlb.filter((e) => !e.dropped)
    .map((e) => `${e.page} PCID ${e.pcid}`);

/** Runs CPU 0 statement by statement, filling both pages before each. */
function filling(body: string): string[] {
  const p = player([body, ""]);
  p.step(0);
  while (p.machine.hasStep(p.state, 0)) {
    for (const m of p.machine.moves(p.state))
      if (moveKind(m) === MoveKind.fill && moveCpu(m) === 0) p.fill(0, 0, fillOf(m).page);
    p.step(0);
  }
  return held(p, 0);
}

describe("PCIDs", () => {
  it("tag what is filled while they are loaded", () =>
    assert.deepEqual(filling(`${cr3(2)} barrier();`), [
      "page0 PCID 0",
      "page1 PCID 0",
      "page0 PCID 2",
      "page1 PCID 2",
    ]));
  it("a load of CR3 drops the translations of its own PCID only", () =>
    assert.deepEqual(filling(`${cr3(1)} ${cr3(2)} ${cr3(1)}`), [
      "page0 PCID 0",
      "page1 PCID 0",
      "page0 PCID 2",
      "page1 PCID 2",
    ]));
  it("bit 63 keeps them", () =>
    assert.deepEqual(filling(`${cr3(1)} ${cr3(2)} ${cr3(1, true)}`), [
      "page0 PCID 0",
      "page1 PCID 0",
      "page0 PCID 1",
      "page1 PCID 1",
      "page0 PCID 2",
      "page1 PCID 2",
    ]));
  it("INVLPG drops a page of the PCID that is loaded", () =>
    assert.deepEqual(filling(`${cr3(1)} asm volatile("invlpg (%0)" ::"r" (0x1000) : "memory");`), [
      "page0 PCID 0",
      "page1 PCID 0",
      "page1 PCID 1",
    ]));
  it("INVPCID names one: a page of it, all of it, or all there are", () => {
    assert.deepEqual(filling(`${cr3(1)} invpcid_flush_one(0, 0x2000);`), [
      "page0 PCID 0",
      "page0 PCID 1",
      "page1 PCID 1",
    ]);
    assert.deepEqual(filling(`${cr3(1)} invpcid_flush_single_context(0);`), ["page0 PCID 1", "page1 PCID 1"]);
    assert.deepEqual(filling(`${cr3(1)} invpcid_flush_all();`), []);
  });

  it("go with a load of CR4 that changes PGE or PCIDE, and stay with any other", () => {
    const all = ["page0 PCID 0", "page1 PCID 0", "page0 PCID 1", "page1 PCID 1"];
    for (const kept of [
      "cr4_update_irqsoff(X86_CR4_PCE, 0)",
      "cr4_clear_bits(X86_CR4_PCE)",
      "__write_cr4(cr4_read_shadow())",
    ])
      assert.deepEqual(filling(`${cr3(1)} ${kept};`), all, kept);
    for (const dropped of [
      "cr4_clear_bits(X86_CR4_PGE)",
      "cr4_update_irqsoff(0, X86_CR4_PCIDE)",
      "native_write_cr4(cr4_read_shadow() & ~X86_CR4_PGE)",
    ])
      assert.deepEqual(filling(`${cr3(1)} ${dropped};`), [], dropped);
  });

  it("are what CR3 reads as, beside the tables", () => {
    const p = player(
      [
        `${cr3(2, true)} x = read_cr3() & CR3_PCID_MASK; y = __va(read_cr3_pa()) == current->mm->pgd; z = ` +
          "read_cr3() == (__sme_pa(current->mm->pgd) | 2);",
        "",
      ],
      { c: `${options.c} int x, y, z;` },
    ).finish();
    assert.deepEqual(
      ["x", "y", "z", "CPU0's CR3", "CPU0's CR3's PCID"].map((n) => shown(p.machine, p.state, n)),
      ["2", "1", "1", "A's page tables", "2"],
    );
    assert.deepEqual(p.violations, []);
  });

  it("stand beside the bits of linear address masking, which are kept and change no translation", () => {
    const p = player(
      [
        "write_cr3(__sme_pa(current->mm->pgd) | 1 | X86_CR3_LAM_U57); x = (read_cr3() & (X86_CR3_LAM_U48 | " +
          "X86_CR3_LAM_U57)) >> X86_CR3_LAM_U57_BIT; y = __va(read_cr3_pa()) == current->mm->pgd; was = read_cr3();",
        "",
      ],
      { c: `${options.c} int x, y; struct mm_struct; unsigned long was;` },
    );
    p.fill(0);
    p.finish();
    assert.deepEqual(
      ["x", "y"].map((n) => shown(p.machine, p.state, n)),
      ["1", "1"],
    );
    assert.deepEqual([held(p, 0), p.violations], [["page0 PCID 0"], []]);
    assert.equal(
      formatValue(CR3, undefined, read(p.machine, p.state, "was"), p.machine.layout),
      "A's page tables, PCID 1, LAM_U57",
    );
  });

  it("that the kernel can't have given out are told", () => {
    assert.deepEqual(
      player([cr3(7), ""])
        .finish()
        .violations.map((v) => v.why),
      ["CPU0 loads CR3 with PCID 7; this kernel, as it is set up, uses 0 to 2."],
    );
  });

  it("may keep a translation of another one while its page is freed, but not load it again without a flush", () => {
    const freeing = "page = xchg(&tlbscope_pte(current->mm, 0x1000), 0); tlbscope_free_page(page);";
    const p = player([`${cr3(1)} ${cr3(2)} ${cr3(1, true)}`, freeing]);
    while (p.state[p.machine.layout.cpu[0] + W.pcid] !== 1) p.step(0);
    p.fill(0);
    while (p.state[p.machine.layout.cpu[0] + W.pcid] !== 2) p.step(0);
    p.untilWaits(1);
    assert.deepEqual(p.broken, []);
    p.untilWaits(0);
    assert.deepEqual(
      p.violations.map((v) => v.why),
      ["CPU0 loads CR3 and keeps A:page0 → frame1, which was freed."],
    );
  });
});
