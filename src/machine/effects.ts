import { t } from "@vscode/l10n";
import type { FlushPromise } from "../kernel/ir";
import type { State } from "./state";

/** Which translations are to go: of one PCID or of all, at these addresses or everywhere. */
export interface Invalidation {
  pcid?: number;
  addresses?: readonly number[];
}

/**
 * What one move did, as a list of small facts: the raw material of sentences, of the event list and of data
 * breakpoints.
 */
export type Effect =
  | { k: "read"; cell: number; value: number }
  | { k: "write"; cell: number; old: number; value: number; locked: boolean }
  /** A local variable in a register or on this CPU's stack. */
  | { k: "local"; cell: number; value: number }
  /** A store that waits in this CPU's store buffer (TSO). */
  | { k: "buffer"; cell: number; value: number }
  | { k: "branch"; taken: boolean; to: number }
  | { k: "call"; fn: string; args: number[] }
  | { k: "return"; fn: string }
  | { k: "action"; index: number }
  | { k: "actionDone"; index: number }
  /** `pcid` where the kernel uses them; `keeps` when the load drops no translation. */
  | { k: "cr3"; to: number; pcid?: number; keeps?: boolean }
  /** Of one PCID if one is named, else of the whole TLB. */
  | { k: "flush"; what: "all" | number; dropped: number[]; pcid?: number }
  /** A flush that is broadcast to every CPU's TLB, and the end of the wait for those of this CPU. */
  | { k: "broadcast"; slot: number; what: Invalidation }
  | { k: "synced" }
  | { k: "ldt"; to: number }
  | { k: "irqs"; on: boolean }
  | { k: "switch"; from: number; to: number }
  | { k: "sendVector"; to: number; vector: number }
  | { k: "sendCall"; to: number; fn: number; info: number }
  | { k: "eoi" }
  | { k: "take"; vector?: number; from?: number; fn: string }
  | { k: "iret"; vector?: number; from?: number }
  | { k: "awaited" }
  | { k: "lock"; cell: number; taken: boolean }
  | { k: "fence" }
  | { k: "fill"; cell: number; mm: number; page: number; frame: number; speculative: boolean }
  /** A walk of an mm's page table, which the paging-structure cache (or the top-level table) has led to. */
  | { k: "walk"; mm: number; cached: boolean }
  | { k: "userRead"; mm: number; page: number; frame: number; outcome: "tlb" | "walk" | "fault" }
  | { k: "alloc"; frame: number }
  /** `cell`: the one that says from now on that it was given back, where accesses look at it. */
  | { k: "free"; of: Freed; what: string; cell?: number }
  | { k: "hypervisorFlush"; to: number }
  | { k: "bug" }
  | { k: "warn" };

/**
 * What is given back: a page frame, an mm's lower or top-level page tables, its mm_struct, or Xen's hold on its page
 * tables.
 */
export type Freed = "frame" | "tables" | "pgd" | "mm" | "pin";

/** A promise that a move broke. */
export interface Violation {
  property: PropertyId;
  /** Why, in one sentence. */
  why: string;
  cpu: number;
  /** What broke it, where that is one word of the state: an entry of a TLB or a page table, or a CPU's CR3. */
  cell?: number;
}

export type PropertyId =
  | "stale-translation"
  | "stale-use"
  | "own-page-tables"
  | "bug"
  | "warn"
  | "page-tables-in-use"
  | "counts"
  | "oops"
  | "deadlock";

interface Property {
  readonly label: string;
  readonly sentence: string;
}

/** Getters, because the language may be set after this module is loaded. */
const property = (label: () => string, sentence: () => string): Property => ({
  get label() {
    return label();
  },
  get sentence() {
    return sentence();
  },
});

/** Every property: its label, and what it promises. */
export const properties: Record<PropertyId, Property> = {
  "stale-translation": property(
    () => t("no stale translation"),
    () =>
      t(
        "When a page or page table is given back, no CPU holds a translation that came through it, nor can fill " +
          "one. A kernel that counts flushes and compares before use (since 4.14) promises this, for pages, of the " +
          "CPUs that are on the mm or come to it.",
      ),
  ),
  "stale-use": property(
    () => t("no stale use"),
    () => t("No memory access goes through a translation to a page that was given back."),
  ),
  "own-page-tables": property(
    () => t("own page tables"),
    () => t("A task in user mode runs on its own mm's page tables."),
  ),
  bug: property(
    () => t("no BUG"),
    () => t("No BUG() or BUG_ON() is reached."),
  ),
  warn: property(
    () => t("no WARN"),
    () => t("No WARN_ON() holds."),
  ),
  "page-tables-in-use": property(
    () => t("page tables free"),
    () => t("Page tables are given back only when no CPU has them loaded."),
  ),
  counts: property(
    () => t("counts"),
    () => t("No reference count falls below 0, and no mm_struct is given back or used while it is not owned."),
  ),
  oops: property(
    () => t("no oops"),
    () => t("No null or wild pointer is followed, and no step runs forever."),
  ),
  deadlock: property(
    () => t("no deadlock"),
    () => t("Some CPU can always go on until all have done what the scenario asks."),
  ),
};
/** What a property promises on a kernel whose flushes promise this. */
export function sentenceOf(id: PropertyId, promise: FlushPromise): string {
  return id === "stale-translation" ? translations[promise.kind]() : properties[id].sentence;
}
const translations: Record<FlushPromise["kind"], () => string> = {
  "at once": () =>
    t("When a page or page table is given back, no CPU holds a translation that came through it, nor can fill one."),
  "before use": () =>
    t(
      "When a page is given back, no CPU that is on its mm holds a translation of it, nor does one that comes to " +
        "the mm later: flushes are counted, and compared before use. When a page table is given back, no CPU at " +
        "all holds a translation that came through it.",
    ),
};
export const propertyIds = Object.keys(properties) as PropertyId[];

/** A state that a move has led to, with what happened on the way. */
export interface Applied {
  state: State;
  violations: Violation[];
  effects: Effect[];
  /** What the move came to rest on: indices into `Program.unknowns`, each once. */
  unknowns: number[];
}

/** Receives what happens during a move. All parts are optional: the checker asks for violations only. */
export interface Observer {
  effect?(e: Effect): void;
  /** The instruction with this program counter is carried out next, in the frame at this address. */
  executes?(pc: number, fp: number): void;
  violation(v: Violation): void;
  /** What a CPU's step touched (bits of Touched, touched.ts), once it is over. */
  touched?(bits: number): void;
  /** From here on the execution rests on something unknown: an index into `Program.unknowns`. */
  unknown?(n: number): void;
}
