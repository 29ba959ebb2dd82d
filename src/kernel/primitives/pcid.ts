/**
 * What CR3 holds since kernels use process-context identifiers (4.14): page tables, a PCID, and whether to keep its
 * translations.
 */
import { CR3, CR3_ADDRESS, CR3_SHIFT, INT, PGD, ptr } from "../ctype";
import { constant, num, type HwOp } from "../ir";
import type { Lowering } from "../lower/lowering";
import { ZERO, type Operand } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

/** Bits of CR4: global pages, and PCIDs (Intel SDM vol. 3A, 2.5). */
const CR4_PGE = 1 << 7,
  CR4_PCIDE = 1 << 17;

/** The physical address of what a pointer points to: of page tables, what CR3 takes; of all else, the same. */
function physical(x: Lowering, o: Operand): Operand {
  const isTable = o.t.k === "ptr" && o.t.to.k === "struct" && o.t.to.name === "pgd";
  return isTable ? { v: x.b.bin("<<", x.b.value(o), num(CR3_SHIFT)), t: CR3 } : o;
}

function virtual(x: Lowering, o: Operand): Operand {
  if (o.t.k !== "int" || o.t.role !== "cr3") return o;
  return { v: x.b.bin(">>", x.b.bin("&", x.b.value(o), num(CR3_ADDRESS)), num(CR3_SHIFT)), t: ptr(PGD) };
}

const invalidate = (names: string[], does: string, f: HwOp, args: number, fixed: number[] = []): Primitive => ({
  names,
  does,
  where: "arch/x86/include/asm/invpcid.h",
  args,
  value(x, list) {
    x.b.hw(f, [
      ...list.slice(0, args).map((a) => x.val(a)),
      ...fixed.map((n) => ({ k: "const" as const, c: constant(n) })),
    ]);
    return ZERO;
  },
});

export const pcidPrimitives: Primitive[] = [
  {
    names: ["__pa", "virt_to_phys", "__phys_addr", "__sme_pa", "__pa_nodebug"],
    does: "The same memory by its physical address.",
    where: "arch/x86/include/asm/page.h",
    args: 1,
    value: (x, [a]) => physical(x, x.expr(a)),
  },
  {
    names: ["__va", "phys_to_virt"],
    does: "The same memory by the kernel's address of it.",
    where: "arch/x86/include/asm/page.h",
    args: 1,
    value: (x, [a]) => virtual(x, x.expr(a)),
  },
  {
    names: ["read_cr3", "native_read_cr3", "__read_cr3", "__native_read_cr3"],
    does: "What CR3 holds.",
    where: "arch/x86/include/asm/special_insns.h",
    value: (x) => ({ v: x.b.hw("read_cr3", [], true), t: CR3 }),
  },
  {
    names: ["read_cr3_pa", "native_read_cr3_pa"],
    does: "The page tables that CR3 points at, without the PCID.",
    where: "arch/x86/include/asm/processor.h",
    value: (x) => ({ v: x.b.bin("&", x.b.hw("read_cr3", [], true), num(CR3_ADDRESS)), t: CR3 }),
  },
  {
    names: ["load_cr3", "write_cr3", "native_write_cr3"],
    does:
      "Loads CR3: other page tables from now on. Non-global translations of the PCID are dropped, unless bit 63 " +
      "says to keep them.",
    where: "arch/x86/include/asm/processor.h, special_insns.h",
    args: 1,
    value(x, [a]) {
      x.b.hw("load_cr3", [x.b.value(physical(x, x.expr(a)))]);
      return ZERO;
    },
  },
  invalidate(["invpcid_flush_one"], "Drops one page's translation under one PCID (INVPCID, type 0).", "flush_pcid", 2),
  invalidate(
    ["invpcid_flush_single_context"],
    "Drops all translations of one PCID (INVPCID, type 1).",
    "flush_pcid",
    1,
    [-1],
  ),
  invalidate(
    ["invpcid_flush_all", "invpcid_flush_all_nonglobals"],
    "Drops the translations of all PCIDs (INVPCID, types 2 and 3).",
    "flush_pcids",
    0,
  ),
  invalidate(
    ["__native_tlb_flush_global"],
    "Drops the translations of all PCIDs, by toggling CR4.PGE.",
    "flush_pcids",
    0,
  ),
  {
    names: ["cr4_read_shadow", "__read_cr4"],
    does: "What CR4 holds: every bit that is asked for is set.",
    where: "arch/x86/include/asm/tlbflush.h",
    value: () => ({ v: num(-1), t: INT }),
  },
  {
    names: ["__write_cr4", "native_write_cr4", "write_cr4"],
    does: "Loads CR4. Where that changes PGE or PCIDE, every translation in this CPU's TLB is dropped.",
    // Intel SDM vol. 3A, 4.10.4.1. Both bits are set from boot on.
    where: "arch/x86/kernel/cpu/common.c, arch/x86/include/asm/special_insns.h",
    args: 1,
    value(x, [a]) {
      const changes = x.b.label(),
        done = x.b.label();
      const kept = x.b.bin("&", x.val(a), num(CR4_PGE | CR4_PCIDE));
      x.b.emit({ op: "branch", a: x.b.bin("==", kept, num(CR4_PGE | CR4_PCIDE)), then: done, else: changes });
      x.b.mark(changes);
      x.b.hw("flush_pcids", []);
      x.b.mark(done);
      return ZERO;
    },
  },
];
