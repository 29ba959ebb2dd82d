/**
 * Small changes to a kernel's own source that open a race: an order or a barrier taken out. The checker must find each.
 * They are made by what the source says, function by function; a tree that has no such statement has no such mutant.
 */
import { readFile } from "../../src/kernel/syntax/read-file";
import { configOf } from "../../src/kernel/configuration";
import type { SourceFile } from "../../src/kernel/syntax/source";
import type { PropertyId } from "../../src/machine/effects";

export interface Mutant {
  id: string;
  /** What is changed, and why that is wrong. */
  about: string;
  /** Scenarios of which one at least must fail, in the order that they are tried. */
  scenarios: string[];
  /** Properties that count: any of them, broken in the mutant and not in the tree itself. */
  breaks: PropertyId[];
  /** Settings that it needs to show. */
  settings?: Record<string, number>;
  fn: string;
  /** Each is replaced once, in this order; all must be there. */
  edits: [find: RegExp, replace: string][];
}

const stale: PropertyId[] = ["stale-translation", "stale-use"];

export const mutants: Mutant[] = [
  {
    id: "no-barrier-when-lazy",
    fn: "switch_mm_irqs_off",
    scenarios: ["lazy-return"],
    breaks: stale,
    about:
      "smp_mb() of the lazy branch is gone: is_lazy = false may still wait in the store buffer when tlb_gen is read",
    edits: [[/\bsmp_mb\(\);/, ";"]],
  },
  {
    id: "bit-not-set",
    fn: "switch_mm_irqs_off",
    scenarios: ["switch-in", "reclaim-xchg"],
    breaks: stale,
    about: "this CPU's bit isn't set in next's mask before tlb_gen is read: a flush in between passes it by",
    edits: [[/\bcpumask_set_cpu\(cpu, mm_cpumask\(next\)\);(?=\s*(?:else\s+smp_mb\(\);\s*)?next_tlb_gen = )/, ";"]],
  },
  {
    id: "bit-set-late",
    fn: "switch_mm_irqs_off",
    scenarios: ["switch-back"],
    breaks: stale,
    about: "this CPU's bit is set in next's mask after tlb_gen was read instead of before",
    edits: [
      [
        /(?:if \(next != &init_mm[^;]*?\)\s*)?cpumask_set_cpu\(cpu, mm_cpumask\(next\)\);(?:\s*else\s+smp_mb\(\);)?(\s*next_tlb_gen = [^;]*;\s*(?:ns = )?choose_new_asid\([^;]*\);)/,
        "$1 cpumask_set_cpu(cpu, mm_cpumask(next));",
      ],
    ],
  },
  {
    id: "passed-by-when-switching",
    fn: "should_flush_tlb",
    scenarios: ["switch-in", "reclaim-xchg"],
    breaks: stale,
    about: "a CPU between two mms isn't flushed: it isn't asked whether loaded_mm is LOADED_MM_SWITCHING",
    edits: [[/if \(loaded_mm == LOADED_MM_SWITCHING\)\s*return true;/, ";"]],
  },
  ...["arch_tlbbatch_add_pending", "arch_tlbbatch_add_mm"].map((fn): Mutant => ({
    id: "batch-not-noted",
    fn,
    scenarios: ["reclaim-batched"],
    breaks: stale,
    about: "the CPUs that may hold a translation aren't noted for the gathered flush",
    edits: [[/cpumask_or\([^;]*\);/, ";"]],
  })),
  {
    id: "generation-late",
    fn: "flush_tlb_mm_range",
    scenarios: ["switch-in", "reclaim-xchg", "lazy-return"],
    breaks: [...stale, "warn"],
    about: "the generation is incremented after the flush was asked for instead of before",
    edits: [
      [/new_tlb_gen = inc_mm_tlb_gen\(mm\);/, "new_tlb_gen = 0;"],
      [/put_flush_tlb_info\(\);/, "inc_mm_tlb_gen(mm); put_flush_tlb_info();"],
    ],
  },
  {
    id: "user-asid-kept",
    fn: "invalidate_user_asid",
    scenarios: ["switch-in", "lazy-return"],
    breaks: stale,
    settings: { X86_FEATURE_PTI: 1, X86_FEATURE_INVPCID_SINGLE: 0, X86_FEATURE_INVPCID: 0 },
    about: "with page table isolation: the way back to user mode isn't told to flush the user's PCID",
    edits: [[/__set_bit\(kern_pcid\(asid\),[^;]*;/, ";"]],
  },
  {
    id: "not-synced",
    fn: "broadcast_tlb_flush",
    scenarios: ["switch-in", "reclaim-xchg"],
    breaks: stale,
    settings: { X86_FEATURE_INVLPGB: 1 },
    about: "a flush that is broadcast isn't waited for: TLBSYNC is gone",
    edits: [[/\b__tlbsync\(\);/, ";"]],
  },
  {
    id: "stragglers-left",
    fn: "broadcast_tlb_flush",
    scenarios: ["global-asid"],
    breaks: stale,
    about: "CPUs that still use an ASID of their own aren't interrupted when flushes of the mm begin to be broadcast",
    edits: [[/\bfinish_asid_transition\(info\);/, ";"]],
  },
  // The function has been called otherwise since 5.13.
  ...["native_flush_tlb_others", "native_flush_tlb_multi"].map((fn): Mutant => ({
    id: "tables-not-told",
    fn,
    scenarios: ["unmap-table"],
    breaks: ["stale-translation"],
    about: "a flush that frees page tables passes lazy CPUs by, as one of pages may",
    edits: [[/\binfo->freed_tables\b/, "0"]],
  })),
];

/** The files with a mutant in them, or undefined where the source has no such statement. */
export function mutate(files: readonly SourceFile[], m: Mutant): SourceFile[] | undefined {
  for (const file of files) {
    const item = readFile(file, configOf("native")).items.find((i) => i.kind === "function" && i.name === m.fn);
    if (item?.kind !== "function") continue;
    let body = file.text.slice(item.bodyStart, item.end);
    for (const [find, replace] of m.edits) {
      const changed = body.replace(find, replace);
      if (changed === body) return undefined;
      body = changed;
    }
    const text = file.text.slice(0, item.bodyStart) + body + file.text.slice(item.end);
    return files.map((f) => (f === file ? { ...f, text } : f));
  }
  return undefined;
}
