/* TLBscope's own small edition (MIT), written from facts. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/mmu_context.h>
#include <asm/page.h>
#include <asm/tlbflush.h>

/*
 * The physical address that the hypervisor really has in this vcpu's CR3.
 * Loads may be batched, so that it can be behind what the kernel asked for.
 */
DEFINE_PER_CPU(unsigned long, xen_current_cr3);

/* Page tables are handed to the hypervisor here, which is not modelled. */
void xen_activate_mm(struct mm_struct *prev, struct mm_struct *next)
{
}

#ifdef CONFIG_SMP
/* Runs on the other CPUs, in the function call interrupt. */
static void drop_other_mm_ref(void *info)
{
	struct mm_struct *mm = info;

	/*
	 * active_mm alone decides here. leave_mm()'s BUG() trusts that a CPU
	 * whose state is OK has a user, and so keeps mm from coming to its end.
	 * Commit 7899891c later asked for the state here, too.
	 */
	if (percpu_read(cpu_tlbstate.active_mm) == mm)
		leave_mm(smp_processor_id());

	/* Called because of CR3 alone: these tables may still be the loaded ones. */
	if (percpu_read(xen_current_cr3) == __pa(mm->pgd))
		load_cr3(swapper_pg_dir);
}

/* Take every CPU off the page tables of mm, which has no user left. */
static void xen_drop_mm_ref(struct mm_struct *mm)
{
	cpumask_t mask;
	unsigned int cpu;

	if (current->active_mm == mm) {
		/* With an mm of its own the task is not lazy: leave_mm() won't do. */
		if (current->mm == mm)
			load_cr3(swapper_pg_dir);
		else
			leave_mm(smp_processor_id());
	}

	cpumask_copy(&mask, mm_cpumask(mm));
	/* Without its bit a vcpu may still be on these tables in hardware. */
	for_each_online_cpu(cpu) {
		if (per_cpu(xen_current_cr3, cpu) == __pa(mm->pgd))
			cpumask_set_cpu(cpu, &mask);
	}
	smp_call_function_many(&mask, drop_other_mm_ref, mm, 1);
}
#else
static void xen_drop_mm_ref(struct mm_struct *mm)
{
	if (current->active_mm == mm)
		load_cr3(swapper_pg_dir);
}
#endif

/*
 * The last user of mm is gone. The hypervisor takes page tables back only
 * when no vcpu's CR3 is on them, so the lazy ones are sent away first.
 */
void xen_exit_mmap(struct mm_struct *mm)
{
	preempt_disable();
	xen_drop_mm_ref(mm);
	preempt_enable();
}
