#ifndef _ASM_X86_MMU_CONTEXT_H
#define _ASM_X86_MMU_CONTEXT_H
/*
 * TLBscope's own small edition (MIT), written from facts.
 * Each step of switch_mm() stands on the line that the tour names.
 */
#include <linux/sched.h>
#include <asm/desc.h>
#include <asm/tlbflush.h>

/* A hypervisor has a hook here; the bare processor needs none. */
#ifndef CONFIG_PARAVIRT
static inline void paravirt_activate_mm(struct mm_struct *prev,
					struct mm_struct *next)
{
}
#endif

/* tsk has no mm and keeps the loaded one: from now on a flush may evict us. */
static inline void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *tsk)
{
#ifdef CONFIG_SMP
	if (percpu_read(cpu_tlbstate.state) == TLBSTATE_OK)
		percpu_write(cpu_tlbstate.state, TLBSTATE_LAZY);
#endif
}

/*
 * Go from prev's page tables to next's. The first half does the real switch;
 * the second is for a CPU that comes back to the mm it only borrowed.
 * The scheduler calls this with interrupts off, exec with interrupts on.
 */
static inline void switch_mm(struct mm_struct *prev, struct mm_struct *next,
			     struct task_struct *tsk)
{
	unsigned int cpu = smp_processor_id();

	if (likely(prev != next)) {
		/* Nobody sends us flushes of prev after this line. */
		cpumask_clear_cpu(cpu, mm_cpumask(prev));
		/* Too early: CR3 is still prev's, and may fill the TLB. */
		/* Commit 831d52bc later put this after the load of CR3. */
#ifdef CONFIG_SMP
		percpu_write(cpu_tlbstate.state, TLBSTATE_OK);
		percpu_write(cpu_tlbstate.active_mm, next);
#endif
		cpumask_set_cpu(cpu, mm_cpumask(next));

		/* New page tables; every non-global translation goes. */
		load_cr3(next->pgd);

		/*
		 * An LDT belongs to an mm. Most have none: nothing to do.
		 */
		if (unlikely(prev->context.ldt != next->context.ldt))
			load_LDT_nolock(&next->context);
	}
#ifdef CONFIG_SMP
	else {
		percpu_write(cpu_tlbstate.state, TLBSTATE_OK);
		BUG_ON(percpu_read(cpu_tlbstate.active_mm) != next);

		if (!cpumask_test_and_set_cpu(cpu, mm_cpumask(next))) {
			/*
			 * Our bit was gone: a flush met us lazy and leave_mm()
			 * put us on swapper_pg_dir. Fetch next's tables again.
			 */
			load_cr3(next->pgd);
			load_LDT_nolock(&next->context);
		}
	}
#endif
}

/* Give the running task a new mm; exec comes here, with interrupts on. */
#define activate_mm(prev, next)				\
do {							\
	paravirt_activate_mm((prev), (next));		\
	switch_mm((prev), (next), NULL);		\
} while (0)

#endif
