import assert from "node:assert/strict";
import fc from "fast-check";
import { positionAt } from "../../../src/kernel/syntax/source";
import { find } from "../../../src/tour/anchor/anchor";
import { canonical } from "../../../src/tour/anchor/canonical";
import type { Anchor } from "../../../src/tour/format/tour";
import { readAnchor } from "../../../src/tour/format/notation";
import { Statements } from "../../../src/tour/anchor/source-statements";
import { build, edition, insertAt, parser, withoutLines, type Edit } from "../../support/kernel";
import { files } from "../../support/machine";
import { filesWith } from "./support";

const one = (text: string): string => canonical(text).join(" ");

describe("two spellings of a statement are the same", () => {
  const pairs: [string, string][] = [
    ["percpu_write(cpu_tlbstate.state, TLBSTATE_OK)", "this_cpu_write ( cpu_tlbstate.state,\n\tTLBSTATE_OK );"],
    ["percpu_read(cpu_tlbstate.active_mm)", "x86_read_percpu(cpu_tlbstate.active_mm)"],
    ["cpumask_clear_cpu(cpu, mm_cpumask(prev))", "cpu_clear(cpu, prev->cpu_vm_mask)"],
    ["!cpumask_test_and_set_cpu(cpu, mm_cpumask(next))", "if (!cpu_test_and_set(cpu, next->cpu_vm_mask)) {"],
    ["prev != next", "if (likely(prev != next))"],
    ["unlikely(!mm)", "!mm"],
    ["cpu = smp_processor_id()", "unsigned int cpu = raw_smp_processor_id();"],
    ["struct smp_flush_state *f = &flush_state[sender]", "f = &flush_state[sender]"],
    ["load_cr3(next->pgd) /* now */", "write_cr3(next->pgd)"],
    ["cpumask_empty(to_cpumask(f->flush_cpumask))", "cpumask_empty(&f->flush_cpumask)"],
    ["apic->send_IPI_mask(mask, v)", "send_IPI_mask(mask, v)"],
    ["x = READ_ONCE(a->b)", "x = a->b"],
    ["switch_mm((prev), (next), NULL)", "switch_mm(prev, next, NULL)"],
    ["f((void *)info)", "f(info)"],
  ];
  for (const [a, b] of pairs) it(`${a}  ~  ${b.replace(/\s+/g, " ")}`, () => assert.equal(one(a), one(b)));

  const different: [string, string][] = [
    ["percpu_write(cpu_tlbstate.state, TLBSTATE_OK)", "percpu_write(cpu_tlbstate.state, TLBSTATE_LAZY)"],
    ["cpumask_set_cpu(cpu, mm_cpumask(next))", "cpumask_clear_cpu(cpu, mm_cpumask(next))"],
    ["load_cr3(next->pgd)", "load_cr3(prev->pgd)"],
    ["a & b", "a && b"],
    ["return x", "return y"],
  ];
  for (const [a, b] of different) it(`but not ${a}  and  ${b}`, () => assert.notEqual(one(a), one(b)));

  it("whatever the text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 80, unit: "binary" }), (text) => void canonical(text)));
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "(",
            ")",
            "a",
            "->",
            "cpu_vm_mask",
            "likely",
            "*",
            "&",
            "=",
            "if",
            "do",
            "else",
            ";",
            "[",
            "]",
            ",",
            "struct",
            "apic",
          ),
          { maxLength: 14 },
        ),
        (list) => void canonical(list.join(" ")),
      ),
    );
  });
});

describe("an anchor", () => {
  const found = (at: string | Anchor, edits: Record<string, Edit> = {}) => {
    const source = (all: ReturnType<typeof edition>) => new Statements(parser(), build(all));
    const anchor = typeof at === "string" ? readAnchor(at)! : at;
    return find(anchor, source(filesWith(edits)), Object.keys(edits).length ? source(edition()) : undefined);
  };
  /** `line`, or `line: message`, or the message of what is lost. */
  const told = (...of: Parameters<typeof found>): string => {
    const f = found(...of);
    if ("lost" in f) return f.lost;
    const line = positionAt(f.fn.item.file, f.statement?.start ?? f.fn.item.nameStart).line;
    return f.drift ? `${line} ${f.drift.k}: ${f.drift.message}` : String(line);
  };

  it(
    "finds a statement, the n-th of several, one in an else branch, a condition, a declaration and a function's " +
      "head",
    () => {
      assert.equal(told("switch_mm: load_cr3(next->pgd)"), "50");
      assert.equal(told("switch_mm: load_cr3(next->pgd) #2"), "68");
      assert.equal(
        told({ fn: ["switch_mm"], stmt: ["percpu_write(cpu_tlbstate.state, TLBSTATE_OK)"], nth: 1, in: "else" }),
        "60",
      );
      assert.equal(told("switch_mm: if (prev != next)"), "38");
      assert.equal(told("switch_mm: cpu = smp_processor_id()"), "36");
      assert.equal(told("switch_mm"), "33");
      assert.equal(told("context_switch: switch_mm(oldmm, mm, next)"), "3020");
    },
  );

  it("takes the first name and wording that the source has", () => {
    assert.equal(
      told({
        fn: ["switch_mm_irqs_off", "switch_mm"],
        stmt: ["write_cr3(build_cr3(next->pgd))", "load_cr3(next->pgd)"],
        nth: 1,
      }),
      "50",
    );
  });

  it("follows its statement to other lines", () => {
    assert.equal(told("switch_mm: load_cr3(next->pgd)", { [files.mmuContext]: (t) => `\n\n${t}` }), "52");
  });

  it("finds it below a function that is only half typed", () => {
    assert.equal(
      told("switch_mm: load_cr3(next->pgd)", {
        [files.mmuContext]: (t) =>
          t.replace(
            "static inline void switch_mm",
            "static void broken(int x\n{\n\tif (x {\n\nstatic inline void switch_mm",
          ),
      }),
      "54",
    );
  });

  it("says what stands nearest when the statement reads otherwise", () => {
    assert.match(
      told("switch_mm: load_cr3(next->pgd)", {
        [files.mmuContext]: (t) => t.replaceAll("load_cr3(next->pgd)", "load_cr3(next->new_pgd)"),
      }),
      /^50 near: The code has drifted: switch_mm\(\) in your source has no `load_cr3\(next->pgd\)`\. The nearest statement there is `load_cr3\(next->new_pgd\)`, on line 50\.$/,
    );
  });

  it("says that a statement is missing, and where it would stand", () => {
    assert.match(
      told("switch_mm: cpumask_clear_cpu(cpu, mm_cpumask(prev))", { [files.mmuContext]: withoutLines(40) }),
      /^44 missing: .* is missing\. It would stand before `percpu_write\(cpu_tlbstate\.state, TLBSTATE_OK\)`, on line 44\.$/,
    );
  });

  it("says that a statement was moved, and past what; its neighbours weren't", () => {
    const late: Edit = (t) => insertAt(52, "\t\tcpumask_clear_cpu(cpu, mm_cpumask(prev));")(withoutLines(40)(t));
    assert.match(
      told("switch_mm: cpumask_clear_cpu(cpu, mm_cpumask(prev))", { [files.mmuContext]: late }),
      /^52 moved: .* was moved\. It stands on line 52, below `load_cr3\(next->pgd\)`; in the tour's own edition it stands above it\.$/,
    );
    for (const s of [
      "load_cr3(next->pgd)",
      "percpu_write(cpu_tlbstate.active_mm, next)",
      "cpumask_set_cpu(cpu, mm_cpumask(next))",
    ])
      assert.doesNotMatch(told(`switch_mm: ${s}`, { [files.mmuContext]: late }), /moved/);
  });

  it("says that there are fewer of them, or that it left its branch", () => {
    assert.match(told("switch_mm: load_cr3(next->pgd) #3"), /^68 near: .*stands 2 times, and the tour means number 3/);
    assert.match(
      told(
        { fn: ["switch_mm"], stmt: ["load_LDT_nolock(&next->context)"], nth: 1, in: "else" },
        { [files.mmuContext]: withoutLines(69) },
      ),
      /^56 near: .*doesn't stand in an else branch/,
    );
  });

  it("says plainly when the code has drifted too far", () => {
    assert.match(
      told("switch_mm_irqs_off: load_cr3(x)"),
      /drifted too far: your source has no function switch_mm_irqs_off\(\)/,
    );
    assert.match(
      told("leave_mm: trace_nothing_like_it()"),
      /drifted too far: leave_mm\(\) in your source has nothing like/,
    );
  });

  it("is found or not, but never throws, whatever it says and however the source is cut", () => {
    const word = fc.constantFrom("switch_mm", "leave_mm", "context_switch", "x");
    const stmt = fc.oneof(
      fc.string({ maxLength: 30, unit: "binary" }),
      fc.constantFrom("load_cr3(next->pgd)", "prev != next", "}", "((((", "if (", ";"),
    );
    const cut: fc.Arbitrary<Edit> = fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 400 })).map(
      ([at, n]) =>
        (t) =>
          t.slice(0, at % (t.length - 1)) + t.slice((at % (t.length - 1)) + n),
    );
    fc.assert(
      fc.property(
        word,
        stmt,
        fc.integer({ min: 1, max: 3 }),
        fc.option(fc.constantFrom("then" as const, "else" as const), { nil: undefined }),
        cut,
        (fn, s, nth, branch, edit) => {
          const text = told({ fn: [fn], stmt: [s], nth, in: branch }, { [files.mmuContext]: edit });
          assert.match(text, /^\d+$|drifted/);
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});
