/** CR3, the TLB, the LDT, and the switch from one task to the next. Facts: Intel SDM vol. 3A, 4.10 (caching translation information). */
import { INT, PGD, ptr, VOID } from "../ctype";
import { constant, type HwOp } from "../ir";
import { ZERO } from "../lower/lower";
import type { Primitive } from "./primitive";

const flush = "arch/x86/include/asm/tlbflush.h";

const act = (names: string[], does: string, where: string, f: HwOp, args = 0): Primitive => ({
  names, does, where, args,
  value(x, list) {
    x.b.hw(f, list.slice(0, args).map((a) => x.val(a)));
    return ZERO;
  },
});

export const pagingPrimitives: Primitive[] = [
  act(["load_cr3", "write_cr3", "native_write_cr3"], "Loads CR3: other page tables from now on, and every non-global TLB entry is dropped.", "arch/x86/include/asm/processor.h", "load_cr3", 1),
  {
    names: ["read_cr3", "native_read_cr3"], does: "The page tables that are loaded.", where: "arch/x86/include/asm/special_insns.h",
    value: (x) => ({ v: x.b.hw("read_cr3", [], true), t: ptr(PGD) }),
  },
  act(["local_flush_tlb", "__flush_tlb", "__native_flush_tlb", "__flush_tlb_all", "__flush_tlb_global", "__native_flush_tlb_global"], "Drops every translation in this CPU's TLB (by reloading CR3; global ones by toggling CR4.PGE).", flush, "flush_all"),
  act(["__flush_tlb_one", "__flush_tlb_single", "__native_flush_tlb_single"], "Drops this page's translation from this CPU's TLB (INVLPG).", flush, "flush_one", 1),
  {
    names: ["load_LDT_nolock", "load_LDT"], does: "Loads the LDT of this mm context into this CPU.", where: "arch/x86/include/asm/desc.h", args: 1,
    value(x, [context], call) {
      const ldt = x.load(x.field(x.b.deref(x.expr(context)), "ldt", call));
      x.b.hw("load_ldt", [x.b.value(ldt)]);
      return ZERO;
    },
  },
  {
    names: ["__pa", "__va", "virt_to_phys", "phys_to_virt", "__phys_addr"], does: "The same memory by its other address.", where: "arch/x86/include/asm/page.h", args: 1,
    value: (x, [a]) => x.expr(a),
  },
  {
    names: ["switch_to"], does: "Switches stacks and registers: from here on the CPU runs `next`, and the third argument says who ran before.", where: "arch/x86/include/asm/system.h (switch_to.h from 3.4)", args: 3,
    value(x, [prev, next, last]) {
      const from = x.val(prev);
      x.b.hw("switch_to", [from, x.val(next)]);
      x.b.store(x.place(last), from);
      return { ...ZERO, t: VOID };
    },
  },
  act(["mm_free_pgd", "pgd_free"], "Gives the mm's top-level page table back.", "kernel/fork.c", "free_pgd", 1),
  act(["free_mm"], "Gives the mm_struct itself back.", "kernel/fork.c", "free_mm", 1),
  act(["xen_pgd_unpin"], "Has the hypervisor treat the page tables as ordinary memory again; no CPU may have them loaded.", "arch/x86/xen/mmu.c", "xen_unpin", 1),
  {
    names: ["xen_page_pinned"], does: "Is this page table pinned? A live mm's is.", where: "arch/x86/xen/mmu.c",
    value: () => ({ v: { k: "const", c: constant(1) }, t: INT }),
  },
  {
    names: ["flush_tlb_others", "xen_flush_tlb_others"], does: "Has the hypervisor flush the TLBs of the set's CPUs, by a hypercall instead of interrupts.", where: "arch/x86/xen/mmu.c", platform: "xen", args: 3,
    value(x, [mask, , va]) {
      const to = x.b.value(x.load(x.b.deref(x.expr(mask), { k: "int", role: "mask" })));
      x.b.hw("xen_flush", [to, x.val(va)]);
      return ZERO;
    },
  },
];
