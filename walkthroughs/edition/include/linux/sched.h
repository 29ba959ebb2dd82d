#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H
/* TLBscope's own small edition (MIT), written from facts. */
#include <linux/compiler.h>
#include <linux/mm_types.h>
#include <asm/atomic.h>

extern void __mmdrop(struct mm_struct *mm);
extern void mmput(struct mm_struct *mm);

/*
 * Give back one mm_count. All the users together hold one, every borrower
 * holds one; who gives back the last frees the page tables.
 */
static inline void mmdrop(struct mm_struct *mm)
{
	if (unlikely(atomic_dec_and_test(&mm->mm_count)))
		__mmdrop(mm);
}

#endif
