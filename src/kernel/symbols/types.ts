/** What types' names stand for, and the members of structures: of the open files, and what is known of the kernel's. */
import { BOOL, CR3, FN, INT, lengthOf, LOCK, MASK, PGD, PTE, ptr, struct, VOID, type CType } from "../ctype";
import { readDeclarators, readTypeName, splitTop, type TypeRef } from "../syntax/declarators";
import type { StructBody } from "../syntax/items";
import type { Span } from "../syntax/source";
import { ByteSizes } from "./byte-sizes";
import { integers } from "./integer-types";
import { readMembers, type Members, type Part } from "./members";

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

/** Other names of one field through the eras. Source: include/linux/mm_types.h. */
const fieldAliases: Record<string, string> = {
  "mm_struct.cpu_vm_mask": "cpumask",
  "mm_struct.cpu_vm_mask_var": "cpumask",
  "mm_struct.cpu_bitmap": "cpumask",
  "mm_struct.cpumask_allocation": "cpumask",
};

export class Types {
  private readonly structs = new Map<string, Members>();
  /** Declared, but not yet read: most structs of a header are never asked for. */
  private readonly bodies = new Map<string, StructBody>();
  readonly bytes = new ByteSizes((name) => this.membersInBytes(name));
  /** Structures whose members don't stand where they would by themselves. */
  private readonly packed = new Set<string>();
  private readonly circles = new Map<string, boolean>();
  private readonly circular = new Map<string, string | undefined>();
  private anonymous = 0;
  /** Other names of types; undefined while one is resolved, which may not stand for itself. */
  private readonly typedefs = new Map<string, TypeRef | undefined>();

  /** `dimension` evaluates an array's dimension, as it is written: it may use macros. */
  constructor(readonly dimension: (text: string) => number | undefined) {}

  /** Declares a struct from the text between its braces. An earlier declaration of the same name stays. */
  declare(name: string, body: StructBody): void {
    if (!this.structs.has(name) && !this.bodies.has(name)) this.bodies.set(name, body);
  }

  /**
   * Declares other names of integers and of pointers to functions from a typedef's text. An earlier declaration of the
   * same name stays.
   */
  declareTypedef(text: string): void {
    for (const { name, type } of readDeclarators(text.replace(/^\s*typedef\b/, "")))
      if ((type.fn || !type.pointers) && !type.dims.length && !this.typedefs.has(name)) this.typedefs.set(name, type);
  }

  declares(name: string): boolean {
    return this.structs.has(name) || this.bodies.has(name) || Object.hasOwn(knownFields, name);
  }

  /** Is this a type's name, without `struct`? */
  isTypeName(name: string): boolean {
    return (
      Object.hasOwn(named, name) ||
      integers.has(name) ||
      name === "int" ||
      this.typedefs.has(name) ||
      this.bodies.has(name) ||
      this.structs.has(name)
    );
  }

  /** Which unions' which parts a member is: none when it shares its place with no other. */
  partsOf(structName: string, member: string): readonly Part[] {
    return this.members(structName)?.get(member)?.parts ?? [];
  }

  /** Where a file declares a member. */
  declarationOf(structName: string, member: string): Span | undefined {
    return this.members(structName)?.get(member)?.span;
  }

  /** Is the struct declared with all its members, so that what it lacks is known? */
  hasMembers(name: string): boolean {
    return (this.members(name)?.size ?? 0) > 0;
  }

  private membersInBytes(name: string): Members | undefined {
    const members = this.members(name);
    return this.packed.has(name) ? undefined : members;
  }

  private members(name: string): Members | undefined {
    const body = this.bodies.get(name);
    if (body !== undefined) {
      this.bodies.delete(name);
      if (body.packed) this.packed.add(name);
      this.structs.set(name, readMembers(this, body));
    }
    return this.structs.get(name);
  }

  /** A struct defined on the spot; gives the name that it gets. */
  declareAnonymous(body: StructBody): string {
    const name = `__anonymous_${++this.anonymous}`;
    this.structs.set(name, readMembers(this, body));
    return name;
  }

  /** What a name is that no file declares as a structure: an int where it says so, else some number. */
  private plain(base: string): CType {
    const typedef = this.typedefs.get(base);
    if (typedef) {
      this.typedefs.set(base, undefined);
      const t = this.resolve(typedef);
      this.typedefs.set(base, typedef);
      if (t.k === "int" || (t.k === "ptr" && t.to.k === "fn")) return t;
    }
    return base === "int" || base === "" || base === "enum" || base.startsWith("enum ")
      ? INT
      : { k: "int", role: "number", vague: true };
  }

  /** The type of this name. */
  named(base: string): CType {
    return this.resolve({ base, pointers: 0, dims: [] });
  }

  resolve(ref: TypeRef, structBody?: string): CType {
    let t: CType;
    if (ref.fn) t = ref.fn === true ? FN : this.functionOf(ref.fn.returns, ref.fn.params);
    else if (structBody !== undefined)
      t = struct(this.declareAnonymous({ text: structBody, union: ref.base.startsWith("union") }));
    else if (Object.hasOwn(named, ref.base)) t = named[ref.base];
    else if (integers.has(ref.base)) t = { k: "int", role: "number", ...integers.get(ref.base)! };
    else {
      const tag = /^(?:struct|union) (\w+)$/.exec(ref.base);
      t = tag
        ? struct(tag[1])
        : this.structs.has(ref.base) || this.bodies.has(ref.base)
          ? struct(ref.base)
          : this.plain(ref.base);
    }
    for (let i = 0; i < ref.pointers; i++) t = ptr(t);
    return this.arrayOf(t, ref.dims);
  }

  /** The type of a function, from what it returns and its list of parameters as they are written. */
  private functionOf(returns: string, params: string): CType {
    const types: CType[] = [];
    for (const one of params.trim() === "void" || !params.trim() ? [] : splitTop(params, ",")) {
      if (one.includes("...")) break;
      const named = readDeclarators(one)[0];
      // The last word of `unsigned long` is no name.
      const ref = named && !/^(int|long|short|char)$/.test(named.name) ? named.type : readTypeName(one);
      types.push(ref.dims.length ? ptr(this.resolve({ ...ref, dims: ref.dims.slice(1) })) : this.resolve(ref));
    }
    return { k: "fn", returns: this.resolve(readTypeName(returns)), params: types };
  }

  /** An array of these dimensions, outermost first; without any, the type itself. */
  arrayOf(t: CType, dims: readonly string[]): CType {
    return dims.reduceRight<CType>((of, d) => ({ k: "array", of, ...lengthOf(this.dimension(d), of) }), t);
  }

  /** Does a member hold, however deep, a structure of the kind that it is a member of? In C there is no such thing. */
  holdsItself(structName: string, member: string): boolean {
    const key = `${structName}.${member}`;
    let holds = this.circles.get(key);
    if (holds === undefined) {
      const type = this.members(structName)?.get(member)?.type;
      this.circles.set(key, (holds = type !== undefined && this.holds(type, structName)));
    }
    return holds;
  }

  /** A member that holds a structure of the kind that it is a member of; undefined where there is none. */
  circleIn(structName: string): string | undefined {
    if (!this.circular.has(structName))
      this.circular.set(
        structName,
        [...(this.members(structName)?.keys() ?? [])].find((member) => this.holdsItself(structName, member)),
      );
    return this.circular.get(structName);
  }

  private holds(t: CType, name: string, seen = new Set<string>()): boolean {
    if (t.k === "array") return this.holds(t.of, name, seen);
    if (t.k !== "struct" || seen.has(t.name)) return false;
    if (t.name === name) return true;
    seen.add(t.name);
    return [...(this.members(t.name)?.values() ?? [])].some(({ type }) => this.holds(type, name, seen));
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
    const declared = this.members(structName)?.get(name)?.type;
    if (this.holdsItself(structName, name)) return { name, type: INT, known: true };
    return { name, type: declared ?? INT, known: declared !== undefined };
  }

  /** A struct's member names in order, for positional initializers. */
  memberNames(structName: string): string[] {
    return [...(this.members(structName)?.keys() ?? Object.keys(knownFieldsOf(structName)))];
  }
}
