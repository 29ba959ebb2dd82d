import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expandEdition } from "../../../src/kernel/edition";

const root = path.resolve("walkthroughs/edition");
const linesOf = (file: string) => expandEdition(readFileSync(path.join(root, file), "utf8")).split("\n");

/** What stands on each line, as a reader would recognise it. */
const steps: Record<string, [line: number, statement: RegExp][]> = {
  "kernel/sched.c": [
    [2999, /\bcontext_switch\(struct rq \*rq, struct task_struct \*prev,/],
    [3004, /^\tprepare_task_switch\(rq, prev, next\);$/],
    [3005, /^\ttrace_sched_switch\(rq, prev, next\);$/],
    [3006, /^\tmm = next->mm;$/],
    [3007, /^\toldmm = prev->active_mm;$/],
    [3013, /^\tarch_start_context_switch\(prev\);$/],
    [3015, /^\tif \(.*!mm.*\) \{$/],
    [3016, /^\t\tnext->active_mm = oldmm;$/],
    [3017, /^\t\tatomic_inc\(&oldmm->mm_count\);$/],
    [3018, /^\t\tenter_lazy_tlb\(oldmm, next\);$/],
    [3020, /^\t\tswitch_mm\(oldmm, mm, next\);$/],
    [3022, /^\tif \(.*!prev->mm.*\) \{$/],
    [3023, /^\t\tprev->active_mm = NULL;$/],
    [3024, /^\t\trq->prev_mm = oldmm;$/],
  ],
  "arch/x86/include/asm/mmu_context.h": [
    [33, /\bswitch_mm\(struct mm_struct \*prev, struct mm_struct \*next,/],
    [36, /\bcpu = smp_processor_id\(\);$/],
    [38, /^\tif \(.*prev != next.*\) \{$/],
    [40, /^\t\tcpumask_clear_cpu\(cpu, mm_cpumask\(prev\)\);$/],
    [44, /^\t\tpercpu_write\(cpu_tlbstate\.state, TLBSTATE_OK\);$/],
    [45, /^\t\tpercpu_write\(cpu_tlbstate\.active_mm, next\);$/],
    [47, /^\t\tcpumask_set_cpu\(cpu, mm_cpumask\(next\)\);$/],
    [50, /^\t\tload_cr3\(next->pgd\);$/],
    [55, /^\t\tif \(.*prev->context\.ldt != next->context\.ldt.*\)$/],
    [56, /^\t\t\tload_LDT_nolock\(&next->context\);$/],
    [60, /^\t\tpercpu_write\(cpu_tlbstate\.state, TLBSTATE_OK\);$/],
    [61, /^\t\tBUG_ON\(percpu_read\(cpu_tlbstate\.active_mm\) != next\);$/],
    [63, /^\t\tif \(!cpumask_test_and_set_cpu\(cpu, mm_cpumask\(next\)\)\) \{$/],
    [68, /^\t\t\tload_cr3\(next->pgd\);$/],
    [69, /^\t\t\tload_LDT_nolock\(&next->context\);$/],
  ],
};

describe("the built-in edition", () => {
  for (const [file, expected] of Object.entries(steps)) {
    for (const [line, statement] of expected) {
      it(`${file}:${line} is ${statement.source}`, () => assert.match(linesOf(file)[line - 1], statement));
    }
  }

  it("names in its README each line that is a step, and no other", () => {
    const readme = readFileSync(path.join(root, "README.md"), "utf8");
    const cells = [...readme.matchAll(/^\| (\d[^|]*) \|/gm)].map((m) => m[1]);
    const named = cells.flatMap((cell) =>
      cell.split(", ").flatMap((part) => {
        const [from, to = from] = part.split("–").map(Number);
        return Array.from({ length: to - from + 1 }, (_, i) => from + i);
      }),
    );
    assert.deepEqual(
      named,
      Object.values(steps).flatMap((s) => s.map(([line]) => line)),
    );
  });

  it("splits the if of switch_mm from its else by a conditional, as the kernel does", () => {
    const lines = linesOf("arch/x86/include/asm/mmu_context.h");
    assert.deepEqual(lines.slice(56, 59), ["\t}", "#ifdef CONFIG_SMP", "\telse {"]);
    assert.deepEqual(lines.slice(70, 73), ["\t}", "#endif", "}"]);
  });
});

describe("expandEdition", () => {
  it("shows the line after the header as line N", () => {
    const lines = expandEdition("/* tlbscope: line 4 */\nint a;\nint b;\n").split("\n");
    assert.match(lines[0], /^\/\* TLBscope's own small edition .* line 4\b.*\*\/$/);
    assert.deepEqual(lines.slice(1), ["", "", "int a;", "int b;", ""]);
  });

  it("leaves a file without the header as it is", () => {
    for (const text of [
      "",
      "int a;\n",
      "\n/* tlbscope: line 4 */\n",
      "/* tlbscope: line x */\n",
      "/* tlbscope: line 0 */\nint a;\n",
    ])
      assert.equal(expandEdition(text), text);
  });

  it("drops the header alone where nothing comes before", () => {
    assert.equal(expandEdition("/* tlbscope: line 1 */\nint a;\n"), "int a;\n");
  });

  it("keeps the file's line endings", () => {
    assert.ok(!/[^\r]\n/.test(expandEdition("/* tlbscope: line 3 */\r\nint a;\r\n")));
  });

  it("copes with a file that is only the header", () => {
    assert.equal(expandEdition("/* tlbscope: line 3 */").split("\n").length, 3);
  });
});
