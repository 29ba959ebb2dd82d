/* tlbscope: line 2953 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <asm/mmu_context.h>
#include <asm/system.h>

struct rq {
	raw_spinlock_t lock;
	struct task_struct *curr, *idle;
	/* The mm whose reference is to be dropped once the switch is over. */
	struct mm_struct *prev_mm;
};

static DEFINE_PER_CPU(struct rq, runqueues);

#define this_rq()	(&per_cpu(runqueues, smp_processor_id()))

/* Nothing here touches an mm; the real one prepares locks and notifiers. */
static inline void prepare_task_switch(struct rq *rq, struct task_struct *prev,
				       struct task_struct *next)
{
}

/* From here on this CPU takes interrupts again. */
static inline void finish_lock_switch(struct rq *rq, struct task_struct *prev)
{
	raw_spin_unlock_irq(&rq->lock);
}

/* Runs as the next task, on its stack, when CR3 is no longer prev's. */
static void finish_task_switch(struct rq *rq, struct task_struct *prev)
{
	struct mm_struct *mm = rq->prev_mm;

	rq->prev_mm = NULL;
	finish_lock_switch(rq, prev);
	/* prev was a kernel thread: give back the mm that it borrowed. */
	if (mm)
		mmdrop(mm);
}

/*
 * Switch this CPU from prev to next, first the mm, then registers and stack.
 * Called with rq->lock held and interrupts off.
 */
static inline void context_switch(struct rq *rq, struct task_struct *prev,
				  struct task_struct *next)
{
	struct mm_struct *mm, *oldmm;

	prepare_task_switch(rq, prev, next);
	trace_sched_switch(rq, prev, next);
	mm = next->mm;
	oldmm = prev->active_mm;

	/*
	 * Under a hypervisor, what the switch asks for may be collected
	 * from here on, and handed over in one call.
	 */
	arch_start_context_switch(prev);

	if (unlikely(!mm)) {
		next->active_mm = oldmm;
		atomic_inc(&oldmm->mm_count);
		enter_lazy_tlb(oldmm, next);
	} else
		switch_mm(oldmm, mm, next);

	if (unlikely(!prev->mm)) {
		prev->active_mm = NULL;
		rq->prev_mm = oldmm;
	}

	switch_to(prev, next, prev);
	barrier();
	/* Time has passed and the CPU may be another one: ask anew. */
	finish_task_switch(this_rq(), prev);
}
