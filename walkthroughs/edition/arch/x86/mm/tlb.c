/* TLBscope's own small edition (MIT), written from facts. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/mmu_context.h>
#include <asm/ptrace.h>
#include <asm/tlbflush.h>

/* At boot every CPU is on init_mm, neither OK nor LAZY. */
DEFINE_PER_CPU_SHARED_ALIGNED(struct tlb_state, cpu_tlbstate) = { &init_mm, 0 };

/* What one sender asks of the others. The lock keeps two flushes apart. */
struct smp_flush_state {
	spinlock_t tlbstate_lock;
	struct mm_struct *flush_mm;
	unsigned long flush_va;
	/* Who has not flushed yet. Each target clears its own bit. */
	cpumask_t flush_cpumask;
};

/*
 * The interrupt's vector tells the target which slot to read.
 * All zero is what an unlocked spinlock looks like here: nothing to set up.
 */
static struct smp_flush_state flush_state[NUM_INVALIDATE_TLB_VECTORS];

/*
 * A CPU that only borrows active_mm lets go of it: no more flushes for us,
 * and page tables that hold nothing of any user. active_mm stays as it is;
 * switch_mm() sees from the cleared bit that CR3 must be loaded again.
 */
void leave_mm(int cpu)
{
	/* A running task's page tables must not go away under it. */
	if (percpu_read(cpu_tlbstate.state) == TLBSTATE_OK)
		BUG();
	cpumask_clear_cpu(cpu, mm_cpumask(percpu_read(cpu_tlbstate.active_mm)));
	load_cr3(swapper_pg_dir);
}

/* The flush interrupt, on each CPU that the sender chose. */
void smp_invalidate_interrupt(struct pt_regs *regs)
{
	unsigned int cpu = smp_processor_id();
	unsigned int sender = ~regs->orig_ax - INVALIDATE_TLB_VECTOR_START;
	struct smp_flush_state *f = &flush_state[sender];

	/* Not asked, or done already: nobody waits for us. */
	if (!cpumask_test_cpu(cpu, &f->flush_cpumask)) {
		ack_APIC_irq();
		return;
	}

	/* We may have gone on to another mm since the sender looked. */
	if (f->flush_mm == percpu_read(cpu_tlbstate.active_mm)) {
		if (percpu_read(cpu_tlbstate.state) == TLBSTATE_OK) {
			if (f->flush_va == TLB_FLUSH_ALL)
				local_flush_tlb();
			else
				__flush_tlb_one(f->flush_va);
		} else {
			leave_mm(cpu);
		}
	}

	ack_APIC_irq();
	/* Last of all: the sender goes on, and may free the page. */
	cpumask_clear_cpu(cpu, &f->flush_cpumask);
}

/* Publish the request, interrupt the targets, wait until all have done it. */
static void flush_tlb_others_ipi(const struct cpumask *cpumask,
				 struct mm_struct *mm, unsigned long va)
{
	unsigned int cpu = smp_processor_id();
	unsigned int sender = cpu % NUM_INVALIDATE_TLB_VECTORS;
	struct smp_flush_state *f = &flush_state[sender];

	spin_lock(&f->tlbstate_lock);
	f->flush_mm = mm;
	f->flush_va = va;
	if (cpumask_andnot(&f->flush_cpumask, cpumask, cpumask_of(cpu))) {
		apic->send_IPI_mask(&f->flush_cpumask,
				    INVALIDATE_TLB_VECTOR_START + sender);
		while (!cpumask_empty(&f->flush_cpumask))
			cpu_relax();
	}
	f->flush_mm = NULL;
	f->flush_va = 0;
	spin_unlock(&f->tlbstate_lock);
}

void native_flush_tlb_others(const struct cpumask *cpumask,
			     struct mm_struct *mm, unsigned long va)
{
	flush_tlb_others_ipi(cpumask, mm, va);
}

/* Every page of the running task's mm, on every CPU that has it. */
void flush_tlb_current_task(void)
{
	struct mm_struct *mm = current->mm;

	preempt_disable();
	local_flush_tlb();
	if (cpumask_any_but(mm_cpumask(mm), smp_processor_id()) < nr_cpu_ids)
		flush_tlb_others(mm_cpumask(mm), mm, TLB_FLUSH_ALL);
	preempt_enable();
}

/* Every page of mm. Whoever calls need not be running on it. */
void flush_tlb_mm(struct mm_struct *mm)
{
	preempt_disable();
	if (current->active_mm == mm) {
		/* Only borrowed: better to let go than to flush. */
		if (current->mm)
			local_flush_tlb();
		else
			leave_mm(smp_processor_id());
	}
	if (cpumask_any_but(mm_cpumask(mm), smp_processor_id()) < nr_cpu_ids)
		flush_tlb_others(mm_cpumask(mm), mm, TLB_FLUSH_ALL);
	preempt_enable();
}

/* One page of one mm. */
void flush_tlb_page(struct vm_area_struct *vma, unsigned long va)
{
	struct mm_struct *mm = vma->vm_mm;

	preempt_disable();
	if (current->active_mm == mm) {
		if (current->mm)
			__flush_tlb_one(va);
		else
			leave_mm(smp_processor_id());
	}
	if (cpumask_any_but(mm_cpumask(mm), smp_processor_id()) < nr_cpu_ids)
		flush_tlb_others(mm_cpumask(mm), mm, va);
	preempt_enable();
}
