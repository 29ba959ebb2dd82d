/**
 * Guards that the kernel's headers define: what is done where they stand, and at the end of their scope. Source:
 * include/linux/{cleanup,spinlock,mutex,irqflags,preempt,rwsem}.h.
 */

interface GuardKind {
  /**
   * In terms of `_T`, as DEFINE_LOCK_GUARD_1() has it: `_T->lock` is the argument, the others are variables of the
   * guard.
   */
  enter: string;
  leave: string;
  /** Declarations of the guard's further variables. */
  variables?: string;
  args: number;
}

const plain = (lock: string, unlock: string): GuardKind => ({
  enter: `${lock}(_T->lock)`,
  leave: `${unlock}(_T->lock)`,
  args: 1,
});
const saving = (lock: string, unlock: string): GuardKind => ({
  enter: `${lock}(_T->lock, _T->flags)`,
  leave: `${unlock}(_T->lock, _T->flags)`,
  variables: "unsigned long flags",
  args: 1,
});
const withoutLock = (enter: string, leave: string): GuardKind => ({
  enter: `${enter}()`,
  leave: `${leave}()`,
  args: 0,
});

const family = (guard: string, prefix: string): [string, GuardKind][] => [
  [guard, plain(`${prefix}lock`, `${prefix}unlock`)],
  [`${guard}_irq`, plain(`${prefix}lock_irq`, `${prefix}unlock_irq`)],
  [`${guard}_bh`, plain(`${prefix}lock_bh`, `${prefix}unlock_bh`)],
  [`${guard}_irqsave`, saving(`${prefix}lock_irqsave`, `${prefix}unlock_irqrestore`)],
];

export const guards: ReadonlyMap<string, GuardKind> = new Map<string, GuardKind>([
  ...family("spinlock", "spin_"),
  ...family("raw_spinlock", "raw_spin_"),
  ["raw_spinlock_nested", plain("raw_spin_lock", "raw_spin_unlock")],
  ...family("read_lock", "read_"),
  ...family("write_lock", "write_"),
  ["mutex", plain("mutex_lock", "mutex_unlock")],
  ["rwsem_read", plain("down_read", "up_read")],
  ["rwsem_write", plain("down_write", "up_write")],
  ["mmap_read_lock", plain("mmap_read_lock", "mmap_read_unlock")],
  ["mmap_write_lock", plain("mmap_write_lock", "mmap_write_unlock")],
  ["irq", withoutLock("local_irq_disable", "local_irq_enable")],
  [
    "irqsave",
    {
      enter: "local_irq_save(_T->flags)",
      leave: "local_irq_restore(_T->flags)",
      variables: "unsigned long flags",
      args: 0,
    },
  ],
  ["preempt", withoutLock("preempt_disable", "preempt_enable")],
  ["preempt_notrace", withoutLock("preempt_disable", "preempt_enable")],
  ["rcu", withoutLock("rcu_read_lock", "rcu_read_unlock")],
  ["migrate", withoutLock("migrate_disable", "migrate_enable")],
  ["cpus_read_lock", withoutLock("cpus_read_lock", "cpus_read_unlock")],
]);
