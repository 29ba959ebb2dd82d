#ifndef _ASM_X86_TLBFLUSH_H
#define _ASM_X86_TLBFLUSH_H
/* TLBscope's own small edition (MIT), written from facts. */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

/* In place of an address: every page of the mm. */
#define TLB_FLUSH_ALL	(-1UL)

/* This CPU runs a task of active_mm: flush when asked. */
#define TLBSTATE_OK	1
/* It only borrows active_mm: when asked to flush, let go of it. */
#define TLBSTATE_LAZY	2

struct tlb_state {
	struct mm_struct *active_mm;
	int state;
};
DECLARE_PER_CPU_SHARED_ALIGNED(struct tlb_state, cpu_tlbstate);

extern void leave_mm(int cpu);
extern void flush_tlb_current_task(void);
extern void flush_tlb_mm(struct mm_struct *mm);
extern void flush_tlb_page(struct vm_area_struct *vma, unsigned long va);
extern void native_flush_tlb_others(const struct cpumask *cpumask,
				    struct mm_struct *mm, unsigned long va);

#define flush_tlb_others(mask, mm, va)	native_flush_tlb_others(mask, mm, va)

#endif
