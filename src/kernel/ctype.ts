/**
 * C types as the machine sees them. One scalar takes one cell of the state, whatever its width in C; a cpumask is one
 * cell holding a set of CPUs. A struct's layout has only the fields that the program uses.
 */
import type { TypeRef } from "./syntax/declarators";
import { readDeclarators } from "./syntax/declarators";

/** What the number in a scalar cell means; decides how it is shown. */
export type Role = "number" | "lock" | "mask" | "pte" | "flags" | "pgd" | "cpu" | "bool" | "cr3";

export type CType =
  | { k: "int"; role: Role }
  | { k: "ptr"; to: CType }
  | { k: "struct"; name: string }
  | { k: "array"; of: CType; n: number }
  | { k: "fn" }
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

/**
 * Types known by name; all others are numbers. Source: include/linux/{cpumask,spinlock_types,types}.h,
 * asm/pgtable_types.h.
 */
const named: Record<string, CType> = {
  cpumask_t: MASK,
  "struct cpumask": MASK,
  // A pointer to a mask or an array of one, as the kernel is configured; either way its name is the mask's address.
  cpumask_var_t: { k: "array", of: MASK, n: 1 },
  spinlock_t: LOCK,
  raw_spinlock_t: LOCK,
  rwlock_t: LOCK,
  arch_spinlock_t: LOCK,
  "struct rw_semaphore": LOCK,
  "struct mutex": LOCK,
  "struct semaphore": LOCK,
  pgd_t: PGD,
  pte_t: PTE,
  mm_context_t: struct("mm_context"),
  bool: BOOL,
  void: VOID,
  smp_call_func_t: ptr(FN),
};

/**
 * Fields whose type matters to the protocol, for when no open file declares the struct. `owned` pointers start at an
 * object of their own.
 */
const knownFields: Record<string, Record<string, CType>> = {
  mm_struct: {
    pgd: ptr(PGD),
    mm_users: INT,
    mm_count: INT,
    cpumask: MASK,
    context: struct("mm_context"),
    mmap_sem: LOCK,
    mmap_lock: LOCK,
    page_table_lock: LOCK,
    core_state: INT,
    oom_disable_count: INT,
  },
  mm_context: { ldt: INT, size: INT, lam_cr3_mask: CR3 },
  task_struct: {
    mm: ptr(struct("mm_struct")),
    active_mm: ptr(struct("mm_struct")),
    state: INT,
    signal: ptr(struct("signal_struct")),
    sched_class: ptr(struct("sched_class")),
    alloc_lock: LOCK,
    on_cpu: BOOL,
    oncpu: BOOL,
    thread_info: struct("thread_info"),
  },
  thread_info: { flags: INT },
  rq: {
    prev_mm: ptr(struct("mm_struct")),
    curr: ptr(struct("task_struct")),
    idle: ptr(struct("task_struct")),
    lock: LOCK,
    __lock: LOCK,
  },
  vm_area_struct: {
    vm_mm: ptr(struct("mm_struct")),
    vm_start: INT,
    vm_end: INT,
    // The locks of the reverse map and of page tables, of which each vma has its own here (walkthroughs/environment.c).
    tlbscope_rmap: LOCK,
    tlbscope_ptes: LOCK,
  },
  // The last user mm is kept with flags in its lowest bits, which are 0 here.
  tlb_state: {
    active_mm: ptr(struct("mm_struct")),
    state: INT,
    last_user_mm_spec: ptr(struct("mm_struct")),
    last_user_mm_ibpb: ptr(struct("mm_struct")),
  },
  pt_regs: { orig_ax: INT },
};

const knownFieldsOf = (struct: string): Record<string, CType> =>
  Object.hasOwn(knownFields, struct) ? knownFields[struct] : {};

/** Pointers that the kernel sets up outside the protocol: each object gets one of its own. */
export const ownedPointers: Record<string, string> = {
  "task_struct.signal": "signal_struct",
  "task_struct.sched_class": "sched_class",
};

/** Other names of one field through the eras. Source: include/linux/mm_types.h. */
const fieldAliases: Record<string, string> = {
  "mm_struct.cpu_vm_mask": "cpumask",
  "mm_struct.cpu_vm_mask_var": "cpumask",
  "mm_struct.cpu_bitmap": "cpumask",
  "mm_struct.cpumask_allocation": "cpumask",
};

export class Types {
  private readonly structs = new Map<string, Map<string, CType>>();
  /** Declared, but not yet read: most structs of a header are never asked for. */
  private readonly bodies = new Map<string, string>();
  private anonymous = 0;

  /** `dimension` evaluates an array's dimension, as it is written: it may use macros. */
  constructor(private readonly dimension: (text: string) => number | undefined) {}

  /** Declares a struct from the text between its braces. An earlier declaration of the same name stays. */
  declare(name: string, body: string): void {
    if (!this.structs.has(name) && !this.bodies.has(name)) this.bodies.set(name, body);
  }

  declares(name: string): boolean {
    return this.structs.has(name) || this.bodies.has(name) || Object.hasOwn(knownFields, name);
  }

  /** Is the struct declared with all its members, so that what it lacks is known? */
  hasMembers(name: string): boolean {
    return (this.members(name)?.size ?? 0) > 0;
  }

  private members(name: string): Map<string, CType> | undefined {
    const body = this.bodies.get(name);
    if (body !== undefined) {
      this.bodies.delete(name);
      this.structs.set(name, this.readMembers(body));
    }
    return this.structs.get(name);
  }

  /** A struct defined on the spot; gives the name that it gets. */
  declareAnonymous(body: string): string {
    const name = `__anonymous_${++this.anonymous}`;
    this.structs.set(name, this.readMembers(body));
    return name;
  }

  resolve(ref: TypeRef, structBody?: string): CType {
    let t: CType;
    if (ref.fn) t = FN;
    else if (structBody !== undefined) t = struct(this.declareAnonymous(structBody));
    else if (Object.hasOwn(named, ref.base)) t = named[ref.base];
    else {
      const tag = /^(?:struct|union) (\w+)$/.exec(ref.base);
      t = tag ? struct(tag[1]) : this.structs.has(ref.base) || this.bodies.has(ref.base) ? struct(ref.base) : INT;
    }
    for (let i = 0; i < ref.pointers; i++) t = ptr(t);
    return this.arrayOf(t, ref.dims);
  }

  /** An array of these dimensions, outermost first; without any, the type itself. */
  arrayOf(t: CType, dims: readonly string[]): CType {
    return dims.reduceRight<CType>((of, d) => ({ k: "array", of, n: this.dimension(d) ?? 1 }), t);
  }

  /** Does an open file declare the structure with a field of this very name? */
  declaresField(structName: string, field: string): boolean {
    return this.members(structName)?.has(field) ?? false;
  }

  /** The field's own name (aliases resolved) and type; undefined when nothing says what it is. */
  field(structName: string, field: string): { name: string; type: CType; known: boolean } {
    const name = fieldAliases[`${structName}.${field}`] ?? field;
    const known = knownFieldsOf(structName);
    if (Object.hasOwn(known, name)) return { name, type: known[name], known: true };
    const declared = this.members(structName)?.get(name);
    return { name, type: declared ?? INT, known: declared !== undefined };
  }

  /** A struct's member names in order, for positional initializers. */
  memberNames(structName: string): string[] {
    return [...(this.members(structName)?.keys() ?? Object.keys(knownFieldsOf(structName)))];
  }

  private readMembers(body: string): Map<string, CType> {
    const members = new Map<string, CType>();
    let depth = 0,
      from = 0;
    for (let i = 0; i < body.length; i++) {
      if (body[i] === "{") depth++;
      else if (body[i] === "}") depth--;
      else if (body[i] === ";" && depth === 0) {
        this.readMember(body.slice(from, i), members);
        from = i + 1;
      }
    }
    return members;
  }

  private readMember(text: string, members: Map<string, CType>): void {
    const bitmap = /^\s*DECLARE_BITMAP\s*\(\s*(\w+)\s*,/.exec(text);
    if (bitmap) {
      members.set(bitmap[1], { k: "array", of: MASK, n: 1 });
      return;
    }
    const nested = /^\s*(?:const\s+)?(struct|union)\s*(\w*)\s*\{([\s\S]*)\}\s*([^{}]*)$/.exec(text);
    if (nested) {
      const [, , tag, inner, after] = nested;
      // What is left of it is an attribute, not a name: ____cacheline_internodealigned_in_smp, __aligned(…), __packed.
      const tail = after.replace(/\b__\w+(\s*\([^()]*\))?/g, "");
      const names = readDeclarators(`int ${tail}`);
      if (!tail.trim() || (!names.length && !tag)) {
        // an anonymous struct or union: its members are the outer's
        for (const [name, type] of this.readMembers(inner)) members.set(name, type);
        return;
      }
      const made = tag || this.declareAnonymous(inner);
      if (tag) this.declare(tag, inner);
      for (const d of names) members.set(d.name, this.resolve({ ...d.type, base: `struct ${made}` }));
      return;
    }
    for (const d of readDeclarators(text)) members.set(d.name, this.resolve(d.type));
  }
}
