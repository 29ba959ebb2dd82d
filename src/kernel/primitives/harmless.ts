/**
 * Calls that touch nothing the machine models: trace points, lock debugging, statistics, preemption counts, other
 * subsystems' bookkeeping. They are steps that do nothing.
 */
const exact = new Set([
  // preemption and compiler barriers; on x86 these order nothing that the machine reorders
  "preempt_disable", "preempt_enable", "preempt_enable_no_resched", "put_cpu", "put_cpu_var", "put_cpu_ptr", "barrier", "cpu_relax", "rep_nop",
  "smp_rmb", "smp_wmb", "rmb", "wmb", "smp_read_barrier_depends", "smp_mb__before_clear_bit", "smp_mb__after_clear_bit", "smp_mb__before_atomic_inc", "smp_mb__after_atomic_inc",
  // lock debugging and initialisation
  "spin_acquire", "spin_release", "lock_acquire", "lock_release", "might_sleep", "might_lock", "spin_lock_init", "raw_spin_lock_init", "rwlock_init", "mutex_init", "__acquire", "__release",
  // context switch hooks of other subsystems: kernel/sched.c, include/linux/perf_event.h, kernel/kprobes.c
  "fire_sched_in_preempt_notifiers", "fire_sched_out_preempt_notifiers", "prepare_arch_switch", "finish_arch_switch", "finish_arch_post_lock_switch",
  "arch_start_context_switch", "arch_end_context_switch", "perf_event_task_sched_in", "perf_event_task_sched_out", "perf_counter_task_sched_in", "perf_counter_task_sched_out",
  "arch_enter_lazy_cpu_mode", "arch_leave_lazy_cpu_mode", "arch_flush_lazy_cpu_mode", // batching of hypercalls: loads of CR3 take effect at once here
  "sched_info_switch", "kprobe_flush_task", "put_task_struct", "kmemcheck_mark_initialized", "tick_nohz_task_switch", "vtime_task_switch", "rcu_note_context_switch",
  // exec and exit bookkeeping: fs/exec.c, kernel/fork.c, kernel/exit.c
  "sync_mm_rss", "mm_release", "mm_update_next_owner", "arch_pick_mmap_layout", "exit_aio", "ksm_exit", "khugepaged_exit", "set_mm_exe_file", "put_swap_token", "module_put",
  "destroy_context", "mmu_notifier_mm_destroy", "mmu_notifier_release", "check_mm", "free_cpumask_var", "setmax_mm_hiwater_rss",
  // processor and platform odds and ends
  "is_uv_system", "uv_flush_tlb_others", "inc_irq_stat", "irq_enter", "irq_exit", "exit_idle", "prefetch", "prefetchw", "load_gs_index", "loadsegment", "lazy_load_gs", "hotcpu_notifier", "register_cpu_notifier",
  "xen_pgd_pin", "xen_mc_flush", "printk", "pr_info", "pr_warn", "pr_err", "dump_stack", "BUILD_BUG_ON", "WARN_ON_IN_IRQ", "schedule_debug",
  // hooks of other subsystems in today's kernels: kernel/sched/core.c, kernel/fork.c, fs/exec.c, arch/x86/mm/tlb.c
  "lru_gen_use_mm", "lru_gen_add_mm", "lru_gen_del_mm", "kcov_prepare_switch", "kcov_finish_switch", "preempt_count_set", "put_task_stack", "put_task_struct_rcu_user", "put_task_struct_many",
  "mmu_notifier_subscriptions_destroy", "mmu_notifier_subscriptions_init", "mmu_notifier_mm_init", "mmu_notifier_invalidate_range", "mmu_notifier_arch_invalidate_secondary_tlbs", "mmu_notifier_range_init", "put_user_ns", "mm_pasid_drop", "mm_pasid_init", "mm_destroy_cid", "percpu_counter_destroy_many",
  "futex_exec_release", "futex_exit_release", "futex_mm_init", "indirect_branch_prediction_barrier", "perf_clear_dirty_counters", "wrmsr", "wrmsrl", "native_wrmsrl", "count_vm_tlb_events", "__balance_callbacks", "balance_callback", "balance_callbacks", "post_schedule", "put_task_struct_sched",
  "switch_mm_cid", "sched_core_balance", "rseq_preempt", "rseq_sched_switch_event", "vmacache_flush", "membarrier_execve", "sched_mm_cid_before_execve", "sched_mm_cid_after_execve", "init_rwsem", "timer_delete_sync", "hrtick_clear",
  "context_tracking_task_switch", "sched_ext_dead", "cpus_read_lock", "cpus_read_unlock", "migrate_disable", "migrate_enable", "static_assert", "_Static_assert", "kfree", "kvfree", "vfree", "hmm_mm_destroy", "smp_mb__after_unlock_lock", "init_new_context_ldt", "blk_plug_invalidate_ts", "mm_init_cid", "DEBUG_LOCKS_WARN_ON", "mm_untag_mask", "paravirt_enter_mmap", "paravirt_arch_exit_mmap", "paravirt_arch_dup_mmap",
  "get_task_comm", "count_vm_event", "count_vm_tlb_event", "__count_vm_event", "inc_mm_counter", "dec_mm_counter",
]);
const families = /^(trace_|lockdep_|perf_event_|psi_|cgroup_|task_tick_|rcu_read_|kasan_|kmsan_|DEBUG_|debug_|ftrace_|instrumentation_)|->sched_class->/;

export const harmlessCall = (name: string): boolean => exact.has(name) || families.test(name);

/** For the tests: no name stands in two entries of the vocabulary. */
export const harmlessNames: ReadonlySet<string> = exact;
