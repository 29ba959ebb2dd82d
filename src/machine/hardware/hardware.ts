/**
 * CR3, TLBs, interrupts, locks and page frames: what the instructions named `hw` do. Facts: Intel SDM vol. 3A,
 * chapters 4.10 and 10.
 */
import { t } from "@vscode/l10n";
import type { HwOp } from "../../kernel/ir";
import type { Broadcasts } from "./broadcasts";
import type { Observer } from "../effects";
import { FrameState, W, type Layout } from "../layout";
import type { StoreBuffers } from "./store-buffers";
import type { Tlb } from "./tlb";

/** What an action comes to: a value, waiting (nothing happened), or the end of this CPU. */
export type Outcome = number | "wait" | "halt";

/**
 * Actions that let stores wait in the buffer. All others are LOCKed, serializing, or go through uncached memory, and
 * drain it (SDM vol. 3A, 11.10).
 */
const leavesBuffer = new Set<HwOp>([
  "read_cr3",
  "load_ldt",
  "irq_off",
  "irq_on",
  "irq_save",
  "irq_restore",
  "switch_to",
  "ack_ipi",
  "await_calls",
  "invlpgb",
  "tlbsync",
  "unlock",
  "user_read",
  "bug",
  "warn",
]);

export class Hardware {
  constructor(
    private readonly l: Layout,
    private readonly flushVectorBase: number,
    private readonly buffers: StoreBuffers,
    private readonly tlb: Tlb,
    private readonly broadcasts: Broadcasts,
  ) {}

  /** Carries out one action of CPU `c` on the state `s`. */
  run(s: Int32Array, c: number, f: HwOp, args: number[], o: Observer): Outcome {
    const { l } = this;
    const cpu = l.cpu[c];
    if (!leavesBuffer.has(f)) this.buffers.drainAll(s, c, o);
    switch (f) {
      case "load_cr3":
        this.tlb.load(s, c, args[0], o);
        return 0;
      case "read_cr3":
        return this.tlb.cr3(s, c);
      case "flush_all":
        this.tlb.flush(s, c, undefined, o);
        return 0;
      case "flush_one":
        this.tlb.flushPage(s, c, args[0], undefined, o);
        return 0;
      case "flush_pcid":
        if (args[1] < 0) this.tlb.flush(s, c, args[0], o);
        else this.tlb.flushPage(s, c, args[1], args[0], o);
        return 0;
      case "flush_pcids":
        this.tlb.flushAll(s, c, o);
        return 0;
      case "invlpgb":
        return this.broadcasts.send(s, c, args, o) ? 0 : "wait";
      case "tlbsync":
        if (this.broadcasts.waitsFor(s, c) !== 0) return "wait";
        o.effect?.({ k: "synced" });
        return 0;
      case "load_ldt":
        s[cpu + W.ldt] = args[0];
        o.effect?.({ k: "ldt", to: args[0] });
        return 0;
      case "irq_off":
        return this.irqs(s, c, 0, o);
      case "irq_on":
        return this.irqs(s, c, 1, o);
      case "irq_save": {
        const flags = s[cpu + W.irqsOn];
        this.irqs(s, c, 0, o);
        return flags;
      }
      case "irq_restore":
        return this.irqs(s, c, args[0] ? 1 : 0, o);
      case "switch_to":
        s[cpu + W.current] = args[1];
        o.effect?.({ k: "switch", from: args[0], to: args[1] });
        this.tlb.checkSwitched(s, c, o);
        return 0;
      case "send_ipi": {
        const vector = args[1] - this.flushVectorBase;
        const to = args[0] & ((1 << l.cpuCount) - 1);
        for (let d = 0; d < l.cpuCount; d++) if ((to >> d) & 1) s[l.cpu[d] + W.vectors] |= 1 << vector;
        o.effect?.({ k: "sendVector", to, vector });
        return 0;
      }
      case "ack_ipi":
        o.effect?.({ k: "eoi" });
        return 0;
      case "send_call": {
        const to = args[0] & ((1 << l.cpuCount) - 1) & ~(1 << c);
        // The one before isn't finished: csd_lock. The same call to a further CPU has a descriptor of its own.
        if (
          (s[cpu + W.callPending] & to) !== 0 ||
          (s[cpu + W.callPending] !== 0 && (s[cpu + W.callFn] !== args[1] || s[cpu + W.callInfo] !== args[2]))
        )
          return "wait";
        if (to === 0) {
          o.effect?.({ k: "sendCall", to, fn: args[1], info: args[2] });
          return 0;
        }
        s[cpu + W.callFn] = args[1];
        s[cpu + W.callInfo] = args[2];
        s[cpu + W.callQueued] |= to;
        s[cpu + W.callPending] |= to;
        o.effect?.({ k: "sendCall", to, fn: args[1], info: args[2] });
        return 0;
      }
      case "await_calls":
        if (s[cpu + W.callPending] !== 0) return "wait";
        s[cpu + W.callFn] = s[cpu + W.callInfo] = 0;
        o.effect?.({ k: "awaited" });
        return 0;
      case "lock":
      case "down_write":
        if (s[args[0]] !== 0) return "wait";
        return this.setLock(s, args[0], f === "lock" ? 1 : -1, true, o);
      case "unlock":
        // A spinlock is given back by a plain store (arch/x86/include/asm/spinlock.h).
        o.effect?.({ k: "lock", cell: args[0], taken: false });
        this.buffers.write(s, c, args[0], 0, { violation: o.violation });
        return 0;
      case "up_write":
        return this.setLock(s, args[0], 0, false, o);
      case "down_read":
        if (s[args[0]] < 0) return "wait";
        return this.setLock(s, args[0], s[args[0]] + 1, true, o);
      case "up_read":
        return this.setLock(s, args[0], s[args[0]] - 1, false, o);
      case "fence":
        o.effect?.({ k: "fence" });
        return 0;
      case "bug":
        o.effect?.({ k: "bug" });
        return "halt";
      case "warn":
        o.effect?.({ k: "warn" });
        return 0;
      case "user_read":
        this.tlb.userRead(s, c, args[0], o);
        return 0;
      case "alloc_frame":
        return this.allocate(s, o);
      case "free_frame":
        return this.freeFrame(s, c, args[0], o);
      case "free_pgtables":
        return this.freePageTables(s, c, args[0], o);
      case "free_pgd":
        return this.freePgd(s, c, args[0], o);
      case "free_mm":
        return this.freeMm(s, c, args[0], o);
      case "xen_unpin": {
        const m = l.mmIndex(args[0]);
        for (let d = 0; d < l.cpuCount; d++)
          if (m >= 0 && s[l.cpu[d] + W.cr3] === l.pgds[m])
            o.violation({
              property: "page-tables-in-use",
              cpu: c,
              why: t(
                "{0}'s page tables are unpinned while CPU{1}'s CR3 points at them: the hypervisor refuses.",
                l.mmNames[m],
                d,
              ),
            });
        o.effect?.({ k: "free", of: "pin", what: t("{0}'s page tables from Xen's hold", l.mmNames[m] ?? t("the mm")) });
        return 0;
      }
      case "xen_flush":
        for (let d = 0; d < l.cpuCount; d++) {
          if (((args[0] >> d) & 1) === 0) continue;
          if (args[1] < 0) this.tlb.flush(s, d, undefined, { violation: o.violation });
          else this.tlb.flushPage(s, d, args[1], undefined, { violation: o.violation });
        }
        o.effect?.({ k: "hypervisorFlush", to: args[0] });
        return 0;
    }
  }

  private irqs(s: Int32Array, c: number, on: number, o: Observer): Outcome {
    const at = this.l.cpu[c] + W.irqsOn;
    if (s[at] !== on) o.effect?.({ k: "irqs", on: on === 1 });
    s[at] = on;
    return 0;
  }

  private setLock(s: Int32Array, at: number, value: number, taken: boolean, o: Observer): Outcome {
    o.effect?.({ k: "lock", cell: at, taken });
    s[at] = value;
    return 0;
  }

  /** A freed frame is taken first: the worst that can happen is that somebody gets it at once. */
  private allocate(s: Int32Array, o: Observer): Outcome {
    const { frames } = this.l;
    for (const wanted of [FrameState.freed, FrameState.spare]) {
      for (let f = 0; f < frames.length; f++) {
        if (s[frames[f]] !== wanted) continue;
        s[frames[f]] = wanted === FrameState.freed ? FrameState.reused : FrameState.inUse;
        o.effect?.({ k: "alloc", frame: f + 1 });
        return f + 1;
      }
    }
    return 0;
  }

  private freeFrame(s: Int32Array, c: number, frame: number, o: Observer): Outcome {
    const { l } = this;
    o.effect?.({ k: "free", of: "frame", what: `frame${frame}` });
    const at = l.frames[frame - 1];
    if (at === undefined) return 0;
    s[at] = FrameState.freed;
    this.tlb.checkFreedFrame(s, c, frame, o);
    return 0;
  }

  private freePageTables(s: Int32Array, c: number, mm: number, o: Observer): Outcome {
    const { l } = this;
    const m = l.mmIndex(mm);
    o.effect?.({
      k: "free",
      of: "tables",
      what: l.tables
        ? t("{0}'s page table, {1}", l.objectAt(mm), `frame${l.tableFrames[m]}`)
        : t("{0}'s lower page tables", l.objectAt(mm)),
    });
    if (m < 0) return 0;
    this.tlb.checkFreedTables(s, c, m, o);
    return 0;
  }

  private freePgd(s: Int32Array, c: number, mm: number, o: Observer): Outcome {
    const { l } = this;
    // pgd_free() of the early eras takes the table itself, mm_free_pgd() the mm.
    const m = l.mmIndex(mm) >= 0 ? l.mmIndex(mm) : l.pgdIndex(mm);
    o.effect?.({ k: "free", of: "pgd", what: t("{0}'s top-level page table", l.objectAt(mm)) });
    if (m < 0) return 0;
    s[l.pgdFreed[m]] = 1;
    for (let d = 0; d < l.cpuCount; d++)
      if (s[l.cpu[d] + W.cr3] === l.pgds[m])
        o.violation({
          property: "page-tables-in-use",
          cpu: c,
          why: t("CPU{0} gives {1}'s page tables back while CPU{2}'s CR3 points at them.", c, l.mmNames[m], d),
        });
    return 0;
  }

  private freeMm(s: Int32Array, c: number, mm: number, o: Observer): Outcome {
    const { l } = this;
    const m = l.mmIndex(mm);
    o.effect?.({ k: "free", of: "mm", what: `${l.objectAt(mm)} itself` });
    if (m < 0) return 0;
    s[l.mmFreed[m]] = 1;
    for (let d = 0; d < l.cpuCount; d++) {
      const task = s[l.cpu[d] + W.current];
      if (task !== 0 && s[l.fieldAt(task, "task_struct", "active_mm")] === mm)
        o.violation({
          property: "counts",
          cpu: c,
          why: t(
            "CPU{0} gives {1} back while {2} on CPU{3} still has it as its active_mm.",
            c,
            l.mmNames[m],
            l.objectAt(task),
            d,
          ),
        });
    }
    return 0;
  }
}
