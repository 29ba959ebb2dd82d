/**
 * Names that have a meaning without a declaration: constants, the kernel's own objects, and calls whose target depends
 * on the platform.
 */
import { byName } from "../by-name";
import { CR3, CR3_ADDRESS, CR3_LAM_BIT, INT, MASK, PGD, ptr, struct, type CType } from "../ctype";
import { constant, num, type Value } from "../ir";

/** The most CPUs that a scenario can have. */
export const MAX_CPUS = 8;

/**
 * Constants. A `fallback` counts only where no open file defines the name. Values: arch/x86/include/asm/irq_vectors.h,
 * include/linux/sched.h.
 */
export const constants: Record<string, { v: Value; type?: CType; fallback?: boolean }> = byName({
  NULL: { v: num(0), type: ptr({ k: "void" }) },
  current: { v: { k: "current" }, type: ptr(struct("task_struct")) },
  nr_cpu_ids: { v: { k: "const", c: constant(0, { k: "cpuCount" }) } },
  // The most that a scenario can have; arrays of the kernel are this long.
  NR_CPUS: { v: num(MAX_CPUS) },
  nr_online_nodes: { v: num(1) },
  cpu_online_mask: { v: { k: "const", c: constant(0, { k: "global", name: "cpu_online_bits" }) }, type: ptr(MASK) },
  cpu_possible_mask: { v: { k: "const", c: constant(0, { k: "global", name: "cpu_online_bits" }) }, type: ptr(MASK) },
  NUM_INVALIDATE_TLB_VECTORS: { v: num(8), fallback: true },
  INVALIDATE_TLB_VECTOR_START: { v: num(0xf0), fallback: true },
  TLB_FLUSH_ALL: { v: num(-1), fallback: true },
  TASK_DEAD: { v: num(64), fallback: true },
  EINTR: { v: num(4), fallback: true },
  GFP_ATOMIC: { v: num(0), fallback: true },
  GFP_KERNEL: { v: num(0), fallback: true },
  OOM_SCORE_ADJ_MIN: { v: num(-1000), fallback: true },
  PAGE_SHIFT: { v: num(12) },
  PAGE_SIZE: { v: num(4096) },
  PMD_SHIFT: { v: num(21), fallback: true },
  // Parts of CR3 as the machine packs it: the table's address, the PCID, the bits of address masking, and bit 63 in
  // the sign.
  CR3_ADDR_MASK: { v: num(CR3_ADDRESS) },
  X86_CR3_PCID_BITS: { v: num(12), fallback: true },
  X86_CR3_PTI_PCID_USER_BIT: { v: num(11), fallback: true },
  CR3_PCID_MASK: { v: num(0xfff) },
  CR3_NOFLUSH: { v: num(-0x80000000) },
  X86_CR4_PCIDE: { v: num(1 << 17), fallback: true },
  // Linear address masking: bits of CR3 that translations don't depend on (Intel SDM vol. 3A, 4.1.4).
  X86_CR3_LAM_U57_BIT: { v: num(CR3_LAM_BIT) },
  X86_CR3_LAM_U57: { v: num(1 << CR3_LAM_BIT) },
  X86_CR3_LAM_U48_BIT: { v: num(CR3_LAM_BIT + 1) },
  X86_CR3_LAM_U48: { v: num(2 << CR3_LAM_BIT) },
  X86_CR3_PCID_NOFLUSH: { v: num(-0x80000000) },
  // How deep preemption is disabled isn't kept; a kernel without PREEMPT_COUNT has these values.
  PREEMPT_DISABLE_OFFSET: { v: num(0), fallback: true },
  jiffies: { v: num(0) },
  HZ: { v: num(250), fallback: true },
  TIF_SPEC_IB: { v: num(9), fallback: true },
  // Flags of a mapping (include/linux/mm.h), and why a flush is done (include/linux/mm_types.h).
  VM_NONE: { v: num(0), fallback: true },
  VM_EXEC: { v: num(4), fallback: true },
  VM_HUGETLB: { v: num(0x400000), fallback: true },
  TLB_FLUSH_ON_TASK_SWITCH: { v: num(0), fallback: true },
  TLB_REMOTE_SHOOTDOWN: { v: num(1), fallback: true },
  TLB_LOCAL_SHOOTDOWN: { v: num(2), fallback: true },
  TLB_LOCAL_MM_SHOOTDOWN: { v: num(3), fallback: true },
  TLB_REMOTE_SEND_IPI: { v: num(4), fallback: true },
  // Flushes of a range as a whole, as arch/x86/kernel/cpu/common.c sets it unless the model is known (3.6 to 3.14).
  tlb_flushall_shift: { v: num(-1), fallback: true },
  ENTRIES: { v: num(0), fallback: true },
  SUID_DUMP_USER: { v: num(1), fallback: true },
  THIS_MODULE: { v: num(0) },
  _THIS_IP_: { v: num(0), fallback: true },
});

/** The kernel's own objects that no open file need declare. */
export const vocabularyGlobals: Record<string, CType> = byName({
  init_mm: struct("mm_struct"),
  swapper_pg_dir: PGD,
  cpu_online_bits: MASK,
  // A constant where no time passes.
  jiffies: INT,
  // How many entries the processor's TLBs have: not known, so 0 (arch/x86/kernel/cpu/common.c, 3.6 to 3.14).
  tlb_lli_4k: { k: "array", of: INT, n: 1 },
  tlb_lld_4k: { k: "array", of: INT, n: 1 },
  cpu_bit_bitmap: { k: "array", of: MASK, n: MAX_CPUS },
});

/** Per-CPU variables whose declaration hides what they hold, or stands in a header far away. */
export const vocabularyPercpu: Record<string, CType> = byName({
  runqueues: struct("rq"),
  xen_current_cr3: CR3,
  xen_cr3: CR3,
  tlb_vector_offset: INT,
});

/**
 * Calls that end in different functions natively and under Xen; undefined where native kernels do nothing. Source:
 * arch/x86/include/asm/paravirt.h.
 */
export const dispatches: Record<string, { native: string | undefined; xen: string | undefined }> = byName({
  paravirt_activate_mm: { native: undefined, xen: "xen_activate_mm" },
  arch_exit_mmap: { native: undefined, xen: "xen_exit_mmap" },
  flush_tlb_others: { native: "native_flush_tlb_others", xen: "xen_flush_tlb_others" },
  __flush_tlb_local: { native: "native_flush_tlb_local", xen: "native_flush_tlb_local" },
  __flush_tlb_one_user: { native: "native_flush_tlb_one_user", xen: "native_flush_tlb_one_user" },
  __flush_tlb_multi: { native: "native_flush_tlb_multi", xen: undefined },
});

/**
 * Handlers that the interrupt controller reaches by vector: from the named constant on, one after the other. Source:
 * arch/x86/kernel/irqinit.c.
 */
export const vectors = [
  { start: "INVALIDATE_TLB_VECTOR_START", count: "NUM_INVALIDATE_TLB_VECTORS", handler: "smp_invalidate_interrupt" },
];
