/**
 * Findings that a kernel's own source explains: what the checker is expected to report on it, and why that is right.
 */
import { configOf, configurationOf } from "../../src/kernel/configuration";
import { readFile } from "../../src/kernel/syntax/read-file";
import type { SourceFile } from "../../src/kernel/syntax/source";
import type { PropertyId } from "../../src/machine/effects";

export interface Known {
  scenario: string;
  order?: "sc" | "tso";
  properties: PropertyId[];
  why: string;
}

/** The text of a function's body, or the empty string. */
function bodyOf(files: readonly SourceFile[], fn: string): string {
  for (const file of files) {
    const { items, text } = readFile(file, configOf("native"));
    const item = items.find((i) => i.kind === "function" && i.name === fn);
    if (item?.kind === "function") return text.slice(item.bodyStart, item.end);
  }
  return "";
}

const before = (body: string, first: RegExp, second: RegExp): boolean => {
  const a = body.search(first),
    b = body.search(second);
  return a >= 0 && b >= 0 && a < b;
};

/**
 * Facts: commits 831d52bc153971b70e64eccfbed2b232394f22f8, 7899891c7d161752f29abcc9bc0a9c6c3a3af26c,
 * 71b3c126e61177eb693423f2e18a1914205b165e and fea4e317f9e7e1f449ce90dedc27a2d2a95bee5a.
 */
export function knownOf(all: readonly SourceFile[]): Known[] {
  const { config } = configurationOf(all, "native", {});
  const files = all.filter((f) => f.origin !== "build");
  const old = bodyOf(files, "switch_mm"),
    today = bodyOf(files, "switch_mm_irqs_off");
  const switching = today || old;
  const page = bodyOf(files, "flush_tlb_page");
  const flush = /flush_tlb_mm_range\(/.test(page) ? bodyOf(files, "flush_tlb_mm_range") : page;
  const out: Known[] = [];
  // From 4.14 on the bit is cleared first again, until 6.14 leaves it set: but then the CPU compares generations
  // before it uses prev once more.
  const clearsFirst = before(
    switching,
    /cpumask_clear_cpu\(cpu, mm_cpumask\((real_)?prev\)\)|cpu_clear\(cpu, prev->cpu_vm_mask\)/,
    /load_(new_mm_)?cr3\(/,
  );
  if (clearsFirst && !/tlb_gen/.test(switching)) {
    for (const scenario of ["switch-away", "switch-back"])
      out.push({
        scenario,
        properties: ["stale-translation"],
        why: "prev's bit is cleared before CR3 is loaded (831d52bc changed that in 2.6.38)",
      });
  }
  const waits = config.has("CONFIG_HAVE_RCU_TABLE_FREE") || config.has("CONFIG_MMU_GATHER_RCU_TABLE_FREE");
  if (clearsFirst && !waits) {
    const why =
      "prev's bit is cleared before CR3 is loaded, and a page table is freed at once: nothing but " +
      "CONFIG_MMU_GATHER_RCU_TABLE_FREE, which is off here, makes it wait for this CPU's interrupts";
    out.push({ scenario: "switch-away-table", properties: ["stale-translation"], why });
  }
  const asked = bodyOf(files, "should_flush_tlb");
  if (/loaded_mm/.test(asked) && !/LOADED_MM_SWITCHING/.test(asked)) {
    const why =
      "a flush passes a CPU by that is between two mms: should_flush_tlb() asks for loaded_mm alone (since 6.14, " +
      "and mended in 6.15 by fea4e317, CVE-2025-37964)";
    for (const scenario of ["switch-back", "switch-in", "reclaim", "reclaim-xchg"])
      out.push({ scenario, properties: ["stale-translation", "stale-use"], why });
  }
  const readsFirst = /next_tlb_gen = [^;]*;\s*choose_new_asid\([^;]*\);[^}]*LOADED_MM_SWITCHING/.test(switching);
  if (/LOADED_MM_SWITCHING/.test(asked) && readsFirst)
    out.push({
      scenario: "switch-back",
      properties: ["stale-translation", "stale-use"],
      why:
        "a flush passes a CPU by that has read next's tlb_gen and not yet written LOADED_MM_SWITCHING: fea4e317 " +
        "writes that first, its backport in Debian's 6.1.176 reads first",
    });
  if (!/inc_mm_tlb_gen|active_mm != mm\)\s*\{[^}]*smp_mb\(\)/.test(flush))
    out.push({
      scenario: "reclaim",
      order: "tso",
      properties: ["stale-translation", "stale-use"],
      why:
        "a flusher that runs on another mm has no barrier between clearing the entry and reading the mask " +
        "(71b3c126, CVE-2016-2069; flush_tlb_page() of 4.9 still has none)",
    });
  if (
    bodyOf(files, "drop_other_mm_ref") &&
    !/_read\(cpu_tlbstate\.(state|is_lazy|loaded_mm)\)/.test(bodyOf(files, "drop_other_mm_ref"))
  )
    out.push({
      scenario: "helper-exec-xen",
      properties: ["bug"],
      why: "the call lands in switch_mm after state is OK (7899891c)",
    });
  return out;
}
