/**
 * C types as the machine sees them. One scalar takes one cell of the state, whatever its width in C; a cpumask is one
 * cell holding a set of CPUs. A struct's layout has only the fields that the program uses.
 */
/** What the number in a scalar cell means; decides how it is shown. */
export type Role = "number" | "lock" | "mask" | "pte" | "flags" | "pgd" | "cpu" | "bool" | "cr3";

export type CType =
  /**
   * `bits` is C's width of it, also of a bit-field, where that is known; a number without it is an int. `vague`: no
   * file says what type this is.
   */
  | { k: "int"; role: Role; bits?: number; unsigned?: true; vague?: true }
  | { k: "ptr"; to: CType }
  | { k: "struct"; name: string }
  /**
   * `tooLong`: the length that it is declared with, where that is beyond what is modelled. `unsized`: its length isn't
   * known. There is one element then.
   */
  | { k: "array"; of: CType; n: number; tooLong?: number; unsized?: true }
  /** What it returns and takes, where its type says so: of `f()` and `f(int, ...)`, the parameters as far as named. */
  | { k: "fn"; returns?: CType; params?: CType[] }
  | { k: "void" };

export const INT: CType = { k: "int", role: "number" };
export const CPU: CType = { k: "int", role: "cpu" };
export const MASK: CType = { k: "int", role: "mask" };
export const LOCK: CType = { k: "int", role: "lock" };
export const PTE: CType = { k: "int", role: "pte" };
export const FLAGS: CType = { k: "int", role: "flags" };
/**
 * What CR3 holds: the table's address above bit 12, the PCID below it, the bits of linear address masking above, and
 * the no-flush bit in the sign.
 */
export const CR3: CType = { k: "int", role: "cr3" };
/** A table's physical address begins at this bit of CR3; below it stands the PCID (Intel SDM vol. 3A, 2.5). */
export const CR3_SHIFT = 12;
/** Bits of CR3 that hold the table's address: the machine's addresses fit above the PCID. */
export const CR3_ADDRESS = 0x1ffff000;
/**
 * Bits 61 and 62 of CR3, which have user pointers' upper bits masked (LAM_U57, LAM_U48), stand here; bit 63 is the
 * sign.
 */
export const CR3_LAM_BIT = 29;
export const CR3_LAM = 3 << CR3_LAM_BIT;
/**
 * With page table isolation, this bit of a PCID is set for user mode's page tables
 * (X86_CR3_PTI_PCID_USER_BIT).
 */
export const USER_PCID = 0x800;
export const BOOL: CType = { k: "int", role: "bool" };
export const PGD: CType = { k: "struct", name: "pgd" };
export const VOID: CType = { k: "void" };
export const FN: CType = { k: "fn" };
export const ptr = (to: CType): CType => ({ k: "ptr", to });
export const struct = (name: string): CType => ({ k: "struct", name });
export const isMask = (t: CType): boolean => t.k === "int" && t.role === "mask";
/** Values whose meaning survives bit operations with plain numbers: sets of CPUs, and what goes into CR3. */
export const isPacked = (t: CType): boolean => t.k === "int" && (t.role === "mask" || t.role === "cr3");

/** Pointers that the kernel sets up outside the protocol: each object gets one of its own. */
export const ownedPointers: Record<string, string> = {
  "task_struct.signal": "signal_struct",
  "task_struct.sched_class": "sched_class",
};

/** Elements that an array may have, those of arrays in it included. */
const ARRAY_LIMIT = 16_384;

/** An array's length, or one element where it isn't known or is beyond what is modelled. */
export function lengthOf(n: number | undefined, of?: CType): { n: number; tooLong?: number; unsized?: true } {
  if (n === undefined) return { n: 1, unsized: true };
  return n * elements(of) <= ARRAY_LIMIT ? { n } : { n: 1, tooLong: n };
}

const elements = (t: CType | undefined): number => (t?.k === "array" ? t.n * elements(t.of) : 1);

/** The length of an array, or of one in it, that is beyond what is modelled. */
export const tooLong = (t: CType): number | undefined => (t.k === "array" ? (t.tooLong ?? tooLong(t.of)) : undefined);
