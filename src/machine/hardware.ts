/** CR3, TLBs, interrupts, locks and page frames: what the instructions named `hw` do. Facts: Intel SDM vol. 3A, chapters 4.10 and 10. */
import type { HwOp } from "../kernel/ir";
import type { Observer } from "./effects";
import { FrameState, pageIndex, W, type Layout } from "./layout";
import type { StoreBuffers } from "./store-buffers";

/** What an action comes to: a value, waiting (nothing happened), or the end of this CPU. */
export type Outcome = number | "wait" | "halt";

/** Actions that let stores wait in the buffer. All others are LOCKed, serializing, or go through uncached memory, and drain it (SDM vol. 3A, 11.10). */
const leavesBuffer = new Set<HwOp>(["read_cr3", "load_ldt", "irq_off", "irq_on", "irq_save", "irq_restore", "switch_to", "ack_ipi", "await_calls", "unlock", "user_read", "bug", "warn"]);

export class Hardware {
  constructor(private readonly l: Layout, private readonly flushVectorBase: number, private readonly buffers: StoreBuffers) {}

  /** Carries out one action of CPU `c` on the state `s`. */
  run(s: Int32Array, c: number, f: HwOp, args: number[], o: Observer): Outcome {
    const { l } = this;
    const cpu = l.cpu[c];
    if (!leavesBuffer.has(f)) this.buffers.drainAll(s, c, o);
    switch (f) {
      case "load_cr3": return this.loadCr3(s, c, args[0], o);
      case "read_cr3": return s[cpu + W.cr3];
      case "flush_all": {
        const dropped = this.dropAll(s, c);
        o.effect?.({ k: "flush", what: "all", dropped });
        return 0;
      }
      case "flush_one": {
        const page = pageIndex(args[0]);
        const dropped: number[] = [];
        if (page >= 0 && page < l.pages) for (let m = 0; m < l.mms.length; m++) this.drop(s, l.tlb[c] + m * l.pages + page, dropped);
        o.effect?.({ k: "flush", what: args[0], dropped });
        return 0;
      }
      case "load_ldt":
        s[cpu + W.ldt] = args[0];
        o.effect?.({ k: "ldt", to: args[0] });
        return 0;
      case "irq_off": return this.irqs(s, c, 0, o);
      case "irq_on": return this.irqs(s, c, 1, o);
      case "irq_save": {
        const flags = s[cpu + W.irqsOn];
        this.irqs(s, c, 0, o);
        return flags;
      }
      case "irq_restore": return this.irqs(s, c, args[0] ? 1 : 0, o);
      case "switch_to":
        s[cpu + W.current] = args[1];
        o.effect?.({ k: "switch", from: args[0], to: args[1] });
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
        if (s[cpu + W.callPending] !== 0) return "wait"; // the one before isn't finished: csd_lock
        if (to === 0) {
          o.effect?.({ k: "sendCall", to, fn: args[1], info: args[2] });
          return 0;
        }
        s[cpu + W.callFn] = args[1];
        s[cpu + W.callInfo] = args[2];
        s[cpu + W.callQueued] = to;
        s[cpu + W.callPending] = to;
        o.effect?.({ k: "sendCall", to, fn: args[1], info: args[2] });
        return 0;
      }
      case "await_calls":
        if (s[cpu + W.callPending] !== 0) return "wait";
        s[cpu + W.callFn] = s[cpu + W.callInfo] = 0;
        o.effect?.({ k: "awaited" });
        return 0;
      case "lock": case "down_write":
        if (s[args[0]] !== 0) return "wait";
        return this.setLock(s, args[0], f === "lock" ? 1 : -1, true, o);
      case "unlock":
        // A spinlock is given back by a plain store (arch/x86/include/asm/spinlock.h).
        o.effect?.({ k: "lock", cell: args[0], taken: false });
        this.buffers.write(s, c, args[0], 0, { violation: o.violation });
        return 0;
      case "up_write": return this.setLock(s, args[0], 0, false, o);
      case "down_read":
        if (s[args[0]] < 0) return "wait";
        return this.setLock(s, args[0], s[args[0]] + 1, true, o);
      case "up_read": return this.setLock(s, args[0], s[args[0]] - 1, false, o);
      case "fence":
        o.effect?.({ k: "fence" });
        return 0;
      case "bug":
        o.effect?.({ k: "bug" });
        return "halt";
      case "warn":
        o.effect?.({ k: "warn" });
        return 0;
      case "user_read": return this.userRead(s, c, args[0], o);
      case "alloc_frame": return this.allocate(s, o);
      case "free_frame": return this.freeFrame(s, c, args[0], o);
      case "free_pgtables": return this.freePageTables(s, c, args[0], o);
      case "free_pgd": return this.freePgd(s, c, args[0], o);
      case "free_mm": return this.freeMm(s, c, args[0], o);
      case "xen_unpin": {
        const m = l.mmIndex(args[0]);
        for (let d = 0; d < l.cpuCount; d++) if (m >= 0 && s[l.cpu[d] + W.cr3] === l.pgds[m]) o.violation({ property: "page-tables-in-use", cpu: c, why: `${l.mmNames[m]}'s page tables are unpinned while CPU${d}'s CR3 points at them: the hypervisor refuses.` });
        o.effect?.({ k: "free", of: "pin", what: `${l.mmNames[m] ?? "the mm"}'s page tables from Xen's hold` });
        return 0;
      }
      case "xen_flush":
        for (let d = 0; d < l.cpuCount; d++) if ((args[0] >> d) & 1 && d !== c) this.run(s, d, args[1] < 0 ? "flush_all" : "flush_one", [args[1]], { violation: o.violation });
        o.effect?.({ k: "hypervisorFlush", to: args[0] & ~(1 << c) });
        return 0;
    }
  }

  /** Fills a translation from the loaded page tables, which a CPU may do at any moment. */
  fill(s: Int32Array, c: number, m: number, page: number, speculative: boolean, o: Observer): void {
    const cell = this.l.tlb[c] + m * this.l.pages + page;
    const frame = s[this.l.pgds[m] + page];
    s[cell] = frame;
    o.effect?.({ k: "fill", cell, mm: m, page, frame, speculative });
  }

  /** Can this CPU fill this translation now? */
  canFill(s: Int32Array, c: number, m: number, page: number): boolean {
    const { l } = this;
    return s[l.cpu[c] + W.cr3] === l.pgds[m] && s[l.pgds[m] + page] !== 0 && s[l.tlb[c] + m * l.pages + page] === 0;
  }

  private drop(s: Int32Array, cell: number, dropped: number[]): void {
    if (s[cell] === 0) return;
    s[cell] = 0;
    dropped.push(cell);
  }

  private dropAll(s: Int32Array, c: number): number[] {
    const dropped: number[] = [];
    const at = this.l.tlb[c];
    for (let i = 0; i < this.l.mms.length * this.l.pages; i++) this.drop(s, at + i, dropped);
    return dropped;
  }

  private loadCr3(s: Int32Array, c: number, root: number, o: Observer): Outcome {
    const { l } = this;
    const m = l.pgdIndex(root);
    if (m >= 0 && s[l.pgdFreed[m]]) o.violation({ property: "page-tables-in-use", cpu: c, why: `CPU${c} loads ${l.mmNames[m]}'s page tables into CR3 after they were given back.` });
    s[l.cpu[c] + W.cr3] = root;
    o.effect?.({ k: "cr3", to: root });
    const dropped = this.dropAll(s, c);
    o.effect?.({ k: "flush", what: "all", dropped });
    // Xen's note of the page tables that are really loaded is made with interrupts still off (xen_write_cr3, set_current_cr3).
    if (l.scenario.platform === "xen") s[l.percpu[c] + l.percpuOffset.get("xen_current_cr3")!] = root;
    return 0;
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

  private userRead(s: Int32Array, c: number, address: number, o: Observer): Outcome {
    const { l } = this;
    const page = pageIndex(address);
    const m = l.pgdIndex(s[l.cpu[c] + W.cr3]);
    for (let i = 0; i < l.mms.length; i++) {
      const frame = s[l.tlb[c] + i * l.pages + page];
      if (frame === 0) continue;
      o.effect?.({ k: "userRead", mm: i, page, frame, outcome: "tlb" });
      const state = s[l.frames[frame - 1]];
      if (state === FrameState.freed || state === FrameState.reused) o.violation({ property: "stale-use", cpu: c, why: `CPU${c} reads ${l.mmNames[i]}:${l.pageName(i, page)} through a TLB entry to frame${frame}, which was ${state === FrameState.freed ? "freed" : "given to somebody else"}.` });
      return 0;
    }
    if (m < 0 || s[l.pgds[m] + page] === 0) {
      o.effect?.({ k: "userRead", mm: Math.max(m, 0), page, frame: 0, outcome: "fault" });
      return 0;
    }
    this.fill(s, c, m, page, false, o);
    o.effect?.({ k: "userRead", mm: m, page, frame: s[l.pgds[m] + page], outcome: "walk" });
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
    for (let d = 0; d < l.cpuCount; d++) {
      for (let m = 0; m < l.mms.length; m++) for (let p = 0; p < l.pages; p++) {
        if (s[l.tlb[d] + m * l.pages + p] === frame) o.violation({ property: "stale-translation", cpu: c, why: `CPU${c} frees frame${frame} while CPU${d}'s TLB still holds ${l.mmNames[m]}:${l.pageName(m, p)} → frame${frame}.` });
        else if (s[l.cpu[d] + W.cr3] === l.pgds[m] && s[l.pgds[m] + p] === frame) o.violation({ property: "stale-translation", cpu: c, why: `CPU${c} frees frame${frame} while CPU${d} can still fill ${l.mmNames[m]}:${l.pageName(m, p)} from its page tables.` });
      }
    }
    return 0;
  }

  private freePageTables(s: Int32Array, c: number, mm: number, o: Observer): Outcome {
    const { l } = this;
    const m = l.mmIndex(mm);
    o.effect?.({ k: "free", of: "tables", what: `${l.objectAt(mm)}'s lower page tables` });
    if (m < 0) return 0;
    for (let d = 0; d < l.cpuCount; d++) for (let p = 0; p < l.pages; p++) {
      if (s[l.tlb[d] + m * l.pages + p] !== 0) o.violation({ property: "stale-translation", cpu: c, why: `CPU${c} frees ${l.mmNames[m]}'s lower page tables while CPU${d}'s TLB still holds ${l.mmNames[m]}:${l.pageName(m, p)}.` });
    }
    return 0;
  }

  private freePgd(s: Int32Array, c: number, mm: number, o: Observer): Outcome {
    const { l } = this;
    // pgd_free() of the early eras takes the table itself, mm_free_pgd() the mm.
    const m = l.mmIndex(mm) >= 0 ? l.mmIndex(mm) : l.pgdIndex(mm);
    o.effect?.({ k: "free", of: "pgd", what: `${l.objectAt(mm)}'s top-level page table` });
    if (m < 0) return 0;
    s[l.pgdFreed[m]] = 1;
    for (let d = 0; d < l.cpuCount; d++) if (s[l.cpu[d] + W.cr3] === l.pgds[m]) o.violation({ property: "page-tables-in-use", cpu: c, why: `CPU${c} gives ${l.mmNames[m]}'s page tables back while CPU${d}'s CR3 points at them.` });
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
      if (task !== 0 && s[l.fieldAt(task, "task_struct", "active_mm")] === mm) o.violation({ property: "counts", cpu: c, why: `CPU${c} gives ${l.mmNames[m]} back while ${l.objectAt(task)} on CPU${d} still has it as its active_mm.` });
    }
    return 0;
  }
}

