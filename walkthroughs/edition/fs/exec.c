/* TLBscope's own small edition (MIT), written from facts. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/mmu_context.h>

/*
 * The running task moves to a new mm. Interrupts are on all the way, also
 * inside switch_mm(): the scheduler's calls of it never meet an interrupt,
 * this one can. A kernel thread has no old mm, only a borrowed one.
 */
static int exec_mmap(struct mm_struct *mm)
{
	struct task_struct *tsk = current;
	struct mm_struct *old_mm = tsk->mm;
	struct mm_struct *active_mm;

	task_lock(tsk);
	active_mm = tsk->active_mm;
	tsk->mm = mm;
	tsk->active_mm = mm;
	activate_mm(active_mm, mm);
	task_unlock(tsk);

	if (old_mm) {
		BUG_ON(active_mm != old_mm);
		/* A user less. */
		mmput(old_mm);
	} else {
		/* A borrower less. */
		mmdrop(active_mm);
	}
	return 0;
}
