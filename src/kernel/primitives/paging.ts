/**
 * CR3, the TLB, the LDT, and the switch from one task to the next. Facts: Intel SDM vol. 3A, 4.10 (caching translation
 * information).
 */
import { INT, MASK, struct, VOID } from "../ctype";
import { constant, num, type HwOp, type Value } from "../ir";
import type { Expr } from "../syntax/tree/ast";
import type { Lowering } from "../lower/lowering";
import { ZERO } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

const flush = "arch/x86/include/asm/tlbflush.h";

/** A primitive that is one action of the hardware, with its first `args` arguments. */
const action = (
  names: string[],
  does: string,
  where: string,
  f: HwOp,
  args = 0,
  more: Pick<Primitive, "fallback" | "unlessIsolated"> = {},
): Primitive => ({
  names,
  does,
  where,
  args,
  ...more,
  value(x, list) {
    x.b.hw(
      f,
      list.slice(0, args).map((a) => x.val(a)),
    );
    return ZERO;
  },
});

const ldtOf = (x: Lowering, mm: Expr, at: Expr) => x.field(x.field(x.b.deref(x.expr(mm)), "context", at), "ldt", at);

export const pagingPrimitives: Primitive[] = [
  action(
    ["local_flush_tlb", "__flush_tlb", "__native_flush_tlb"],
    "Drops every translation in this CPU's TLB, by reloading CR3; with PCIDs, those of the one that is loaded.",
    flush,
    "flush_all",
    0,
    { unlessIsolated: true },
  ),
  action(
    ["__flush_tlb_all", "__flush_tlb_global", "__native_flush_tlb_global"],
    "Drops every translation in this CPU's TLB, of whatever PCID (by toggling CR4.PGE).",
    flush,
    "flush_pcids",
  ),
  action(
    ["__flush_tlb_one", "__flush_tlb_single", "__native_flush_tlb_single", "__native_flush_tlb_one_user", "invlpg"],
    "Drops this page's translation from this CPU's TLB (INVLPG).",
    flush,
    "flush_one",
    1,
    { unlessIsolated: true },
  ),
  {
    names: ["load_LDT_nolock", "load_LDT"],
    does: "Loads the LDT of this mm context into this CPU.",
    where: "arch/x86/include/asm/desc.h",
    args: 1,
    value(x, [context], call) {
      const ldt = x.b.load(x.field(x.b.deref(x.expr(context)), "ldt", call));
      x.b.hw("load_ldt", [x.b.value(ldt)]);
      return ZERO;
    },
  },
  {
    names: ["load_mm_ldt"],
    does: "Loads this mm's LDT into this CPU.",
    where: "arch/x86/include/asm/mmu_context.h",
    args: 1,
    value(x, [mm], call) {
      x.b.hw("load_ldt", [x.b.value(x.b.load(ldtOf(x, mm, call)))]);
      return ZERO;
    },
  },
  {
    names: ["switch_ldt"],
    does: "Loads the next mm's LDT, if it or the previous one has any.",
    where: "arch/x86/kernel/ldt.c",
    args: 2,
    fallback: true,
    value(x, [prev, next], call) {
      const had = x.b.value(x.b.load(ldtOf(x, prev, call))),
        has = x.b.value(x.b.load(ldtOf(x, next, call)));
      const load = x.b.label(),
        done = x.b.label();
      x.b.emit({ op: "branch", a: x.b.bin("|", had, has), then: load, else: done });
      x.b.mark(load);
      x.b.hw("load_ldt", [has]);
      x.b.mark(done);
      return ZERO;
    },
  },
  {
    names: ["switch_to"],
    does:
      "Switches stacks and registers: from here on the CPU runs `next`, and the third argument says who ran " +
      "before.",
    where: "arch/x86/include/asm/system.h (switch_to.h from 3.4)",
    args: 3,
    value(x, [prev, next, last]) {
      const from = x.val(prev);
      x.b.hw("switch_to", [from, x.val(next)]);
      x.b.store(x.place(last), from);
      return { ...ZERO, t: VOID };
    },
  },
  action(["mm_free_pgd", "pgd_free"], "Gives the mm's top-level page table back.", "kernel/fork.c", "free_pgd", 1),
  action(["free_mm"], "Gives the mm_struct itself back.", "kernel/fork.c", "free_mm", 1),
  action(
    ["xen_pgd_unpin"],
    "Has the hypervisor treat the page tables as ordinary memory again; no CPU may have them loaded.",
    "arch/x86/xen/mmu.c",
    "xen_unpin",
    1,
  ),
  {
    names: ["xen_page_pinned"],
    does: "Is this page table pinned? A live mm's is.",
    where: "arch/x86/xen/mmu.c",
    value: () => ({ v: { k: "const", c: constant(1) }, t: INT }),
  },
  action(["__flush_tlb_local"], "Drops the translations of this CPU's TLB.", flush, "flush_all", 0, { fallback: true }),
  action(["__flush_tlb_one_user"], "Drops a user page's translation from this CPU's TLB.", flush, "flush_one", 1, {
    fallback: true,
  }),
  {
    names: ["flush_tlb_others", "xen_flush_tlb_others", "__flush_tlb_multi", "xen_flush_tlb_multi"],
    does: "Has the hypervisor flush the TLBs of the set's CPUs, by a hypercall instead of interrupts.",
    where: "arch/x86/xen/mmu.c (mmu_pv.c from 4.13)",
    platform: "xen",
    args: 2,
    value(x, args, call) {
      const to = x.b.value(x.b.load(x.b.deref(x.expr(args[0]), MASK)));
      x.b.hw("xen_flush", [to, flushedAddress(x, args, call)]);
      return ZERO;
    },
  },
];

/**
 * What a flush of other CPUs is of: an address, or -1 for all. A flush_tlb_info says it from 4.13 on, two addresses
 * from 3.7, one before.
 */
function flushedAddress(x: Lowering, args: Expr[], call: Expr): Value {
  if (args.length === 3) return x.val(args[2]);
  const about = args.length === 2 ? x.b.deref(x.expr(args[1]), struct("flush_tlb_info")) : undefined;
  const start = about ? x.b.value(x.b.load(x.field(about, "start", call))) : x.val(args[2]);
  const end = about ? x.b.value(x.b.load(x.field(about, "end", call))) : x.val(args[3]);
  // More than a page is flushed as a whole.
  const one = x.b.bin("==", x.b.bin("-", end, start), num(1 << 12));
  return x.b.bin("-", x.b.bin("*", one, x.b.bin("+", start, num(1))), num(1));
}
