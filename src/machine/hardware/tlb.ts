/**
 * Translations: CR3, and what a CPU's TLB holds under each PCID. Where a scenario frees page tables, an mm's last slot
 * stands for its page table: the entry that leads to it, and a CPU's paging-structure cache of that. Facts: Intel SDM
 * vol. 3A, 4.10.
 */
import { t } from "@vscode/l10n";
import { CR3_ADDRESS, CR3_LAM, CR3_SHIFT } from "../../kernel/ctype";
import type { Invalidation, Observer } from "../effects";
import type { Layout } from "../layout";
import { frameOf, isOutlived, pageIndex, W } from "../state";
import type { StaleTranslations } from "./stale-translations";

export class Tlb {
  /** Cells of one PCID's entries. */
  private readonly perPcid: number;
  constructor(
    private readonly l: Layout,
    private readonly stale: StaleTranslations,
  ) {
    this.perPcid = l.mms.length * l.slots;
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
    if (keeps) this.stale.checkKept(s, c, o);
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
    s[cell] = s[l.pgds[m] + page];
    o.effect?.({ k: "fill", cell, mm: m, page, frame: frameOf(s[cell]), speculative });
  }

  /** Can this CPU fill this translation now? */
  canFill(s: Int32Array, c: number, m: number, page: number): boolean {
    const { l } = this;
    const empty = () => s[l.tlbCell(c, s[l.cpu[c] + W.pcid], m, page)] === 0;
    if (s[l.cpu[c] + W.cr3] !== l.pgds[m]) return false;
    if (!l.tables || page === l.pages) return s[l.pgds[m] + page] !== 0 && empty();
    const table = this.tableOf(s, c, m);
    // A table that is gone may hold anything by now.
    return table !== 0 && (isOutlived(table) || (s[l.pgds[m] + page] !== 0 && empty()));
  }

  /**
   * The entry for the page table that a walk uses: from the paging-structure cache, else from the top-level table; 0 if
   * there is none.
   */
  private tableOf(s: Int32Array, c: number, m: number): number {
    const { l } = this;
    return s[l.tlbCell(c, s[l.cpu[c] + W.pcid], m, l.pages)] || s[l.pgds[m] + l.pages];
  }

  /**
   * Walks to an mm's page table, and caches it. False when there is none, or it is gone, which breaks this promise.
   */
  private walk(s: Int32Array, c: number, m: number, promise: "stale-translation" | "stale-use", o: Observer): boolean {
    const { l } = this;
    const table = this.tableOf(s, c, m);
    if (table === 0) return false;
    const cache = l.tlbCell(c, s[l.cpu[c] + W.pcid], m, l.pages);
    o.effect?.({ k: "walk", mm: m, cached: s[cache] !== 0 });
    if (isOutlived(table)) {
      o.violation({
        property: promise,
        cpu: c,
        cell: s[cache] !== 0 ? cache : l.pgds[m] + l.pages,
        why:
          s[cache] !== 0
            ? t(
                "CPU{0} walks {1}'s page table in frame{2}, which its paging-structure cache leads to, after it " +
                  "was {3}.",
                c,
                l.mmNames[m],
                frameOf(table),
                this.stale.fate(s, table),
              )
            : t(
                "CPU{0} walks {1}'s page table in frame{2} after it was {3}.",
                c,
                l.mmNames[m],
                frameOf(table),
                this.stale.fate(s, table),
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
      const cell = l.tlbCell(c, pcid, i, page),
        entry = s[cell];
      if (entry === 0) continue;
      const frame = frameOf(entry);
      o.effect?.({ k: "userRead", mm: i, page, frame, outcome: "tlb" });
      if (isOutlived(entry))
        o.violation({
          property: "stale-use",
          cpu: c,
          cell,
          why: t(
            "CPU{0} reads {1}:{2} through a TLB entry to frame{3}, which was {4}.",
            c,
            l.mmNames[i],
            l.pageName(i, page),
            frame,
            this.stale.fate(s, entry),
          ),
        });
      return;
    }
    if (m < 0 || (l.tables && !this.walk(s, c, m, "stale-use", o)) || s[l.pgds[m] + page] === 0) {
      o.effect?.({ k: "userRead", mm: Math.max(m, 0), page, frame: 0, outcome: "fault" });
      return;
    }
    this.fill(s, c, m, page, false, o);
    o.effect?.({ k: "userRead", mm: m, page, frame: frameOf(s[l.pgds[m] + page]), outcome: "walk" });
  }
}
