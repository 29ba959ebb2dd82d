/** What each cell of the state record is: its name, its type, and how its value is shown. */
import { t } from "@vscode/l10n";
import { CR3_ADDRESS, CR3_LAM, CR3_LAM_BIT, CR3_SHIFT, MASK, PGD, ptr, struct, type CType } from "../kernel/ctype";
import type { Program } from "../kernel/ir";
import { frameOf, W } from "./state";

export const BOOL: CType = { k: "int", role: "bool" };
export const NUMBER: CType = { k: "int", role: "number" };

export interface Cell {
  /** `mm_cpumask(A)`, `cpu_tlbstate.state`, `flush_state[0].flush_mm`. */
  name: string;
  type: CType;
  /** Kind of cell, for its enumerators: `tlb_state.state`. */
  key?: string;
  /** The CPU whose copy or register this is, if it belongs to one. */
  cpu?: number;
}

/** Names every cell from `at` on that a variable of this type takes. `size` tells how many cells a type has. */
export function nameCells(
  cells: Cell[],
  at: number,
  type: CType,
  name: string,
  program: Program,
  size: (t: CType) => number,
  cpu?: number,
  key?: string,
  first = true,
): void {
  if (type.k === "struct") {
    if (type.name === "pgd") {
      for (let i = 0; i < size(type); i++)
        cells[at + i] = { name: `${name} page${i}`, type: { k: "int", role: "pte" }, key: "pte", cpu };
      return;
    }
    let offset = at;
    for (const [field, fieldType] of program.fields.get(type.name) ?? []) {
      const path = type.name === "mm_struct" && field === "cpumask" ? `mm_cpumask(${name})` : `${name}.${field}`;
      nameCells(cells, offset, fieldType, path, program, size, cpu, `${type.name}.${field}`, false);
      offset += size(fieldType);
    }
    return;
  }
  if (type.k === "array") {
    const each = size(type.of);
    const single = type.n === 1 && !first; // a bitmap member: one mask
    for (let i = 0; i < type.n; i++)
      nameCells(cells, at + i * each, type.of, single ? name : `${name}[${i}]`, program, size, cpu, key, first);
    return;
  }
  cells[at] = { name, type, cpu, key: key ?? name };
}

/** Names the registers of CPU `cpu`, whose block begins at `at`; what the reader isn't shown stays without a name. */
export function nameRegisters(cells: Cell[], at: number, cpu: number): void {
  const named = (w: number, name: string, type: CType) => (cells[at + w] = { name, type, cpu });
  named(W.irqsOn, t("interrupt flag"), { k: "int", role: "flags" });
  named(W.current, "current", ptr(struct("task_struct")));
  named(W.cr3, "CR3", ptr(PGD));
  named(W.pcid, "CR3's PCID", NUMBER);
  named(W.ldt, "LDT", NUMBER);
  named(W.callQueued, t("function call not yet taken by"), MASK);
  named(W.callPending, t("function call not yet finished by"), MASK);
}

/** `CPU0's TLB entry for A:page0`, or where it isn't a page's, `CPU0's paging-structure cache entry for …`. */
export function tlbEntryName(cpu: number, pcid: number, of: string, isPage: boolean): string {
  const who = `CPU${cpu}`;
  if (isPage)
    return pcid > 0
      ? t("{0}'s TLB entry for {1} under PCID {2}", who, of, pcid)
      : t("{0}'s TLB entry for {1}", who, of);
  return pcid > 0
    ? t("{0}'s paging-structure cache entry for {1} under PCID {2}", who, of, pcid)
    : t("{0}'s paging-structure cache entry for {1}", who, of);
}

/** What a value is shown with besides its cell. */
export interface Naming {
  program: Program;
  /** Name of the object or cell at an address. */
  objectAt(address: number): string;
  /** Name of the cell at an address. */
  cellAt(address: number): string;
  fnName(address: number): string | undefined;
  cpuCount: number;
}

/** `CPU0, CPU2`, or `none`. */
export function formatMask(value: number, cpuCount: number): string {
  const cpus = Array.from({ length: cpuCount }, (_, i) => i).filter((i) => (value >> i) & 1);
  return cpus.length ? cpus.map((c) => `CPU${c}`).join(", ") : t({ message: "none", comment: "no CPU" });
}

/** What each state of a page frame is called, by its number (FrameState in layout.ts). */
export const frameStates = (): readonly string[] => [
  t({ message: "spare", comment: "a page of memory" }),
  t("in use"),
  t({ message: "freed", comment: "a page that was given back" }),
  t("reused"),
];

/** A value as the reader is shown it. */
export function formatValue(type: CType, key: string | undefined, value: number, n: Naming): string {
  const named = key === undefined ? undefined : n.program.enumerators.get(key)?.get(value);
  if (named) return named;
  if (key === "frame" && frameStates()[value] !== undefined) return frameStates()[value];
  switch (type.k) {
    case "ptr":
      if (value === 0) return "NULL";
      if (type.to.k === "fn") return n.fnName(value) ?? String(value);
      return type.to.k === "int" ? n.cellAt(value) : n.objectAt(value);
    case "int":
      switch (type.role) {
        case "mask":
          return formatMask(value, n.cpuCount);
        case "lock":
          return value === 0
            ? t({ message: "free", comment: "a lock" })
            : value <= 1
              ? t({ message: "held", comment: "a lock" })
              : t({ message: "held by {0}", args: [value], comment: "a lock: how many readers hold it" });
        case "cr3": {
          const table = (value & CR3_ADDRESS) >> CR3_SHIFT,
            pcid = value & 0xfff;
          const parts = [
            ...(table || !(value & CR3_LAM) ? [n.objectAt(table)] : []),
            ...(pcid ? [`PCID ${pcid}`] : []),
            ...(value & CR3_LAM ? [(value >> CR3_LAM_BIT) & 1 ? "LAM_U57" : "LAM_U48"] : []),
            ...(value < 0 ? [t({ message: "no flush", comment: "a load of CR3 that drops nothing" })] : []),
          ];
          return parts.join(", ");
        }
        case "pte":
          return value === 0
            ? t({ message: "none", comment: "a page table entry that maps nothing" })
            : `frame${frameOf(value)}`;
        case "bool":
          return value === 0 ? "false" : value === 1 ? "true" : String(value);
        case "flags":
          return value ? t("interrupts on") : t("interrupts off");
        default:
          return key !== undefined && /flush_va|vm_start|vm_end|^flush_tlb_info\.(start|end)$/.test(key) && value > 0
            ? `0x${value.toString(16)}`
            : String(value);
      }
    case "fn":
      return n.fnName(value) ?? String(value);
    default:
      return String(value);
  }
}
