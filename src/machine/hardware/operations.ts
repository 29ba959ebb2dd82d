/**
 * Every hardware operation (HwOp in kernel/ir.ts), and all that the machine and the checker must know of it: the
 * compiler asks for a complete entry. Facts: Intel SDM vol. 3A, chapters 4.10 and 10.
 */
import { t } from "@vscode/l10n";
import type { HwOp } from "../../kernel/ir";
import type { Observer } from "../effects";
import type { Layout } from "../layout";
import { W } from "../state";
import { allocateFrame, freeFrame, freeMm, freePageTables, freePgd, unpinPageTables } from "./give-back";
import type { Hardware } from "./hardware";
import { awaitCalls, sendCall, sendVector } from "./interrupts";
import type { Operation } from "./operation";

/** An operation on this CPU's registers or TLB. */
const serializing = { drains: true, touches: "hardware", waits: false } as const;
const interruptFlag = { drains: false, touches: "own registers", waits: false } as const;
/** Back to the page allocator; whether somebody still uses it is looked up on all CPUs. */
const givesBack = { drains: true, touches: "other CPUs", waits: false } as const;
/** On the lock at its first argument, a number: below zero for a writer, else how many hold it. */
const lock = { drains: true, touches: "memory", refuses: isNoLock } as const;

const spinLock: Operation = {
  ...lock,
  waits: true,
  run: (_hw, s, _c, [at], o) => (s[at] === 0 ? setLock(s, at, 1, true, o) : "wait"),
};
const spinUnlock: Operation = {
  ...lock,
  drains: false, // a spinlock is given back by a plain store (arch/x86/include/asm/spinlock.h)
  waits: false,
  run(hw, s, c, [at], o) {
    o.effect?.({ k: "lock", cell: at, taken: false });
    hw.buffers.write(s, c, at, 0, { violation: o.violation });
    return 0;
  },
};

export const operations: Record<HwOp, Operation> = {
  load_cr3: {
    ...serializing,
    run(hw, s, c, args, o) {
      hw.tlb.load(s, c, args[0], o);
      return 0;
    },
  },
  read_cr3: {
    drains: false,
    touches: "own registers",
    waits: false,
    run: (hw, s, c) => hw.tlb.cr3(s, c),
  },
  load_ldt: {
    drains: false,
    touches: "own registers",
    waits: false,
    run(hw, s, c, args, o) {
      s[hw.layout.cpu[c] + W.ldt] = args[0];
      o.effect?.({ k: "ldt", to: args[0] });
      return 0;
    },
  },

  flush_all: {
    ...serializing,
    run(hw, s, c, _, o) {
      hw.tlb.flush(s, c, undefined, o);
      return 0;
    },
  },
  flush_one: {
    ...serializing,
    run(hw, s, c, args, o) {
      hw.tlb.flushPage(s, c, args[0], undefined, o);
      return 0;
    },
  },
  flush_pcid: {
    ...serializing,
    run(hw, s, c, args, o) {
      if (args[1] < 0) hw.tlb.flush(s, c, args[0], o);
      else hw.tlb.flushPage(s, c, args[1], args[0], o);
      return 0;
    },
  },
  flush_pcids: {
    ...serializing,
    run(hw, s, c, _, o) {
      hw.tlb.flushAll(s, c, o);
      return 0;
    },
  },
  invlpgb: {
    drains: false,
    touches: "hardware",
    waits: true,
    run: (hw, s, c, args, o) => (hw.broadcasts.send(s, c, args, o) ? 0 : "wait"),
  },
  tlbsync: {
    drains: false,
    touches: "hardware",
    waits: true,
    run(hw, s, c, _, o) {
      if (hw.broadcasts.waitsFor(s, c) !== 0) return "wait";
      o.effect?.({ k: "synced" });
      return 0;
    },
  },
  user_read: {
    drains: false,
    touches: "hardware",
    waits: false,
    run(hw, s, c, args, o) {
      hw.tlb.userRead(s, c, args[0], o);
      return 0;
    },
  },

  irq_off: {
    ...interruptFlag,
    run: (hw, s, c, _, o) => setInterruptFlag(hw.layout, s, c, 0, o),
  },
  irq_on: {
    ...interruptFlag,
    run: (hw, s, c, _, o) => setInterruptFlag(hw.layout, s, c, 1, o),
  },
  irq_save: {
    ...interruptFlag,
    run(hw, s, c, _, o) {
      const flags = s[hw.layout.cpu[c] + W.irqsOn];
      setInterruptFlag(hw.layout, s, c, 0, o);
      return flags;
    },
  },
  irq_restore: {
    ...interruptFlag,
    run: (hw, s, c, args, o) => setInterruptFlag(hw.layout, s, c, args[0] ? 1 : 0, o),
  },
  send_ipi: { drains: true, touches: "hardware", waits: false, run: sendVector },
  ack_ipi: {
    drains: false,
    touches: "nothing",
    waits: false,
    run(_hw, _s, _c, _, o) {
      o.effect?.({ k: "eoi" });
      return 0;
    },
  },
  send_call: { drains: true, touches: "hardware", waits: true, run: sendCall },
  await_calls: { drains: false, touches: "hardware", waits: true, run: awaitCalls },

  switch_to: {
    drains: false,
    touches: "hardware",
    waits: false,
    refuses: (l, c, args, fn) =>
      l.isTask(args[1])
        ? undefined
        : t("CPU{0} switches to {1}, which is no task, in {2}().", c, l.objectAt(args[1]), fn),
    run(hw, s, c, args, o) {
      s[hw.layout.cpu[c] + W.current] = args[1];
      o.effect?.({ k: "switch", from: args[0], to: args[1] });
      hw.stale.checkSwitched(s, c, o);
      return 0;
    },
  },

  lock: spinLock,
  unlock: spinUnlock,
  try_lock: { ...lock, waits: false, run: (_hw, s, _c, [at], o) => tryLock(s, at, s[at] === 0, 1, o) },
  try_read: { ...lock, waits: false, run: (_hw, s, _c, [at], o) => tryLock(s, at, s[at] >= 0, s[at] + 1, o) },
  try_write: { ...lock, waits: false, run: (_hw, s, _c, [at], o) => tryLock(s, at, s[at] === 0, -1, o) },
  down_read: {
    ...lock,
    waits: true,
    run: (_hw, s, _c, [at], o) => (s[at] < 0 ? "wait" : setLock(s, at, s[at] + 1, true, o)),
  },
  up_read: {
    ...lock,
    waits: false,
    run: (_hw, s, _c, [at], o) => setLock(s, at, s[at] - 1, false, o),
  },
  down_write: {
    ...lock,
    waits: true,
    run: downWrite,
  },
  up_write: {
    ...lock,
    waits: false,
    run: (_hw, s, _c, [at], o) => setLock(s, at, 0, false, o),
  },
  leave_rmap: { ...lock, waits: true, run: downWrite },
  lock_ptes: spinLock,
  unlock_ptes: spinUnlock,
  fence: {
    drains: true,
    touches: "nothing",
    waits: false,
    run(_hw, _s, _c, _, o) {
      o.effect?.({ k: "fence" });
      return 0;
    },
  },

  bug: {
    drains: false,
    touches: "hardware",
    waits: false,
    breaks: (c, fn) => ({ property: "bug", cpu: c, why: t("CPU{0} reaches BUG() in {1}().", c, fn) }),
    run(_hw, _s, _c, _, o) {
      o.effect?.({ k: "bug" });
      return "halt";
    },
  },
  warn: {
    drains: false,
    touches: "hardware",
    waits: false,
    breaks: (c, fn) => ({ property: "warn", cpu: c, why: t("CPU{0}'s WARN condition holds in {1}().", c, fn) }),
    run(_hw, _s, _c, _, o) {
      o.effect?.({ k: "warn" });
      return 0;
    },
  },

  alloc_frame: {
    drains: true,
    touches: "hardware",
    waits: false,
    run: (hw, s, _c, _, o) => allocateFrame(hw.layout, s, o),
  },
  free_frame: { ...givesBack, run: freeFrame },
  free_pgtables: { ...givesBack, run: freePageTables },
  free_pgd: { ...givesBack, run: freePgd },
  free_mm: { ...givesBack, run: freeMm },

  xen_unpin: { ...givesBack, run: unpinPageTables },
  xen_flush: {
    drains: true,
    touches: "other CPUs",
    waits: false,
    run(hw, s, _c, [cpus, address], o) {
      for (let d = 0; d < hw.layout.cpuCount; d++) {
        if (((cpus >> d) & 1) === 0) continue;
        if (address < 0) hw.tlb.flush(s, d, undefined, { violation: o.violation });
        else hw.tlb.flushPage(s, d, address, undefined, { violation: o.violation });
      }
      o.effect?.({ k: "hypervisorFlush", to: cpus });
      return 0;
    },
  },
};

function setInterruptFlag(l: Layout, s: Int32Array, c: number, on: number, o: Observer): number {
  const at = l.cpu[c] + W.irqsOn;
  if (s[at] !== on) o.effect?.({ k: "irqs", on: on === 1 });
  s[at] = on;
  return 0;
}

function setLock(s: Int32Array, at: number, value: number, taken: boolean, o: Observer): number {
  o.effect?.({ k: "lock", cell: at, taken });
  s[at] = value;
  return 0;
}

function downWrite(_hw: Hardware, s: Int32Array, _c: number, [at]: number[], o: Observer): number | "wait" {
  return s[at] === 0 ? setLock(s, at, -1, true, o) : "wait";
}

/** Takes a lock if nobody is in the way: gives 1 then, else 0. */
function tryLock(s: Int32Array, at: number, free: boolean, value: number, o: Observer): number {
  if (!free) {
    o.effect?.({ k: "read", cell: at, value: s[at] });
    return 0;
  }
  setLock(s, at, value, true, o);
  return 1;
}

function isNoLock(l: Layout, c: number, [at]: number[], fn: string): string | undefined {
  return at >= l.first && at < l.size
    ? undefined
    : t("CPU{0} follows {1} to a lock in {2}().", c, l.badPointer(at), fn);
}
