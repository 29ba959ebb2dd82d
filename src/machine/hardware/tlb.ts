/**
 * Translations: CR3, what a CPU's TLB holds under each PCID, and who may still use it when something is given back.
 * Where a
 * scenario frees page tables, an mm's last slot stands for its page table: the entry that leads to it, and a CPU's
 * paging-structure cache of that. Facts: Intel SDM vol. 3A, 4.10.
 */
import { t } from "@vscode/l10n";
import { CR3_ADDRESS, CR3_LAM, CR3_SHIFT } from "../../kernel/ctype";
import type { Observer } from "../effects";
import { FrameState, pageIndex, W, type Layout } from "../layout";

/** Which translations are to go: of one PCID or of all, at these addresses or everywhere. */
export interface Invalidation {
  pcid?: number;
  addresses?: readonly number[];
}

export class Tlb {
  /** Cells of one PCID's entries. */
  private readonly perPcid: number;
  /**
   * Does this kernel compare generations before it uses an mm? Then a CPU that isn't on the mm may keep translations
   * of freed pages (kernel/promise.ts).
   */
  private readonly beforeUse: boolean;
  /** Where a CPU's rq->curr stands among its per-CPU variables: the task that it runs or is switching to. */
  private readonly currOffset: number | undefined;

  constructor(private readonly l: Layout) {
    this.perPcid = l.mms.length * l.slots;
    this.beforeUse = l.program.promise.kind === "before use";
    const runqueue = l.percpuOffset.get("runqueues");
    if (runqueue !== undefined && l.program.fields.get("rq")?.has("curr"))
      this.currOffset = runqueue + l.offsetOf("rq", "curr");
  }

  /** Cells of this CPU's own variables that tell, when another CPU gives something back, whether a promise is kept. */
  watched(c: number): number[] {
    return this.beforeUse && this.currOffset !== undefined ? [this.l.percpu[c] + this.currOffset] : [];
  }

  /** All that CR3 holds, packed as the kernel reads and writes it. */
  cr3(s: Int32Array, c: number): number {
    const cpu = this.l.cpu[c];
    return (s[cpu + W.cr3] << CR3_SHIFT) | s[cpu + W.pcid] | s[cpu + W.lam];
  }

  /** MOV to CR3: drops the translations of the new PCID unless bit 63 is set (4.10.4.1). */
  load(s: Int32Array, c: number, value: number, o: Observer): void {
    const { l } = this;
    const root = (value & CR3_ADDRESS) >> CR3_SHIFT,
      pcid = value & 0xfff,
      keeps = value < 0;
    if (!l.pcids.includes(pcid)) {
      o.violation({
        property: "oops",
        cpu: c,
        why: t(
          "CPU{0} loads CR3 with PCID {1}; this kernel, as it is set up, uses 0 to {2}.",
          c,
          pcid,
          l.pcids.at(-1)!,
        ),
      });
      return;
    }
    const m = l.pgdIndex(root);
    if (m >= 0 && s[l.pgdFreed[m]])
      o.violation({
        property: "page-tables-in-use",
        cpu: c,
        why: t("CPU{0} loads {1}'s page tables into CR3 after they were given back.", c, l.mmNames[m]),
      });
    s[l.cpu[c] + W.cr3] = root;
    s[l.cpu[c] + W.pcid] = pcid;
    s[l.cpu[c] + W.lam] = value & CR3_LAM;
    o.effect?.(l.pcids.length === 1 ? { k: "cr3", to: root } : { k: "cr3", to: root, pcid, keeps });
    if (keeps) this.checkKept(s, c, o);
    else this.flush(s, c, pcid, o);
    // Xen's note of the page tables that are really loaded is made with interrupts still off (xen_write_cr3,
    // set_current_cr3).
    if (l.scenario.platform === "xen") s[l.percpu[c] + l.percpuOffset.get("xen_current_cr3")!] = root << CR3_SHIFT;
  }

  /** Drops all translations of one PCID, of the loaded one where none is named. */
  flush(s: Int32Array, c: number, pcid: number | undefined, o: Observer): void {
    const { l } = this;
    const id = pcid ?? s[l.cpu[c] + W.pcid];
    const dropped: number[] = [];
    if (l.pcids.includes(id)) for (let i = 0; i < this.perPcid; i++) this.drop(s, l.tlbCell(c, id, 0, 0) + i, dropped);
    o.effect?.(
      l.pcids.length === 1 ? { k: "flush", what: "all", dropped } : { k: "flush", what: "all", dropped, pcid: id },
    );
  }

  /** Drops the translations of every PCID. */
  flushAll(s: Int32Array, c: number, o: Observer): void {
    const { l } = this;
    const dropped: number[] = [];
    for (let i = 0; i < l.pcids.length * this.perPcid; i++) this.drop(s, l.tlb[c] + i, dropped);
    o.effect?.({ k: "flush", what: "all", dropped });
  }

  /**
   * INVLPG, or INVPCID of one address: drops a page's translation under one PCID, and the paging-structure caches of
   * that PCID (4.10.4.1).
   */
  flushPage(s: Int32Array, c: number, address: number, pcid: number | undefined, o: Observer): void {
    const { l } = this;
    const id = pcid ?? s[l.cpu[c] + W.pcid];
    const page = pageIndex(address);
    const dropped: number[] = [];
    if (page >= 0 && page < l.pages && l.pcids.includes(id))
      for (let m = 0; m < l.mms.length; m++) this.drop(s, l.tlbCell(c, id, m, page), dropped);
    if (l.tables && l.pcids.includes(id))
      for (let m = 0; m < l.mms.length; m++) this.drop(s, l.tlbCell(c, id, m, l.pages), dropped);
    o.effect?.({ k: "flush", what: address, dropped });
  }

  /** Drops what a broadcast flush asks for. */
  invalidate(s: Int32Array, c: number, { pcid, addresses }: Invalidation, o: Observer): void {
    if (addresses)
      for (const address of addresses)
        for (const id of pcid === undefined ? this.l.pcids : [pcid]) this.flushPage(s, c, address, id, o);
    else if (pcid === undefined) this.flushAll(s, c, o);
    else this.flush(s, c, pcid, o);
  }

  private drop(s: Int32Array, cell: number, dropped: number[]): void {
    if (s[cell] === 0) return;
    s[cell] = 0;
    dropped.push(cell);
  }

  /** Fills a translation from the loaded page tables, which a CPU may do at any moment. */
  fill(s: Int32Array, c: number, m: number, page: number, speculative: boolean, o: Observer): void {
    const { l } = this;
    const cell = l.tlbCell(c, s[l.cpu[c] + W.pcid], m, page);
    if (l.tables && page < l.pages && !this.walk(s, c, m, "stale-translation", o)) return;
    const frame = s[l.pgds[m] + page];
    s[cell] = frame;
    o.effect?.({ k: "fill", cell, mm: m, page, frame, speculative });
  }

  /** Can this CPU fill this translation now? */
  canFill(s: Int32Array, c: number, m: number, page: number): boolean {
    const { l } = this;
    const empty = () => s[l.tlbCell(c, s[l.cpu[c] + W.pcid], m, page)] === 0;
    if (s[l.cpu[c] + W.cr3] !== l.pgds[m]) return false;
    if (!l.tables || page === l.pages) return s[l.pgds[m] + page] !== 0 && empty();
    const table = this.tableOf(s, c, m);
    // A table that is gone may hold anything by now.
    return table !== 0 && (this.isGone(s, table) || (s[l.pgds[m] + page] !== 0 && empty()));
  }

  /**
   * The frame of the page table that a walk comes to: where the paging-structure cache says, else the top-level table;
   * 0 if nowhere.
   */
  private tableOf(s: Int32Array, c: number, m: number): number {
    const { l } = this;
    return s[l.tlbCell(c, s[l.cpu[c] + W.pcid], m, l.pages)] || s[l.pgds[m] + l.pages];
  }

  /**
   * Walks to an mm's page table, and remembers it. False when there is none, or it is gone, which breaks this promise.
   */
  private walk(s: Int32Array, c: number, m: number, promise: "stale-translation" | "stale-use", o: Observer): boolean {
    const { l } = this;
    const table = this.tableOf(s, c, m);
    if (table === 0) return false;
    const cache = l.tlbCell(c, s[l.cpu[c] + W.pcid], m, l.pages);
    o.effect?.({ k: "walk", mm: m, cached: s[cache] !== 0 });
    if (this.isGone(s, table)) {
      o.violation({
        property: promise,
        cpu: c,
        why:
          s[cache] !== 0
            ? t(
                "CPU{0} walks {1}'s page table in frame{2}, which its paging-structure cache leads to, after it " +
                  "was {3}.",
                c,
                l.mmNames[m],
                table,
                this.gone(s[l.frames[table - 1]]),
              )
            : t(
                "CPU{0} walks {1}'s page table in frame{2} after it was {3}.",
                c,
                l.mmNames[m],
                table,
                this.gone(s[l.frames[table - 1]]),
              ),
      });
      return false;
    }
    s[cache] = table;
    return true;
  }

  /** A read in user mode: through the TLB, else by a walk, else a page fault. */
  userRead(s: Int32Array, c: number, address: number, o: Observer): void {
    const { l } = this;
    const page = pageIndex(address);
    const pcid = s[l.cpu[c] + W.pcid];
    const m = l.pgdIndex(s[l.cpu[c] + W.cr3]);
    for (let i = 0; i < l.mms.length; i++) {
      const frame = s[l.tlbCell(c, pcid, i, page)];
      if (frame === 0) continue;
      o.effect?.({ k: "userRead", mm: i, page, frame, outcome: "tlb" });
      const state = s[l.frames[frame - 1]];
      if (state === FrameState.freed || state === FrameState.reused)
        o.violation({
          property: "stale-use",
          cpu: c,
          why: t(
            "CPU{0} reads {1}:{2} through a TLB entry to frame{3}, which was {4}.",
            c,
            l.mmNames[i],
            l.pageName(i, page),
            frame,
            this.gone(state),
          ),
        });
      return;
    }
    if (m < 0 || (l.tables && !this.walk(s, c, m, "stale-use", o)) || s[l.pgds[m] + page] === 0) {
      o.effect?.({ k: "userRead", mm: Math.max(m, 0), page, frame: 0, outcome: "fault" });
      return;
    }
    this.fill(s, c, m, page, false, o);
    o.effect?.({ k: "userRead", mm: m, page, frame: s[l.pgds[m] + page], outcome: "walk" });
  }

  private isGone(s: Int32Array, frame: number): boolean {
    const state = s[this.l.frames[frame - 1]];
    return state === FrameState.freed || state === FrameState.reused;
  }

  private gone(state: number): string {
    return state === FrameState.freed
      ? t({ message: "freed", comment: "a page of memory, which was …" })
      : t({ message: "given to somebody else", comment: "a page of memory, which was …" });
  }

  /** Nobody who might use it may hold a translation to a frame that is given back. */
  checkFreedFrame(s: Int32Array, c: number, frame: number, o: Observer): void {
    const { l } = this;
    for (let d = 0; d < l.cpuCount; d++) {
      for (let m = 0; m < l.mms.length; m++)
        for (let p = 0; p < l.pages; p++) {
          if (s[l.tlbCell(d, s[l.cpu[d] + W.pcid], m, p)] === frame) {
            if (this.isOn(s, d, m))
              o.violation({
                property: "stale-translation",
                cpu: c,
                why: t(
                  "CPU{0} frees frame{1} while CPU{2}'s TLB still holds {3}:{4} → frame{5}.",
                  c,
                  frame,
                  d,
                  l.mmNames[m],
                  l.pageName(m, p),
                  frame,
                ),
              });
          } else if (s[l.cpu[d] + W.cr3] === l.pgds[m] && s[l.pgds[m] + p] === frame)
            o.violation({
              property: "stale-translation",
              cpu: c,
              why: t(
                "CPU{0} frees frame{1} while CPU{2} can still fill {3}:{4} from its page tables.",
                c,
                frame,
                d,
                l.mmNames[m],
                l.pageName(m, p),
              ),
            });
        }
    }
  }

  /** Nobody may hold a translation that came through page tables which are given back, nor still get to them. */
  checkFreedTables(s: Int32Array, c: number, m: number, o: Observer): void {
    const { l } = this;
    const table = l.tableFrames[m],
      mm = l.mmNames[m];
    if (table !== 0) s[l.frames[table - 1]] = FrameState.freed;
    for (let d = 0; d < l.cpuCount; d++) {
      const broken = (why: string) => o.violation({ property: "stale-translation", cpu: c, why });
      const pcid = s[l.cpu[d] + W.pcid];
      for (let p = 0; p < l.pages; p++) {
        if (s[l.tlbCell(d, pcid, m, p)] === 0) continue;
        const page = `${mm}:${l.pageName(m, p)}`;
        broken(
          l.tables
            ? t("CPU{0} frees {1}'s page table while CPU{2}'s TLB still holds {3}.", c, mm, d, page)
            : t("CPU{0} frees {1}'s lower page tables while CPU{2}'s TLB still holds {3}.", c, mm, d, page),
        );
      }
      if (table === 0) continue;
      if (s[l.tlbCell(d, pcid, m, l.pages)] === table)
        broken(
          t(
            "CPU{0} frees {1}'s page table while CPU{2}'s paging-structure cache still leads to it: CPU{2} may " +
              "walk it at any moment.",
            c,
            mm,
            d,
          ),
        );
      else if (s[l.cpu[d] + W.cr3] === l.pgds[m] && s[l.pgds[m] + l.pages] === table)
        broken(
          t(
            "CPU{0} frees {1}'s page table while CPU{2} can still walk it: CR3 points at the table that leads to it.",
            c,
            mm,
            d,
          ),
        );
    }
  }

  /**
   * Does a flush of this mm owe this CPU anything? Always, or (before use) when a task of that mm runs there: not
   * while a
   * switch is on the way, nor while a kernel thread borrows the mm. Those touch no user pages.
   */
  private isOn(s: Int32Array, c: number, m: number): boolean {
    if (!this.beforeUse) return true;
    const { l } = this;
    const hasMm = (task: number) => !l.isTask(task) || s[l.mmOf(task)] === l.mms[m];
    return hasMm(s[l.cpu[c] + W.current]) && (this.currOffset === undefined || hasMm(s[l.percpu[c] + this.currOffset]));
  }

  /** What a load of CR3 kept must still be true. */
  private checkKept(s: Int32Array, c: number, o: Observer): void {
    this.checkUsable(s, c, o, (what) => t("CPU{0} loads CR3 and keeps {1}", c, what));
  }

  /**
   * A CPU has switched to a task with an mm: nothing that its TLB holds may be gone. Where a flush's promise holds at
   * once, the freeing itself has told.
   */
  checkSwitched(s: Int32Array, c: number, o: Observer): void {
    const { l } = this;
    const task = s[l.cpu[c] + W.current];
    if (this.beforeUse && s[l.mmOf(task)] !== 0)
      this.checkUsable(s, c, o, (what) =>
        t("CPU{0} has switched to {1}, but its TLB still holds {2}", c, l.objectAt(task), what),
      );
  }

  /** A user task goes on in user mode: the same. */
  checkUser(s: Int32Array, c: number, o: Observer): void {
    if (!this.beforeUse) return;
    this.checkUsable(s, c, o, (what) =>
      t(
        "{0} is in user mode on CPU{1}, whose TLB still holds {2}",
        this.l.objectAt(s[this.l.cpu[c] + W.current]),
        c,
        what,
      ),
    );
  }

  private checkUsable(s: Int32Array, c: number, o: Observer, say: (what: string) => string): void {
    const { l } = this;
    const at = l.tlbCell(c, s[l.cpu[c] + W.pcid], 0, 0);
    for (let i = 0; i < this.perPcid; i++) {
      const frame = s[at + i];
      if (frame === 0) continue;
      const state = s[l.frames[frame - 1]],
        m = Math.floor(i / l.slots),
        p = i % l.slots;
      const isGone = state === FrameState.freed || (state === FrameState.reused && s[l.pgds[m] + p] !== frame);
      if (isGone)
        o.violation({
          property: "stale-translation",
          cpu: c,
          why: t({
            message: "{0}, which was {1}.",
            args: [say(`${l.mmNames[m]}:${l.pageName(m, p)} → frame${frame}`), this.gone(state)],
            comment: "a CPU holds a translation, which was freed",
          }),
        });
    }
  }
}
