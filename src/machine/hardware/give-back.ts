/**
 * Page frames, page tables and mms that are taken and given back; each checks that nobody uses any more what is given
 * back. The frame or mm is the first argument of the operation.
 */
import { t } from "@vscode/l10n";
import type { Observer } from "../effects";
import type { Layout } from "../layout";
import { FrameState, frameOf, isOutlived, W } from "../state";
import type { Hardware } from "./hardware";

/**
 * Gives the number of the frame, or 0 when there is none. A freed frame is taken first: the worst that can happen is
 * that somebody gets it at once.
 */
export function allocateFrame({ frames }: Layout, s: Int32Array, o: Observer): number {
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

/** A frame that was given back before stays as it is: it may be somebody else's by now. */
export function freeFrame(hw: Hardware, s: Int32Array, c: number, [entry]: number[], o: Observer): number {
  const frame = frameOf(entry);
  o.effect?.({ k: "free", of: "frame", what: `frame${frame}` });
  const at = hw.layout.frames[frame - 1];
  if (at === undefined || isOutlived(entry)) return 0;
  s[at] = FrameState.freed;
  hw.stale.checkFreedFrame(s, c, frame, o);
  hw.stale.outlive(s, frame, o);
  return 0;
}

/** The page tables below the top-level one. */
export function freePageTables(hw: Hardware, s: Int32Array, c: number, [mm]: number[], o: Observer): number {
  const l = hw.layout;
  const m = l.mmIndex(mm);
  o.effect?.({
    k: "free",
    of: "tables",
    what: l.tables
      ? t("{0}'s page table, {1}", l.objectAt(mm), `frame${l.tableFrames[m]}`)
      : t("{0}'s lower page tables", l.objectAt(mm)),
  });
  if (m >= 0) hw.stale.checkFreedTables(s, c, m, o);
  return 0;
}

/** The top-level page table; pgd_free() of the early eras takes the table itself, mm_free_pgd() the mm. */
export function freePgd(hw: Hardware, s: Int32Array, c: number, [mmOrTable]: number[], o: Observer): number {
  const l = hw.layout;
  const m = l.mmIndex(mmOrTable) >= 0 ? l.mmIndex(mmOrTable) : l.pgdIndex(mmOrTable);
  o.effect?.({ k: "free", of: "pgd", what: t("{0}'s top-level page table", l.objectAt(mmOrTable)) });
  if (m < 0) return 0;
  s[l.pgdFreed[m]] = 1;
  for (let d = 0; d < l.cpuCount; d++)
    if (s[l.cpu[d] + W.cr3] === l.pgds[m])
      o.violation({
        property: "page-tables-in-use",
        cpu: c,
        cell: l.cpu[d] + W.cr3,
        why: t("CPU{0} gives {1}'s page tables back while CPU{2}'s CR3 points at them.", c, l.mmNames[m], d),
      });
  return 0;
}

/** The mm_struct itself. */
export function freeMm(hw: Hardware, s: Int32Array, c: number, [mm]: number[], o: Observer): number {
  const l = hw.layout;
  const m = l.mmIndex(mm);
  o.effect?.({ k: "free", of: "mm", what: `${l.objectAt(mm)} itself`, ...(m >= 0 && { cell: l.mmFreed[m] }) });
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

/** Xen's hold on an mm's page tables: the hypervisor refuses while a CPU has them loaded. */
export function unpinPageTables(hw: Hardware, s: Int32Array, c: number, [mm]: number[], o: Observer): number {
  const l = hw.layout;
  const m = l.mmIndex(mm);
  for (let d = 0; d < l.cpuCount; d++)
    if (m >= 0 && s[l.cpu[d] + W.cr3] === l.pgds[m])
      o.violation({
        property: "page-tables-in-use",
        cpu: c,
        cell: l.cpu[d] + W.cr3,
        why: t(
          "{0}'s page tables are unpinned while CPU{1}'s CR3 points at them: the hypervisor refuses.",
          l.mmNames[m],
          d,
        ),
      });
  o.effect?.({ k: "free", of: "pin", what: t("{0}'s page tables from Xen's hold", l.mmNames[m] ?? t("the mm")) });
  return 0;
}
