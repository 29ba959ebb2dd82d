/** What every kernel file may use without defining it: what C makes of it, and the tree's own word before ours. */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict/verdict";
import { configOf } from "../../../src/kernel/configuration";
import { usualHeader } from "../../../src/kernel/primitives/usual-header";
import { readFile } from "../../../src/kernel/syntax/read-file";
import { actions, compile } from "../../support/kernel";
import { editionMachine, files, leaves } from "../../support/machine";

/** What expressions are, by the C of TLBscope. */
const values = (expressions: string[], c = ""): number[] => {
  const names = expressions.map((_, i) => `v${i}`);
  const left = leaves(expressions.map((e, i) => `v${i} = ${e};`).join(" "), names, {
    c: `int ${names.join(", ")}; ${c}`,
  });
  return names.map((n) => left[n]);
};
const are = (expected: Record<string, number>, c = "") =>
  assert.deepEqual(values(Object.keys(expected), c), Object.values(expected));
const diagnosticsOf = (c: string, body: string) =>
  compile(`${c}\nvoid scenario_touch(unsigned long addr)\n{\n${body}\n}\n`).diagnostics.map((d) => d.message);

describe("what headers everywhere define", () => {
  it("is read whole: every name can be used", () => {
    const { macros, problems } = readFile(usualHeader, configOf("native", { CONFIG_IRQ_PIPELINE: 1 }));
    assert.deepEqual(problems, []);
    assert.ok(macros.size > 100);
    for (const [name, { params }] of macros) {
      const taken = (params ?? []).map((p) => ({ s: "&i", flags: "flags", mm: "&init_mm" })[p] ?? "i").join(", ");
      const statement = /^topology_\w+_cpumask$/.test(name) ? `m = ${name}` : name;
      assert.deepEqual(
        diagnosticsOf(
          "struct mm_struct { pgd_t *pgd; } init_mm; int i; const struct cpumask *m; unsigned long flags;",
          `${statement}${params ? `(${taken})` : ""};`,
        ),
        [],
        name,
      );
    }
  });
  it("are sizes and masks of pages, as the scenarios' addresses have them", () => {
    are({
      "0x2abc & PAGE_MASK": 0x2000,
      "PAGE_ALIGN(0x2001)": 0x3000,
      "offset_in_page(0x2abc)": 0xabc,
      "0x3000 >> PAGE_SHIFT": 3,
      PMD_SIZE: 0x200000,
      "0x2abc & PMD_MASK": 0,
      "(0x2abc + PGDIR_SIZE) & PGDIR_MASK": 1 << 30,
      "0x2000 >> PGDIR_SHIFT": 0,
      HPAGE_PMD_NR: 512,
      "get_order(0x2001)": 2,
    });
  });
  it("is arithmetic", () => {
    are({
      "ALIGN(13, 8)": 16,
      "ALIGN_DOWN(13, 8)": 8,
      "IS_ALIGNED(16, 8)": 1,
      "IS_ALIGNED(13, 8)": 0,
      "round_up(16, 8)": 16,
      "round_down(15, 8)": 8,
      "roundup(10, 3)": 12,
      "DIV_ROUND_UP(7, 3)": 3,
      "ilog2(4096)": 12,
      "ilog2(4097)": 12,
      "roundup_pow_of_two(1)": 1,
      "roundup_pow_of_two(5)": 8,
      "rounddown_pow_of_two(5)": 4,
      "is_power_of_2(8)": 1,
      "is_power_of_2(0)": 0,
      "min3(3, 1, 2)": 1,
      "min_not_zero(0, 5)": 5,
      "fls(0)": 0,
      "fls(1)": 1,
      "fls(0x80000000)": 32,
      "ffs(0)": 0,
      "ffs(12)": 3,
      "__ffs(12)": 2,
      "__fls(12)": 3,
      "ffz(7)": 3,
      "hweight32(0xf0f)": 8,
      INT_MAX: 0x7fffffff,
      "(int)UINT_MAX": -1,
      "INT_MIN < 0 && LONG_MAX > 0 && ULONG_MAX != 0": 1,
      "BITS_TO_LONGS(NR_CPUS)": 1,
    });
    are({ "fls(x) + ffs(x)": 9 + 3 }, "int x = 0x104;");
  });
  it("is known without running, so that what it makes unreachable isn't missed", () =>
    assert.deepEqual(
      diagnosticsOf("int i;", "if (ilog2(64) != 6 || PMD_SIZE < PAGE_SIZE || BITS_PER_LONG != 64) missing();"),
      [],
    ));
  it("is one node of memory", () =>
    are({ "numa_node_id() + cpu_to_node(1)": 0, "num_online_nodes()": 1, "node_online(0)": 1, "node_online(1)": 0 }));
  it("are counters that are odd while something is written", () => {
    are(
      { "read_seqcount_begin(&s)": 4, "read_seqcount_retry(&s, 4)": 0, "read_seqcount_retry(&s, 2)": 1 },
      "seqcount_t s = 4;",
    );
    const c = "int s, x, y, z, tries; unsigned int seq;";
    const writer = "write_seqcount_begin(&s); x = 1; y = 1; write_seqcount_end(&s);";
    const reader =
      "do { tries++; seq = read_seqcount_begin(&s); z = x * 10 + y; } while (read_seqcount_retry(&s, seq));";
    assert.ok([0, 11].includes(leaves([writer, reader], ["z"], { c }).z));
  });
  it("are local locks, and the names of real-time and pipelined kernels, as a plain kernel has them", () => {
    const did = (body: string, settings = {}) =>
      actions(
        compile(
          `int l; unsigned long flags;\nvoid scenario_touch(unsigned long addr)\n{\n${body}\n}\n`,
          "native",
          settings,
        ),
        "scenario_touch",
      ).filter((a) => a.startsWith("hw"));
    assert.deepEqual(did("local_lock(&l); local_unlock(&l); preempt_disable_rt(); preempt_enable_nort();"), []);
    assert.deepEqual(did("local_lock_irqsave(&l, flags); local_unlock_irqrestore(&l, flags);"), [
      "hw irq_save",
      "hw irq_restore",
    ]);
    assert.deepEqual(did("flags = hard_local_irq_save(); hard_local_irq_restore(flags);"), [
      "hw irq_save",
      "hw irq_restore",
    ]);
    const protects = "protect_inband_mm(flags); unprotect_inband_mm(flags);";
    assert.deepEqual(did(protects), []);
    assert.deepEqual(did(protects, { CONFIG_IRQ_PIPELINE: 1 }), ["hw irq_save", "hw irq_restore"]);
  });
  it("gives way to the tree's own definition, be it a macro, a function, a variable or an enumerator", () => {
    are({ "ALIGN(1, 2)": 7 }, "\n#define ALIGN(x, a) 7\n");
    are({ "ilog2(8)": 5, "fls(8)": 6 }, "static int ilog2(int n) { return 5; } static int fls(int n) { return 6; }");
    are({ PUD_SHIFT: 3 }, "enum shifts { PUD_SHIFT = 3 };");
    are({ nr_node_ids: 2 }, "int nr_node_ids = 2;");
  });
});

describe("an edit that uses it", () => {
  const verdict = (id: string, edit: (t: string) => string) => {
    const v = checkNow(editionMachine(id, { [files.tlb]: edit }));
    return [v.outcome, v.restsOn.length];
  };
  const flushPage = (statement: string) => (t: string) =>
    t.replace(/(void flush_tlb_page\([^]*?)(\n\tpreempt_disable\(\);)/, `$1\n\t${statement}$2`);

  it("keeps the verdict where it changes nothing: an address with its offset cut off", () =>
    assert.deepEqual(verdict("lazy-return", flushPage("va &= PAGE_MASK;")), ["holds", 0]));
  it("ends: a loop by the size of a page middle directory's entry", () =>
    assert.deepEqual(
      verdict("lazy-return", flushPage("for (unsigned long a = va; a < va + PAGE_SIZE; a += PMD_SIZE) cpu_relax();")),
      ["holds", 0],
    ));
  it("still tells what is broken: the address of another page", () =>
    assert.deepEqual(verdict("lazy-return", flushPage("va += PAGE_SIZE;")), ["fails", 0]));
});
