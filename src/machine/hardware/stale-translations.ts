/**
 * Translations that outlive what they lead to: checks at the moments when something is given back, when CR3 is loaded
 * without a flush, and when a task goes on in user mode. What a kernel's flushes promise is in kernel/promise.ts.
 */
import { t } from "@vscode/l10n";
import type { Observer } from "../effects";
import type { Layout } from "../layout";
import { FrameState, frameOf, isOutlived, W } from "../state";

/** What became of a page frame that was given back, in words. */
const gone = (frameState: number): string =>
  frameState === FrameState.freed
    ? t({ message: "freed", comment: "a page of memory, which was …" })
    : t({ message: "given to somebody else", comment: "a page of memory, which was …" });

export class StaleTranslations {
  /**
   * Does this kernel compare generations before it uses an mm? Then a CPU that isn't on the mm may keep translations
   * of freed pages (kernel/promise.ts).
   */
  private readonly beforeUse: boolean;
  /** Offset of rq->curr among a CPU's per-CPU variables: the task that it runs or is switching to. */
  private readonly currOffset: number | undefined;

  constructor(private readonly l: Layout) {
    this.beforeUse = l.program.promise.kind === "before use";
    const runqueue = l.percpuOffset.get("runqueues");
    if (runqueue !== undefined && l.program.fields.get("rq")?.has("curr"))
      this.currOffset = runqueue + l.offsetOf("rq", "curr");
  }

  /** Cells of this CPU's own variables that are read when another CPU gives something back: is the promise kept? */
  watched(c: number): number[] {
    return this.beforeUse && this.currOffset !== undefined ? [this.l.percpu[c] + this.currOffset] : [];
  }

  /** What became of the frame that an outlived entry leads to, in words. */
  fate(s: Int32Array, entry: number): string {
    return gone(s[this.l.frames[frameOf(entry) - 1]]);
  }

  /** A frame was given back: marks what still leads to it, in page tables and in TLBs under whatever PCID. */
  outlive(s: Int32Array, frame: number, o: Observer): void {
    const { l } = this;
    for (const tlb of l.tlb)
      for (let cell = tlb, end = tlb + l.pcids.length * l.mms.length * l.slots; cell < end; cell++)
        if (s[cell] === frame) s[cell] = -frame;
    for (const table of l.pgds)
      for (let cell = table; cell < table + l.slots; cell++) {
        if (s[cell] !== frame) continue;
        s[cell] = -frame;
        o.effect?.({ k: "write", cell, old: frame, value: -frame, locked: false });
      }
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
                cell: l.tlbCell(d, s[l.cpu[d] + W.pcid], m, p),
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
              cell: l.pgds[m] + p,
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
    for (let d = 0; d < l.cpuCount; d++) {
      const broken = (cell: number, why: string) => o.violation({ property: "stale-translation", cpu: c, cell, why });
      const pcid = s[l.cpu[d] + W.pcid];
      for (let p = 0; p < l.pages; p++) {
        const entry = l.tlbCell(d, pcid, m, p);
        if (s[entry] === 0) continue;
        const page = `${mm}:${l.pageName(m, p)}`;
        broken(
          entry,
          l.tables
            ? t("CPU{0} frees {1}'s page table while CPU{2}'s TLB still holds {3}.", c, mm, d, page)
            : t("CPU{0} frees {1}'s lower page tables while CPU{2}'s TLB still holds {3}.", c, mm, d, page),
        );
      }
      if (table === 0) continue;
      const cached = l.tlbCell(d, pcid, m, l.pages);
      if (s[cached] === table)
        broken(
          cached,
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
          l.pgds[m] + l.pages,
          t(
            "CPU{0} frees {1}'s page table while CPU{2} can still walk it: CR3 points at the table that leads to it.",
            c,
            mm,
            d,
          ),
        );
    }
    // One that was given back before may be somebody else's page by now.
    if (table === 0 || s[l.frames[table - 1]] !== FrameState.inUse) return;
    s[l.frames[table - 1]] = FrameState.freed;
    this.outlive(s, table, o);
  }

  /**
   * Must this CPU hold no stale translation of this mm? Always, where flushes promise that at once; where generations
   * are compared before use, only while a task of that mm runs there: not during a switch, nor while a kernel thread
   * borrows the mm, since neither touches user pages.
   */
  private isOn(s: Int32Array, c: number, m: number): boolean {
    if (!this.beforeUse) return true;
    const { l } = this;
    const hasMm = (task: number) => !l.isTask(task) || s[l.mmOf(task)] === l.mms[m];
    return hasMm(s[l.cpu[c] + W.current]) && (this.currOffset === undefined || hasMm(s[l.percpu[c] + this.currOffset]));
  }

  /** A load of CR3 has kept the TLB: nothing that it holds may be gone. */
  checkKept(s: Int32Array, c: number, o: Observer): void {
    this.checkUsable(s, c, o, (what) => t("CPU{0} loads CR3 and keeps {1}", c, what));
  }

  /**
   * A CPU has switched to a task with an mm: nothing that its TLB holds may be gone. Where flushes promise that at
   * once, it was checked when things were freed.
   */
  checkSwitched(s: Int32Array, c: number, o: Observer): void {
    const { l } = this;
    const task = s[l.cpu[c] + W.current];
    if (this.beforeUse && s[l.mmOf(task)] !== 0)
      this.checkUsable(s, c, o, (what) =>
        t("CPU{0} has switched to {1}, but its TLB still holds {2}", c, l.objectAt(task), what),
      );
  }

  /** The same where a task goes on in user mode. */
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
    for (let i = 0, end = l.mms.length * l.slots; i < end; i++) {
      const entry = s[at + i];
      if (!isOutlived(entry)) continue;
      const m = Math.floor(i / l.slots),
        p = i % l.slots;
      o.violation({
        property: "stale-translation",
        cpu: c,
        cell: at + i,
        why: t({
          message: "{0}, which was {1}.",
          args: [say(`${l.mmNames[m]}:${l.pageName(m, p)} → frame${frameOf(entry)}`), this.fate(s, entry)],
          comment: "a CPU holds a translation, which was freed",
        }),
      });
    }
  }
}
