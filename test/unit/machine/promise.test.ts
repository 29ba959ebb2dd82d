/** What a flush promises: read from the code, or asked for; and whom a freed page may still be held by. */
import assert from "node:assert/strict";
import { describeBounds } from "../../../src/check/verdict/bounds";
import { sentenceOf } from "../../../src/machine/effects";
import { buildProgram } from "../../../src/kernel/program";
import { parser, source } from "../../support/kernel";
import { Player, toy, type ToyOptions } from "../../support/machine";

/** A kernel that counts flushes, and a switch that looks at these counts. */
const counting = (looks: string) => `struct tlb_context { int tlb_gen; }; DEFINE_PER_CPU(struct tlb_context, ctx);
int x; pte_t page; struct mm_struct *mm;
void look(void) { ${looks} }
void context_switch(void) { look(); }`;
const both = "x = current->mm->context.tlb_gen; x = this_cpu_read(ctx.tlb_gen);";
const programOf = (looks: string, settings = {}) =>
  buildProgram({
    parser: parser(),
    files: [
      source(
        `${counting(looks)}\nvoid scenario_touch(unsigned long addr) { context_switch(); mm->context.tlb_gen++; }`,
      ),
    ],
    platform: "native",
    settings,
  });
const kindOf = (looks: string, settings = {}) => programOf(looks, settings).promise.kind;

describe("a flush's promise", () => {
  it("is before use where a switch compares the mm's generation with the CPU's own, and at once otherwise", () => {
    assert.equal(kindOf(both), "before use");
    assert.equal(
      kindOf("this_cpu_write(ctx.tlb_gen, current->mm->context.tlb_gen);"),
      "before use",
      "a switch that flushes anyway notes the generation",
    );
    for (const looks of ["", "x = current->mm->context.tlb_gen;", "x = this_cpu_read(ctx.tlb_gen);"])
      assert.equal(kindOf(looks), "at once", looks);
  });
  it("can be asked for, and is shown where there is a choice", () => {
    assert.deepEqual([kindOf(both, { flush_at_once: 1 }), kindOf("", { flush_at_once: 0 })], ["at once", "before use"]);
    const told = (looks: string, settings = {}) =>
      programOf(looks, settings)
        .settings.filter((s) => s.name === "flush_at_once")
        .map((s) => s.value);
    assert.deepEqual(
      [told(both), told(both, { flush_at_once: 1 }), told(""), told("", { flush_at_once: 1 })],
      [[0], [1], [], [1]],
    );
  });

  const A = { name: "A", pages: ["page0"], ldt: false };
  const options: ToyOptions = {
    mms: [A],
    tasks: [
      { name: "A/1", mm: "A" },
      { name: "A/2", mm: "A" },
    ],
    starts: ["A/1", "A/2"],
    speculation: true,
  };
  const away = "context_switch(); mm = current->mm; current->mm = NULL; x = 1; current->mm = mm;";
  const free = "page = xchg(&tlbscope_pte(current->mm, 0x1000), 0); tlbscope_free_page(page);";
  /** CPU0 leaves its mm, CPU1 frees a page that CPU0's TLB holds, CPU0 comes back. */
  const leaving = (looks: string, until: (p: Player) => boolean) => {
    const p = new Player(toy([away, free], { ...options, c: counting(looks) }));
    p.fill(0);
    while (!until(p)) p.step(0);
    p.untilWaits(1);
    const freed = p.violations.map((v) => v.why);
    p.untilWaits(0);
    return { p, freed, later: p.violations.map((v) => v.why).slice(freed.length) };
  };
  const isAway = (p: Player) => /x = 1/.test(p.trace.sentence(p.trace.cursor));
  const held = "CPU1 frees frame1 while CPU0's TLB still holds A:page0 → frame1.";

  it("at once: no CPU may hold a page that is freed, whatever it runs", () =>
    assert.deepEqual(leaving("", isAway).freed, [held]));
  it("before use: one that isn't on the mm may, until it comes back", () => {
    const { freed, later } = leaving(both, isAway);
    assert.deepEqual(
      [freed, later],
      [[], ["A/1 is in user mode on CPU0, whose TLB still holds A:page0 → frame1, which was freed."]],
    );
  });
  it("before use: one that is on the mm may not", () => assert.deepEqual(leaving(both, () => true).freed, [held]));

  it("is told with the property and with the verdict's bounds", () => {
    const { machine } = leaving(both, () => true).p;
    assert.match(
      sentenceOf("stale-translation", machine.program.promise),
      /flushes are counted, and compared before use/,
    );
    assert.match(
      describeBounds(machine, "complete", { reduce: false, interchangeable: [], asymmetry: undefined }, {}),
      / A flush is held to what it promises before a CPU uses the mm, as look\(\) keeps to the mm's tlb_gen when it goes on with an mm /,
    );
    const strict = leaving("", isAway).p.machine;
    assert.doesNotMatch(sentenceOf("stale-translation", strict.program.promise), /before use/);
    assert.doesNotMatch(
      describeBounds(strict, "complete", { reduce: false, interchangeable: [], asymmetry: undefined }, {}),
      /promises/,
    );
  });
});
