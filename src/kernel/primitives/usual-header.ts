/**
 * What the kernel's headers everywhere define and hardly any file of the protocol does: written as C of our own, which
 * is read behind all other files, so that a tree's own definition goes before it. Sources: the headers named below.
 */
import type { SourceFile } from "../syntax/source";

/**
 * Pages and page tables (asm/page_types.h, asm/pgtable_64_types.h, linux/pfn.h, linux/huge_mm.h). The machine's user
 * pages stand at 0x1000, 0x2000 and on (machine/state.ts), so that what an entry above a page middle directory's
 * covers is all that there is: its size only has to be larger than every address, and fit into 32 bits.
 */
const pages = `
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(a) ALIGN(a, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(a) ALIGN_DOWN(a, PAGE_SIZE)
#define PAGE_ALIGNED(a) IS_ALIGNED(a, PAGE_SIZE)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)
#define PFN_UP(a) (((a) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(a) ((a) >> PAGE_SHIFT)
#define PFN_PHYS(n) ((n) << PAGE_SHIFT)
#define PHYS_PFN(a) ((a) >> PAGE_SHIFT)
#define get_order(size) fls(((size) - 1) >> PAGE_SHIFT)
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))
#define PUD_SHIFT 30
#define PUD_SIZE (1UL << PUD_SHIFT)
#define PUD_MASK (~(PUD_SIZE - 1))
#define P4D_SHIFT PUD_SHIFT
#define P4D_SIZE PUD_SIZE
#define P4D_MASK PUD_MASK
#define PGDIR_SHIFT PUD_SHIFT
#define PGDIR_SIZE PUD_SIZE
#define PGDIR_MASK PUD_MASK
#define PTRS_PER_PTE 512
#define PTRS_PER_PMD 512
#define PTRS_PER_PUD 512
#define PTRS_PER_PGD 512
#define HPAGE_SHIFT PMD_SHIFT
#define HPAGE_SIZE PMD_SIZE
#define HPAGE_MASK PMD_MASK
#define HPAGE_PMD_SHIFT PMD_SHIFT
#define HPAGE_PMD_SIZE PMD_SIZE
#define HPAGE_PMD_MASK PMD_MASK
#define HPAGE_PMD_ORDER (HPAGE_PMD_SHIFT - PAGE_SHIFT)
#define HPAGE_PMD_NR (1 << HPAGE_PMD_ORDER)
`;

/** Limits and bits (vdso/limits.h, linux/limits.h, vdso/bits.h): the largest long is that of the machine's numbers. */
const limits = `
#define INT_MAX 0x7fffffff
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX (~0U)
#define LONG_MAX INT_MAX
#define LONG_MIN INT_MIN
#define ULONG_MAX (~0UL)
#define LLONG_MAX LONG_MAX
#define ULLONG_MAX (~0ULL)
#define S32_MAX INT_MAX
#define U32_MAX UINT_MAX
#define S64_MAX LONG_MAX
#define U64_MAX ULLONG_MAX
#define U8_MAX 255
#define U16_MAX 65535
#define BITS_PER_BYTE 8
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1UL << (n))
#define _BITUL(n) (1UL << (n))
#define _BITULL(n) (1UL << (n))
#define BITS_PER_LONG 64
#define BITS_PER_LONG_LONG 64
#define BITS_TO_LONGS(n) DIV_ROUND_UP(n, BITS_PER_LONG)
`;

/** Arithmetic (linux/align.h, linux/math.h, linux/log2.h, linux/minmax.h). */
const arithmetic = `
#define ALIGN(x, a) (((x) + (a) - 1) & ~((a) - 1))
#define __ALIGN_KERNEL(x, a) ALIGN(x, a)
#define ALIGN_DOWN(x, a) ((x) & ~((a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((a) - 1)) == 0)
#define PTR_ALIGN(p, a) ALIGN(p, a)
#define round_up(x, a) ALIGN(x, a)
#define round_down(x, a) ALIGN_DOWN(x, a)
#define roundup(x, y) ((((x) + (y) - 1) / (y)) * (y))
#define rounddown(x, y) ((x) - (x) % (y))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP(n, d)
#define abs(x) ((x) < 0 ? -(x) : (x))
#define umin(a, b) min(a, b)
#define umax(a, b) max(a, b)
#define min3(a, b, c) min(min(a, b), c)
#define max3(a, b, c) max(max(a, b), c)
#define min_not_zero(a, b) ((a) == 0 ? (b) : (b) == 0 ? (a) : min(a, b))
#define ilog2(n) (fls(n) - 1)
#define order_base_2(n) fls((n) - 1)
#define is_power_of_2(n) ((n) != 0 && ((n) & ((n) - 1)) == 0)
#define roundup_pow_of_two(n) (1UL << fls((n) - 1))
#define rounddown_pow_of_two(n) (1UL << (fls(n) - 1))
`;

/** One node of memory, one package, one thread a core (linux/topology.h, linux/numa.h, linux/nodemask.h). */
const topology = `
#define NUMA_NO_NODE (-1)
#define MAX_NUMNODES 1
#define nr_node_ids 1
#define first_online_node 0
#define numa_node_id() 0
#define numa_mem_id() 0
#define cpu_to_node(cpu) 0
#define cpu_to_mem(cpu) 0
#define page_to_nid(page) 0
#define num_online_nodes() 1
#define num_possible_nodes() 1
#define node_online(node) ((node) == 0)
#define node_possible(node) ((node) == 0)
#define node_state(node, state) ((node) == 0)
#define node_set(node, mask) ((mask) |= 1UL << (node))
#define node_clear(node, mask) ((mask) &= ~(1UL << (node)))
#define node_isset(node, mask) (((mask) >> (node)) & 1)
#define nodes_clear(mask) ((mask) = 0)
#define nodes_setall(mask) ((mask) = 1)
#define nodes_empty(mask) ((mask) == 0)
#define nodes_weight(mask) hweight_long(mask)
#define topology_physical_package_id(cpu) 0
#define topology_logical_package_id(cpu) 0
#define topology_die_id(cpu) 0
#define topology_core_id(cpu) (cpu)
#define topology_max_packages() 1
#define topology_sibling_cpumask(cpu) cpumask_of(cpu)
#define topology_core_cpumask(cpu) cpu_online_mask
`;

/**
 * CR4 (uapi/asm/processor-flags.h, asm/tlbflush.h, kernel/cpu/common.c), and what is as good as a full barrier: IRET
 * and other serializing instructions (asm/sync_core.h), and exec's part in membarrier() (kernel/sched/membarrier.c),
 * which nobody has registered for.
 */
const processor = `
#define X86_CR4_TSD (1UL << 2)
#define X86_CR4_PGE (1UL << 7)
#define X86_CR4_PCE (1UL << 8)
#define cr4_update_irqsoff(set, clear) __write_cr4((cr4_read_shadow() & ~(clear)) | (set))
#define cr4_set_bits_irqsoff(mask) cr4_update_irqsoff(mask, 0)
#define cr4_clear_bits_irqsoff(mask) cr4_update_irqsoff(0, mask)
#define cr4_set_bits(mask) cr4_update_irqsoff(mask, 0)
#define cr4_clear_bits(mask) cr4_update_irqsoff(0, mask)
#define sync_core() smp_mb()
#define sync_core_before_usermode() smp_mb()
#define membarrier_exec_mmap(mm) smp_mb()
`;

/**
 * The kernel's own part of a page table (asm/pgtable.h), which the machine doesn't hold: every mm has all of it, so
 * that no entry for a kernel stack has to be copied from init_mm's.
 */
const kernelPart = `
#define current_stack_pointer 0UL
#define pgtable_l5_enabled() 0
#define pgd_offset(mm, address) ((mm)->pgd)
#define pgd_offset_pgd(pgd, address) (pgd)
#define pgd_offset_k(address) (init_mm.pgd)
#define p4d_offset(pgd, address) (pgd)
#define pgd_none(entry) 0
#define p4d_none(entry) 0
#define set_pgd(entry, value) BUG()
#define set_p4d(entry, value) BUG()
`;

/**
 * Exchanges and counters that are made of others (linux/atomic/atomic-arch-fallback.h). On x86 every LOCKed operation
 * is a full barrier, whatever its name asks for.
 */
const atomics = ["atomic", "atomic64", "atomic_long"]
  .map((atomic) => {
    const type = atomic === "atomic" ? "int" : "long";
    return `
#define ${atomic}_try_cmpxchg(v, o, n) ({ ${type} __want = *(o), __was = ${atomic}_cmpxchg(v, __want, n); \\
	if (__was != __want) *(o) = __was; __was == __want; })
#define ${atomic}_fetch_add_unless(v, a, u) ({ ${type} __c = ${atomic}_read(v), __was; \\
	while ((u) != __c && (__was = ${atomic}_cmpxchg(v, __c, __c + (a))) != __c) __c = __was; __c; })
#define ${atomic}_add_unless(v, a, u) (${atomic}_fetch_add_unless(v, a, u) != (u))
#define ${atomic}_inc_not_zero(v) ${atomic}_add_unless(v, 1, 0)
#define ${atomic}_fetch_inc(v) ${atomic}_fetch_add(1, v)
#define ${atomic}_fetch_dec(v) ${atomic}_fetch_add(-1, v)
#define ${atomic}_add_negative(a, v) (${atomic}_add_return(a, v) < 0)
#define ${atomic}_set_release(v, n) ${atomic}_set(v, n)
#define ${atomic}_read_acquire(v) ${atomic}_read(v)
`;
  })
  .concat(
    ["relaxed", "acquire", "release"].map(
      (order) => `
#define xchg_${order}(p, n) xchg(p, n)
#define cmpxchg_${order}(p, o, n) cmpxchg(p, o, n)
#define try_cmpxchg_${order}(p, o, n) try_cmpxchg(p, o, n)
`,
    ),
  ).join(`
#define cmpxchg64(p, o, n) cmpxchg(p, o, n)
#define try_cmpxchg(p, o, n) ({ typeof(*(p)) __want = *(o), __was = cmpxchg(p, __want, n); \\
	if (__was != __want) *(o) = __was; __was == __want; })
`);

/** Counters that say whether what they guard is being written (linux/seqlock.h): odd while it is. */
const seqcounts = `
#define read_seqcount_begin(s) ({ unsigned int __seq; while ((__seq = READ_ONCE(*(s))) & 1) cpu_relax(); __seq; })
#define __read_seqcount_begin(s) read_seqcount_begin(s)
#define raw_read_seqcount_begin(s) read_seqcount_begin(s)
#define raw_read_seqcount(s) READ_ONCE(*(s))
#define read_seqcount_retry(s, start) (READ_ONCE(*(s)) != (start))
#define __read_seqcount_retry(s, start) read_seqcount_retry(s, start)
#define write_seqcount_begin(s) ((*(s))++)
#define write_seqcount_begin_nested(s, subclass) ((*(s))++)
#define raw_write_seqcount_begin(s) ((*(s))++)
#define do_raw_write_seqcount_begin(s) ((*(s))++)
#define write_seqcount_end(s) ((*(s))++)
#define raw_write_seqcount_end(s) ((*(s))++)
#define do_raw_write_seqcount_end(s) ((*(s))++)
#define seqcount_init(s) ((*(s)) = 0)
`;

/**
 * What a kernel without PREEMPT_RT makes of local locks (linux/local_lock.h) and of the names that its patches brought
 * (linux/preempt.h, linux/interrupt.h, linux/smp.h); and those of the interrupt pipelines, which are for nothing where
 * their option is off (Dovetail's asm-generic/irq_pipeline.h and linux/dovetail.h, I-pipe's asm/ipipe_hwirq.h).
 */
const variants = `
#define local_lock(l) preempt_disable()
#define local_unlock(l) preempt_enable()
#define local_lock_irq(l) local_irq_disable()
#define local_unlock_irq(l) local_irq_enable()
#define local_lock_irqsave(l, flags) local_irq_save(flags)
#define local_unlock_irqrestore(l, flags) local_irq_restore(flags)
#define preempt_disable_rt() barrier()
#define preempt_enable_rt() barrier()
#define preempt_disable_nort() preempt_disable()
#define preempt_enable_nort() preempt_enable()
#define preempt_lazy_disable() barrier()
#define preempt_lazy_enable() barrier()
#define preempt_check_resched() barrier()
#define preempt_check_resched_rt() barrier()
#define get_cpu_light() get_cpu()
#define put_cpu_light() put_cpu()
#define local_irq_disable_nort() local_irq_disable()
#define local_irq_enable_nort() local_irq_enable()
#define local_irq_save_nort(flags) local_irq_save(flags)
#define local_irq_restore_nort(flags) local_irq_restore(flags)
#define hard_local_irq_disable() local_irq_disable()
#define hard_local_irq_enable() local_irq_enable()
#define hard_local_irq_save() ({ unsigned long __flags; local_irq_save(__flags); __flags; })
#define hard_local_irq_restore(flags) local_irq_restore(flags)
#define hard_irqs_disabled() irqs_disabled()
#if defined(CONFIG_IRQ_PIPELINE) || defined(CONFIG_IPIPE)
#define hard_cond_local_irq_disable() local_irq_disable()
#define hard_cond_local_irq_enable() local_irq_enable()
#define hard_cond_local_irq_save() hard_local_irq_save()
#define hard_cond_local_irq_restore(flags) local_irq_restore(flags)
#else
#define hard_cond_local_irq_disable() barrier()
#define hard_cond_local_irq_enable() barrier()
#define hard_cond_local_irq_save() 0
#define hard_cond_local_irq_restore(flags) barrier()
#endif
#define protect_inband_mm(flags) ((flags) = hard_cond_local_irq_save())
#define unprotect_inband_mm(flags) hard_cond_local_irq_restore(flags)
`;

/** No file of a program: it is read behind them. */
export const usualHeader: SourceFile = {
  uri: "tlbscope:usual.h",
  path: "usual.h",
  text: [pages, limits, arithmetic, topology, processor, kernelPart, atomics, seqcounts, variants].join(""),
  origin: "environment",
};
