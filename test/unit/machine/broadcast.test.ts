/** Flushes that the processors broadcast themselves: INVLPGB, carried out by each TLB when it likes, and TLBSYNC. */
import assert from "node:assert/strict";
import { Search } from "../../../src/check/search/search";
import { checkNow } from "../../../src/check/verdict/verdict";
import { describe as view } from "../../../src/machine/view/describe";
import { Machine, moveCpu, MoveKind, moveKind } from "../../../src/machine/machine";
import { ipisAt } from "../../../src/trace/ipis";
import { Player, read, toy, type ToyOptions } from "../../support/machine";

const A = { name: "A", pages: ["page0", "page1"], ldt: false };
const flags = "#define VA 1\n#define PCID 2\n";
const options: ToyOptions = {
  c: `${flags}#define TLB_NR_DYN_ASIDS 2\npte_t page; int x, y;`,
  mms: [A],
  tasks: [
    { name: "A/1", mm: "A" },
    { name: "A/2", mm: "A" },
  ],
  starts: ["A/1", "A/2"],
  speculation: true,
};
const player = (cpu0: string, cpu1 = "", more: ToyOptions = {}) =>
  new Player(toy([cpu0, cpu1], { ...options, ...more }));
const held = (p: Player, cpu: number): string[] =>
  view(p.machine, p.state)
    .cpus[cpu].tlb.filter((e) => !e.dropped)
    .map((e) => `${e.page} PCID ${e.pcid}`);
const carry = (p: Player, cpu: number) =>
  p.move(p.machine.moves(p.state).find((m) => moveKind(m) === MoveKind.broadcast && moveCpu(m) === cpu)!);
const unmap = "page = xchg(&tlbscope_pte(current->mm, 0x1000), 0);";

/** What CPU1 holds once it has carried out what CPU0 asks for; both pages were in its TLB under PCID 0 and 1. */
function left(asked: string): string[] {
  const p = player(asked, "write_cr3(__sme_pa(current->mm->pgd) | 1 | CR3_NOFLUSH); barrier();");
  for (let page = 0; page < 2; page++) p.fill(1, 0, page);
  p.untilWaits(1);
  for (let page = 0; page < 2; page++) p.fill(1, 0, page);
  p.untilWaits(0);
  while (p.machine.moves(p.state).some((m) => moveKind(m) === MoveKind.broadcast && moveCpu(m) === 1)) carry(p, 1);
  return held(p, 1);
}

describe("a flush that is broadcast", () => {
  it("is of a PCID, of addresses, of both, or of all", () => {
    assert.deepEqual(left("__invlpgb(0, 1, 0x2000, 1, 0, VA | PCID);"), [
      "page0 PCID 0",
      "page1 PCID 0",
      "page0 PCID 1",
    ]);
    assert.deepEqual(left("__invlpgb(0, 1, 0x1000, 2, 0, VA | PCID);"), ["page0 PCID 0", "page1 PCID 0"]);
    assert.deepEqual(left("__invlpgb_all(0, 0, PCID);"), ["page0 PCID 1", "page1 PCID 1"]);
    assert.deepEqual(left("__invlpgb(0, 0, 0x1000, 1, 0, VA);"), ["page1 PCID 0", "page1 PCID 1"]);
    assert.deepEqual(left("__invlpgb_all(0, 0, 0);"), []);
    assert.deepEqual(
      left("__invlpgb(0, 1, 0x1000, 2, 1, VA | PCID);"),
      ["page0 PCID 0", "page1 PCID 0", "page1 PCID 1"],
      "large pages: the second is 2 MiB further on",
    );
  });

  it("is carried out by each CPU when it likes, whatever that runs, and TLBSYNC waits for them all", () => {
    const p = player(
      "__invlpgb(0, 0, 0x1000, 1, 0, VA | PCID); x = 1; __tlbsync(); x = 2;",
      "local_irq_disable(); y = 1;",
    );
    p.fill(1);
    p.step(1);
    p.step(1);
    p.untilWaits(0);
    assert.deepEqual([read(p.machine, p.state, "x"), held(p, 1)], [1, ["page0 PCID 0"]]);
    assert.equal(view(p.machine, p.state).cpus[0].waits, "waits until CPU0, CPU1 carried out its INVLPGB");
    carry(p, 1);
    assert.match(p.trace.sentence(p.trace.cursor), /^CPU1 carries out CPU0's INVLPGB: A:page0 goes from its TLB\.$/);
    assert.deepEqual([held(p, 1), p.machine.canStep(p.state, 0)], [[], false]);
    carry(p, 0);
    assert.match(p.trace.sentence(p.trace.cursor), /nothing of that was in its TLB/);
    p.untilWaits(0);
    assert.equal(read(p.machine, p.state, "x"), 2);
  });

  it("waits for room when too many are on their way", () => {
    const p = player("__invlpgb_all(0, 0, 0); ".repeat(5)).untilWaits(0);
    assert.match(view(p.machine, p.state).cpus[0].waits!, /^waits for room/);
    carry(p, 0);
    carry(p, 1);
    p.untilWaits(0);
    assert.equal(view(p.machine, p.state).cpus[0].waits, undefined);
  });

  it("leaves stores in the buffer", () => {
    const p = player("x = 1; __invlpgb_all(0, 0, 0); __tlbsync();", "", { order: "tso" }).untilWaits(0);
    carry(p, 0);
    carry(p, 1);
    p.untilWaits(0);
    assert.equal(read(p.machine, p.state, "x"), 0);
  });

  it("shows on its way to every CPU, its own too, and can be let arrive", () => {
    const p = player("__invlpgb(0, 1, 0x1000, 1, 0, VA | PCID); __tlbsync();").untilWaits(0);
    const ipis = () =>
      ipisAt(p.trace).map(
        (i) => `CPU${i.from}→CPU${i.to} ${i.what}: ${i.stage}${i.deliver === undefined ? "" : ", can be delivered"}`,
      );
    assert.deepEqual(ipis(), [
      "CPU0→CPU0 INVLPGB page0 under PCID 1: queued, can be delivered",
      "CPU0→CPU1 INVLPGB page0 under PCID 1: queued, can be delivered",
    ]);
    p.move(ipisAt(p.trace)[1].deliver!);
    assert.deepEqual(ipis(), [
      "CPU0→CPU0 INVLPGB page0 under PCID 1: queued, can be delivered",
      "CPU0→CPU1 INVLPGB page0 under PCID 1: acknowledged",
    ]);
  });

  it("keeps the promise of a flush with TLBSYNC before the page is freed, and doesn't without", () => {
    const broken = (body: string) =>
      checkNow(toy([body, "tlbscope_user_read(0x1000);"], { ...options, order: "tso" }))
        .properties.filter((p) => p.counterexamples.length)
        .map((p) => p.id);
    const flush = `${unmap} __invlpgb(0, 0, 0x1000, 1, 0, VA | PCID);`;
    assert.deepEqual(broken(`${flush} __tlbsync(); tlbscope_free_page(page);`), []);
    assert.deepEqual(broken(`${flush} tlbscope_free_page(page); __tlbsync();`), ["stale-translation", "stale-use"]);
    assert.deepEqual(
      broken(`__invlpgb(0, 0, 0x1000, 1, 0, VA | PCID); ${unmap} __tlbsync(); tlbscope_free_page(page);`),
      ["stale-translation", "stale-use"],
      "asked for before the entry is cleared",
    );
  });

  it("between CPUs that are alike is searched by symmetry, with the same verdict", () => {
    const { program, scenario } = toy(
      [
        `${unmap.replace("page =", "pte_t p =")} __invlpgb(0, 0, 0x1000, 1, 0, VA | PCID); __tlbsync(); if (p) ` +
          "tlbscope_free_page(p);",
        "",
      ],
      { ...options, order: "tso" },
    );
    const m = new Machine(program, {
      ...scenario,
      cpus: scenario.cpus.map((c) => ({ ...c, does: scenario.cpus[0].does })),
    });
    const [plain, reduced, symmetric, both] = [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].map(([reduce, symmetry]) => {
      const s = new Search(m, { reduce, symmetry });
      s.run();
      return s;
    });
    assert.deepEqual(
      [plain, reduced, symmetric, both].map((s) => [...s.findings.keys()]),
      [[], [], [], []],
    );
    assert.deepEqual(both.interchangeable, [[0, 1]]);
    assert.ok(
      symmetric.progress.states < plain.progress.states * 0.6,
      `${symmetric.progress.states} of ${plain.progress.states}`,
    );
  });
});

describe("bitmaps, as the kernel keeps PCIDs in them", () => {
  it("are searched, cleared and set, without LOCK", () => {
    const m = toy(
      [
        "__set_bit(3, map); __set_bit(4, map); __set_bit(9, other); x = find_next_zero_bit(map, 40, 3); y = " +
          "find_next_bit(map, 40, 5); bitmap_andnot(map, map, other, 40); __clear_bit(3, map); z = test_bit(4, " +
          "map); bitmap_clear(map, 0, 40); w = map[0];",
      ],
      { c: "static DECLARE_BITMAP(map, 40);\nstatic DECLARE_BITMAP(other, 40);\nint x, y, z, w;" },
    );
    const p = new Player(m).finish();
    assert.deepEqual(
      ["x", "y", "z", "w"].map((n) => read(m, p.state, n)),
      [5, 40, 1, 0],
    );
    assert.deepEqual(
      m.code.instrs.filter((i) => i.op === "rmw"),
      [],
    );
  });
});
