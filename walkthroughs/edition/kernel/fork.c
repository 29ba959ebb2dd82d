/* TLBscope's own small edition (MIT), written from facts. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <asm/mmu_context.h>
#include <asm/pgalloc.h>

static struct kmem_cache *mm_cachep;

#define free_mm(mm)	kmem_cache_free(mm_cachep, (mm))

/* Nobody uses or borrows mm any more: no CR3 may hold this pgd now. */
void __mmdrop(struct mm_struct *mm)
{
	BUG_ON(mm == &init_mm);
	pgd_free(mm, mm->pgd);
	destroy_context(mm);
	free_mm(mm);
}
