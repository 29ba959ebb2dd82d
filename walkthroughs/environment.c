/*
 * What a scenario asks of a CPU, in C: the callers of the protocol, as far as it needs them.
 *
 * TLBscope runs these functions in front of the kernel's own. They stand for the long ways by which the kernel gets
 * to context_switch(), flush_tlb_page() or exec_mmap(): schedule(), munmap(2), execve(2), exit(2), page reclaim.
 * Names that begin with tlbscope_ are done by the machine itself; tlbscope_defined() asks whether this kernel has a
 * function, so that one environment serves all eras.
 */

/* schedule: this CPU goes on with another task. The runqueue is locked and interrupts are off, as in __schedule(). Older kernels take no flags. */
void scenario_schedule(struct task_struct *next)
{
	struct rq *rq;
	struct task_struct *prev;
	struct rq_flags flags;

	local_irq_disable();
	rq = &__get_cpu_var(runqueues);
	prev = current;
	if (tlbscope_defined(raw_spin_rq_lock)) /* from 5.14 */
		raw_spin_rq_lock(rq);
	else
		raw_spin_lock(&rq->lock);
	if (prev != next) {
		rq->curr = next;
		context_switch(rq, prev, next, &flags);
	} else if (tlbscope_defined(raw_spin_rq_unlock_irq))
		raw_spin_rq_unlock_irq(rq);
	else
		raw_spin_unlock_irq(&rq->lock);
}

/* touch: the task reads its page in user mode. */
void scenario_touch(unsigned long addr)
{
	tlbscope_user_read(addr);
}

/* munmap: entry cleared, TLBs flushed, page freed, in this order and under mmap_sem (mm/mmap.c, mm/memory.c). */
void scenario_munmap(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t page;

	if (tlbscope_defined(mmap_write_lock)) /* mmap_sem until 5.8 */
		mmap_write_lock(mm);
	else
		down_write(&mm->mmap_sem);
	tlbscope_lock_ptes(vma), page = xchg(&tlbscope_pte(mm, addr), 0), tlbscope_unlock_ptes(vma);
	if (page) {
		flush_tlb_page(vma, addr);
		tlbscope_free_page(page);
	}
	if (tlbscope_defined(mmap_write_unlock))
		mmap_write_unlock(mm);
	else
		up_write(&mm->mmap_sem);
}

#if defined(CONFIG_MMU_GATHER_RCU_TABLE_FREE) || defined(CONFIG_HAVE_RCU_TABLE_FREE) /* the older name, until 5.6 */
static void table_may_go(void *unused)
{
}
#endif

/* munmap of all that a page table maps: the entry and the table are taken out, TLBs and paging-structure caches are flushed, and both are freed (free_pgtables() in mm/memory.c, tlb_flush() in asm/tlb.h). */
void scenario_munmap_table(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t page;

	if (tlbscope_defined(mmap_write_lock)) /* mmap_sem until 5.8 */
		mmap_write_lock(mm);
	else
		down_write(&mm->mmap_sem);
	tlbscope_lock_ptes(vma), page = xchg(&tlbscope_pte(mm, addr), 0), tlbscope_unlock_ptes(vma);
	if (page) {
		tlbscope_leave_rmap(mm), tlbscope_table(mm) = 0;
		if (tlbscope_defined(flush_tlb_mm_range)) /* from 3.7; the last argument says that tables are freed (from 4.20) */
			flush_tlb_mm_range(mm, addr, addr + 0x1000, 12, true);
		else
			flush_tlb_mm(mm);
		tlbscope_free_page(page);
#if defined(CONFIG_MMU_GATHER_RCU_TABLE_FREE) || defined(CONFIG_HAVE_RCU_TABLE_FREE)
		smp_call_function(table_may_go, NULL, 1); /* nobody frees it while a CPU that may walk it keeps its interrupts off (mm/mmu_gather.c) */
#endif
		tlbscope_free_pgtables(mm);
	}
	if (tlbscope_defined(mmap_write_unlock))
		mmap_write_unlock(mm);
	else
		up_write(&mm->mmap_sem);
}

/* mmap: a new page frame under the same address, unless a page is still there: the kernel would choose another address (get_unmapped_area() in mm/mmap.c). */
void scenario_mmap(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;

	if (tlbscope_defined(mmap_write_lock)) /* mmap_sem until 5.8 */
		mmap_write_lock(mm);
	else
		down_write(&mm->mmap_sem);
	if (!tlbscope_pte(mm, addr))
		tlbscope_pte(mm, addr) = tlbscope_alloc_page();
	if (tlbscope_defined(mmap_write_unlock))
		mmap_write_unlock(mm);
	else
		up_write(&mm->mmap_sem);
}

/*
 * Reclaim comes to a page by way of the reverse map, and holds its lock until the page's entry is cleared
 * (page_lock_anon_vma(), later folio_lock_anon_vma_read(), in mm/rmap.c). An mm that ends is taken out of the map under
 * that lock before its page tables are freed (unlink_anon_vmas(), which free_pgtables() of mm/memory.c calls): from then
 * on reclaim finds none of its pages, and lets it be. The machine runs the functions that end in _locked, and takes
 * tlbscope_leave_rmap() for more than nothing, where an mm of the scenario can end meanwhile: elsewhere nobody would wait.
 *
 * An entry is changed under the page-table lock (pte_offset_map_lock() in mm/memory.c and mm/rmap.c), so that no other
 * change comes between reclaim's load of it and its store: tlbscope_lock_ptes() stands for that, in the same way.
 */

/* reclaim, with the entry cleared by a LOCKed exchange: it takes no mmap_sem, and may run on any CPU (mm/rmap.c). */
void scenario_reclaim_xchg(struct vm_area_struct *vma, unsigned long addr)
{
	pte_t page;

	tlbscope_lock_ptes(vma), page = xchg(&tlbscope_pte(vma->vm_mm, addr), 0), tlbscope_unlock_ptes(vma);
	if (page) {
		flush_tlb_page(vma, addr);
		tlbscope_free_page(page);
	}
}

void scenario_reclaim_xchg_locked(struct vm_area_struct *vma, unsigned long addr)
{
	if (!down_read_trylock(&vma->tlbscope_rmap))
		return;
	scenario_reclaim_xchg(vma, addr);
	up_read(&vma->tlbscope_rmap);
}

/* reclaim, with the entry cleared by a plain store. */
void scenario_reclaim_store(struct vm_area_struct *vma, unsigned long addr)
{
	pte_t page;

	tlbscope_lock_ptes(vma), page = tlbscope_pte(vma->vm_mm, addr);
	if (page) {
		tlbscope_pte(vma->vm_mm, addr) = 0, tlbscope_unlock_ptes(vma);
		flush_tlb_page(vma, addr);
		tlbscope_free_page(page);
	} else
		tlbscope_unlock_ptes(vma);
}

void scenario_reclaim_store_locked(struct vm_area_struct *vma, unsigned long addr)
{
	if (!down_read_trylock(&vma->tlbscope_rmap))
		return;
	scenario_reclaim_store(vma, addr);
	up_read(&vma->tlbscope_rmap);
}

/*
 * reclaim, with the flush gathered: the entry is cleared, the mm's CPUs are noted, and all that were noted are flushed
 * before the page is given back (mm/rmap.c, from 4.3 on).
 */
void scenario_reclaim_batched(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct arch_tlbflush_unmap_batch batch; /* current->tlb_ubc.arch, from 4.14 on */
	pte_t page;

	if (!tlbscope_defined(arch_tlbbatch_flush) && !tlbscope_defined(try_to_unmap_flush)) {
		if (tlbscope_defined(tlbflush_unmap_batch))
			tlbscope_lacks(rmap_code);
		else
			tlbscope_lacks(gathered_flushes);
		return;
	}
	page = xchg(&tlbscope_pte(mm, addr), 0);
	if (!page)
		return;
	if (tlbscope_defined(arch_tlbbatch_flush)) {
		if (tlbscope_defined(arch_tlbbatch_add_pending)) /* from 6.5 */
			arch_tlbbatch_add_pending(&batch, mm, addr, addr + 0x1000);
		else
			arch_tlbbatch_add_mm(&batch, mm);
		arch_tlbbatch_flush(&batch);
	} else { /* what is sent to whom, and whether as a flush of no mm, was mm/rmap.c's own until 4.13 */
		set_tlb_ubc_flush_pending(mm, page, false);
		try_to_unmap_flush();
	}
	tlbscope_free_page(page);
}

/* The same under the lock, which is given back before the flush. */
void scenario_reclaim_batched_locked(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct arch_tlbflush_unmap_batch batch;
	pte_t page;

	if (!down_read_trylock(&vma->tlbscope_rmap))
		return;
	page = xchg(&tlbscope_pte(mm, addr), 0);
	if (page) {
		if (tlbscope_defined(arch_tlbbatch_add_pending))
			arch_tlbbatch_add_pending(&batch, mm, addr, addr + 0x1000);
		else if (tlbscope_defined(arch_tlbbatch_add_mm))
			arch_tlbbatch_add_mm(&batch, mm);
		else if (tlbscope_defined(set_tlb_ubc_flush_pending))
			set_tlb_ubc_flush_pending(mm, page, false);
	}
	up_read(&vma->tlbscope_rmap);
	if (!page)
		return;
	if (tlbscope_defined(arch_tlbbatch_flush))
		arch_tlbbatch_flush(&batch);
	else if (tlbscope_defined(try_to_unmap_flush))
		try_to_unmap_flush();
	tlbscope_free_page(page);
}

/* exec: the task gets a new mm, interrupts on all the while (fs/exec.c). */
void scenario_exec(struct mm_struct *mm)
{
	exec_mmap(mm);
}

/* The last user of an mm has gone: its mappings are torn down, then the reference that all users held together is dropped (kernel/fork.c, mm/mmap.c). */
void mmput(struct mm_struct *mm)
{
	unsigned long addr;

	if (atomic_dec_and_test(&mm->mm_users)) {
		arch_exit_mmap(mm);
		for (addr = 0x1000; addr <= tlbscope_page_count() << 12; addr += 0x1000)
			tlbscope_pte(mm, addr) = 0;
		tlbscope_leave_rmap(mm), flush_tlb_mm(mm); /* free_pgtables() comes before tlb_finish_mmu() */
		tlbscope_free_pgtables(mm);
		mmdrop(mm);
	}
}

/*
 * global_asid: an mm whose tasks run on many CPUs gets a PCID that is the same on all of them, so that flushes of it can be broadcast.
 * From 6.15 on, on processors with INVLPGB, consider_global_asid() does this after a flush (arch/x86/mm/tlb.c).
 */
void scenario_global_asid(struct mm_struct *mm)
{
	if (tlbscope_defined(use_global_asid) && cpu_feature_enabled(X86_FEATURE_INVLPGB))
		use_global_asid(mm);
	else
		tlbscope_lacks(global_asids);
}

/* The mm is somebody else's, and stays as long as who flushes it holds it: by the lock of the reverse map, say. */
void scenario_global_asid_locked(struct vm_area_struct *vma)
{
	if (!down_read_trylock(&vma->tlbscope_rmap))
		return;
	scenario_global_asid(vma->vm_mm);
	up_read(&vma->tlbscope_rmap);
}

/* exit: the task gives up its mm, borrows it once more to die on, and the CPU's idle task runs on (kernel/exit.c). A kernel thread has none to give up: exit_mm() returns there. */
void scenario_exit(struct task_struct *idle)
{
	struct mm_struct *mm;

	if ((mm = current->mm)) {
		if (tlbscope_defined(mmgrab_lazy_tlb))
			mmgrab_lazy_tlb(mm);
		else
			atomic_inc(&mm->mm_count);
		preempt_disable();
		current->mm = NULL;
		enter_lazy_tlb(mm, current);
		preempt_enable();
		mmput(mm);
	}
	scenario_schedule(idle);
}

/*
 * Page table isolation: user mode runs on page tables of its own, under a PCID with bit 11 set. On the way into the kernel
 * nothing is flushed; on the way back the user PCID is, when the kernel has asked for it (SWITCH_TO_KERNEL_CR3 and
 * SWITCH_TO_USER_CR3 in arch/x86/entry/calling.h). Both page tables map the same user pages: here they count as one.
 */
static void switch_to_kernel_cr3(void)
{
	unsigned long cr3 = __read_cr3();

	if (cr3 & 0x800)
		write_cr3((cr3 & ~0x800) | CR3_NOFLUSH);
}

static void switch_to_user_cr3(void)
{
	unsigned long cr3 = __read_cr3();
	unsigned long asked = 1 << (cr3 & 0x7ff);
	unsigned long mask = this_cpu_read(cpu_tlbstate.user_pcid_flush_mask);

	if (mask & asked) {
		this_cpu_write(cpu_tlbstate.user_pcid_flush_mask, mask & ~asked);
		write_cr3(cr3 | 0x800);
	} else
		write_cr3(cr3 | 0x800 | CR3_NOFLUSH);
}

/* A system call: whatever a CPU is asked to do runs inside of one. */
void enter_kernel(smp_call_func_t fn, unsigned long first, unsigned long second)
{
	local_irq_disable();
	switch_to_kernel_cr3();
	local_irq_enable();
	fn(first, second);
	local_irq_disable();
	if (current->mm)
		switch_to_user_cr3();
	local_irq_enable();
}

/* An interrupt that comes while the user's page tables are loaded. */
void interrupt_from_user_mode(smp_call_func_t fn, void *info)
{
	switch_to_kernel_cr3();
	fn(info);
	switch_to_user_cr3();
}

/* A CPU comes up: what cpu_init() does for its TLB (arch/x86/kernel/cpu/common.c, from 4.14). */
void scenario_boot_cpu(void)
{
	if (tlbscope_defined(initialize_tlbstate_and_flush))
		initialize_tlbstate_and_flush();
	if (tlbscope_defined(use_global_asid) && cpu_feature_enabled(X86_FEATURE_INVLPGB))
		invlpgb_count_max = 8; /* as CPUID says (arch/x86/kernel/cpu/amd.c) */
}

/* A new mm: what mm_init() asks of the architecture (kernel/fork.c). The LDT is given to it afterwards. */
void scenario_boot_mm(struct mm_struct *mm)
{
	if (tlbscope_defined(init_new_context))
		init_new_context(NULL, mm);
	if (tlbscope_defined(mm_lam_cr3_mask) && cpu_feature_enabled(X86_FEATURE_LAM))
		mm->context.lam_cr3_mask = X86_CR3_LAM_U57; /* its tasks have asked for it: arch_prctl(ARCH_ENABLE_TAGGED_ADDR), from 6.4 on */
	if (tlbscope_defined(use_global_asid) && cpu_feature_enabled(X86_FEATURE_INVLPGB) && tlbscope_setting(global_asids, 1))
		use_global_asid(mm);
}
