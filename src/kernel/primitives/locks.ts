/** Locks. A CPU that finds one taken waits; taking and giving back is one visible action each. */
import type { Expr } from "../syntax/tree/ast";
import { BOOL, FLAGS, LOCK } from "../ctype";
import type { HwOp, Value } from "../ir";
import type { Lowering } from "../lower/lowering";
import { ZERO } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

const address = (x: Lowering, e: Expr): Value => x.b.value({ ...x.expr(e), t: LOCK });

const kinds = ["spin", "raw_spin", "__raw_spin", "arch_spin", "read", "write"];
const spellings = (op: string) => kinds.map((k) => `${k}_${op}`);

/** `before` and `after` are what the _irq and _bh spellings do around the lock itself. */
const plain = (
  names: string[],
  where: string,
  does: string,
  before: HwOp | undefined,
  f: HwOp,
  after: HwOp | undefined,
): Primitive => ({
  names,
  does,
  where,
  args: 1,
  value(x, [lock]) {
    const at = address(x, lock);
    if (before) x.b.hw(before, []);
    x.b.hw(f, [at]);
    if (after) x.b.hw(after, []);
    return ZERO;
  },
});

/**
 * A lock inside what the argument points to. Spellings that a signal can break off give 0 for "taken": nobody is
 * killed here.
 */
const member = (names: string[], where: string, does: string, f: HwOp, field: string): Primitive => ({
  names,
  does,
  where,
  args: 1,
  value(x, [e], call) {
    x.b.hw(f, [x.b.value(x.b.addressOf(x.field(x.b.deref(x.expr(e)), field, call)))]);
    return ZERO;
  },
});

const where = "include/linux/spinlock.h";
/** mmap_sem until 5.8. */
const mmapLock = "include/linux/mmap_lock.h";
const sem = "include/linux/rwsem.h";

/** From 5.14 on; kernels that took over the functions alone have them act on rq->lock. */
const runqueueLock = { struct: "rq", field: "__lock" };

export const lockPrimitives: Primitive[] = [
  plain(
    [
      ...spellings("lock"),
      ...spellings("lock_bh"),
      "mutex_lock",
      "mutex_lock_killable",
      "mutex_lock_interruptible",
      "down",
    ],
    where,
    "Takes the lock, waiting while another holds it.",
    undefined,
    "lock",
    undefined,
  ),
  plain(
    [...spellings("unlock"), ...spellings("unlock_bh"), "mutex_unlock", "up"],
    where,
    "Gives the lock back.",
    undefined,
    "unlock",
    undefined,
  ),
  plain(spellings("lock_irq"), where, "Turns interrupts off and takes the lock.", "irq_off", "lock", undefined),
  plain(spellings("unlock_irq"), where, "Gives the lock back and turns interrupts on.", undefined, "unlock", "irq_on"),
  plain(
    ["down_read", "down_read_killable", "down_read_nested"],
    sem,
    "Takes the semaphore for reading; waits for a writer.",
    undefined,
    "down_read",
    undefined,
  ),
  plain(["up_read"], sem, "Gives a read hold back.", undefined, "up_read", undefined),
  plain(
    ["down_write", "down_write_killable", "down_write_nested"],
    sem,
    "Takes the semaphore alone; waits for all others.",
    undefined,
    "down_write",
    undefined,
  ),
  ...[
    { names: spellings("trylock"), f: "try_lock" as const, what: "the lock" },
    { names: ["mutex_trylock"], f: "try_lock" as const, what: "the mutex" },
    { names: ["down_read_trylock"], f: "try_read" as const, what: "the semaphore for reading" },
    { names: ["down_write_trylock"], f: "try_write" as const, what: "the semaphore alone" },
  ].map(({ names, f, what }): Primitive => ({
    names,
    does: `Takes ${what} if nobody is in the way: was it taken?`,
    where: f === "try_lock" ? where : sem,
    args: 1,
    value: (x, [lock]) => ({ v: x.b.hw(f, [address(x, lock)], true), t: BOOL }),
  })),
  plain(["up_write"], sem, "Gives the exclusive hold back.", undefined, "up_write", undefined),
  {
    names: spellings("lock_irqsave"),
    does: "Keeps the interrupt flag, turns interrupts off and takes the lock.",
    where,
    args: 2,
    value(x, [lock, flags]) {
      const at = address(x, lock);
      x.b.store(x.place(flags), x.b.hw("irq_save", [], true));
      x.b.hw("lock", [at]);
      return ZERO;
    },
  },
  {
    names: spellings("unlock_irqrestore"),
    does: "Gives the lock back and puts the interrupt flag back.",
    where,
    args: 2,
    value(x, [lock, flags]) {
      x.b.hw("unlock", [address(x, lock)]);
      x.b.hw("irq_restore", [x.val(flags)]);
      return ZERO;
    },
  },
  {
    ...member(
      ["raw_spin_rq_lock", "raw_spin_rq_lock_nested"],
      "kernel/sched/core.c",
      "Takes the runqueue's lock.",
      "lock",
      "__lock",
    ),
    assumes: runqueueLock,
  },
  {
    ...member(["raw_spin_rq_unlock"], "kernel/sched/core.c", "Gives the runqueue's lock back.", "unlock", "__lock"),
    assumes: runqueueLock,
  },
  member(["task_lock"], "include/linux/sched.h", "Takes the task's alloc_lock.", "lock", "alloc_lock"),
  member(["task_unlock"], "include/linux/sched.h", "Gives the task's alloc_lock back.", "unlock", "alloc_lock"),
  member(
    ["mmap_write_lock", "mmap_write_lock_killable", "mmap_write_lock_nested"],
    mmapLock,
    "Takes the mm's mmap_lock alone.",
    "down_write",
    "mmap_lock",
  ),
  member(["mmap_write_unlock"], mmapLock, "Gives the exclusive hold on mmap_lock back.", "up_write", "mmap_lock"),
  member(
    ["mmap_read_lock", "mmap_read_lock_killable"],
    mmapLock,
    "Takes the mm's mmap_lock for reading.",
    "down_read",
    "mmap_lock",
  ),
  member(["mmap_read_unlock"], mmapLock, "Gives a read hold on mmap_lock back.", "up_read", "mmap_lock"),
  {
    names: ["local_irq_disable", "raw_local_irq_disable", "arch_local_irq_disable"],
    does: "Turns interrupts off on this CPU (CLI).",
    where: "include/linux/irqflags.h",
    value(x) {
      x.b.hw("irq_off", []);
      return ZERO;
    },
  },
  {
    names: ["local_irq_enable", "raw_local_irq_enable", "arch_local_irq_enable"],
    does: "Turns interrupts on on this CPU (STI).",
    where: "include/linux/irqflags.h",
    value(x) {
      x.b.hw("irq_on", []);
      return ZERO;
    },
  },
  {
    names: ["local_irq_save", "raw_local_irq_save"],
    does: "Keeps the interrupt flag and turns interrupts off.",
    where: "include/linux/irqflags.h",
    args: 1,
    value(x, [flags]) {
      x.b.store(x.place(flags), x.b.hw("irq_save", [], true));
      return ZERO;
    },
  },
  {
    names: ["local_irq_restore", "raw_local_irq_restore"],
    does: "Puts the interrupt flag back.",
    where: "include/linux/irqflags.h",
    args: 1,
    value(x, [flags]) {
      x.b.hw("irq_restore", [x.val(flags)]);
      return ZERO;
    },
  },
  {
    names: ["irqs_disabled"],
    does: "Are interrupts off on this CPU?",
    where: "include/linux/irqflags.h",
    value(x) {
      const flags = x.b.hw("irq_save", [], true);
      x.b.hw("irq_restore", [flags]);
      return { v: x.b.bin("==", flags, { k: "const", c: { n: 0, syms: [] } }), t: FLAGS };
    },
  },
];
