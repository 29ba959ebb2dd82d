/**
 * Where everything stands in the state record, worked out once for a program and a scenario.
 * The record is an Int32Array and is the machine's memory at the same time: a C pointer is an index into it, 0 is NULL.
 */
import { t } from "@vscode/l10n";
import { MASK, ownedPointers, PGD, ptr, struct, USER_PCID, type CType } from "../kernel/ctype";
import type { Const, Program } from "../kernel/ir";
import type { Action, Scenario } from "../scenario/scenario";
import { formatValue, nameCells, type Cell, type Naming } from "./cells";

/** Words at the head of each CPU's block, as offsets from it. */
export const W = {
  pc: 0,
  fp: 1,
  irqsOn: 2,
  current: 3,
  cr3: 4,
  ldt: 5,
  halted: 6,
  action: 7,
  /** The process-context identifier in CR3; `cr3` holds the table's address alone. */
  pcid: 8,
  /** Its bits of linear address masking. */
  lam: 9,
  /** Bit n: the interrupt with flush vector n is pending here. */
  vectors: 10,
  /**
   * The function call that this CPU sent last: function, argument, CPUs that haven't taken it, CPUs that haven't
   * finished it.
   */
  callFn: 11,
  callInfo: 12,
  callQueued: 13,
  callPending: 14,
  size: 15,
} as const;

/** Stores that a CPU's buffer holds at most (TSO); a further one pushes the oldest out. */
export const STORE_BUFFER = 4;

/** Broadcast flushes of one CPU that can be on their way at a time, and the words that each takes. */
export const BROADCASTS = 4;
export const BROADCAST_WORDS = 5;

/**
 * Words at the head of each stack frame. `info` is the slot for the result plus one, or says which interrupt this is.
 */
export const FRAME = { savedFp: 0, retPc: 1, info: 2, size: 3 } as const;

export const PAGE_SHIFT = 12;
/** Address of a user page by its index: page 0 stands at 0x1000. */
export const pageAddress = (index: number): number => (index + 1) << PAGE_SHIFT;
export const pageIndex = (address: number): number => (address >> PAGE_SHIFT) - 1;

export const FrameState = { spare: 0, inUse: 1, freed: 2, reused: 3 } as const;

/** The program and scenario can't be put together; the message says why and what to do. */
export class LayoutError extends Error {}

export class Layout implements Naming {
  readonly size: number;
  /** The lowest address that anything has. */
  readonly first: number;
  readonly cells: Cell[] = [];
  readonly cpuCount: number;
  /** Per CPU: start of its block, TLB, per-CPU variables and stack. */
  readonly cpu: number[] = [];
  readonly tlb: number[] = [];
  readonly percpu: number[] = [];
  readonly stack: number[] = [];
  /**
   * Per CPU under TSO: how many stores are waiting, then an address and a value for each, oldest first. Empty under
   * SC.
   */
  readonly storeBuffer: number[] = [];
  /** 1 for cells whose stores go through the buffer: all that another CPU can read. */
  readonly buffered: Uint8Array;
  /**
   * Per CPU: the flushes that it has broadcast, and who hasn't carried them out. Empty where the program broadcasts
   * none.
   */
  readonly broadcasts: number[] = [];
  readonly percpuOffset = new Map<string, number>();
  readonly globals = new Map<string, number>();
  readonly tasks = new Map<string, number>();
  /** Cells that point to an object set up outside the protocol, and where that object is. */
  readonly owned: { cell: number; object: number }[] = [];
  readonly mmNames: string[];
  readonly mms: number[] = [];
  readonly pgds: number[] = [];
  readonly vmas: number[] = [];
  /** Per mm: 1 once its mm_struct (`mmFreed`) or top-level page table (`pgdFreed`) was given back. */
  readonly mmFreed: number[] = [];
  readonly pgdFreed: number[] = [];
  readonly frames: number[] = [];
  /** User pages of an mm, at most. */
  readonly pages: number;
  /** Does the scenario free page tables on their own? Then each mm with pages has one below its top-level table. */
  readonly tables: boolean;
  /**
   * Entries that an mm's page tables and a TLB have for it: its pages, and after them (see `tables`) the page table
   * that maps them.
   */
  readonly slots: number;
  /** Per mm: the frame of that page table, or 0. */
  readonly tableFrames: number[];
  /** Process-context identifiers that translations can carry, in the order in which a TLB keeps them. */
  readonly pcids: readonly number[];
  private readonly kernelPcids: number;
  readonly swapper: number;
  readonly stackWords: number;
  private mmOffset: number | undefined;
  private readonly sizes = new Map<string, number>();
  private readonly objects: { start: number; end: number; name: string }[] = [];

  /** `frameWords` gives the stack that a chain of calls needs at most; `fnNames` names code addresses. */
  constructor(
    readonly program: Program,
    readonly scenario: Scenario,
    stackWords: number,
    private readonly fnNames: Map<number, string>,
  ) {
    const tso = scenario.order === "tso";
    this.cpuCount = scenario.cpus.length;
    this.mmNames = scenario.mms.map((m) => m.name);
    this.pages = Math.max(1, ...scenario.mms.map((m) => m.pages.length));
    this.tables = scenario.cpus.some((c) => c.does.some((d) => d.action.do === "munmap_table"));
    this.slots = this.pages + (this.tables ? 1 : 0);
    this.kernelPcids = program.pcids + (program.globalAsids ? scenario.mms.length : 0);
    const kernel = Array.from({ length: this.kernelPcids }, (_, id) => id);
    this.pcids = program.isolated ? [...kernel, ...kernel.map((id) => id | USER_PCID)] : kernel;
    this.stackWords = stackWords;
    // Nothing stands where a member of a structure at NULL would.
    this.first = 1 + Math.max(0, ...[...program.fields.keys()].map((name) => this.sizeOf(struct(name))));
    let at = this.first;
    const take = (size: number, name: string): number => {
      this.objects.push({ start: at, end: at + size, name });
      at += size;
      return at - size;
    };
    const object = (type: CType, name: string): number => {
      const start = take(this.sizeOf(type), name);
      nameCells(this.cells, start, type, name, program, (t) => this.sizeOf(t));
      return start;
    };

    this.globals.set("init_mm", object(struct("mm_struct"), "init_mm"));
    this.swapper = object(PGD, "swapper_pg_dir");
    this.globals.set("swapper_pg_dir", this.swapper);
    for (const m of scenario.mms) {
      this.mms.push(object(struct("mm_struct"), m.name));
      this.pgds.push(object(PGD, t("{0}'s page tables", m.name)));
      this.vmas.push(object(struct("vm_area_struct"), `${m.name}'s vma`));
    }
    scenario.mms.forEach((m, i) =>
      this.slotsOf(i).forEach((p) => (this.cells[this.pgds[i] + p].name = `${m.name}:${this.pageName(i, p)}`)),
    );
    for (const m of this.mmNames) {
      this.mmFreed.push(this.register(take(1, `${m} freed`), t("{0} given back", m)));
      this.pgdFreed.push(this.register(take(1, `${m} page tables freed`), t("{0}'s page tables given back", m)));
    }
    const mapped = scenario.mms.reduce((n, m) => n + m.pages.length, 0);
    const extra = scenario.cpus.flatMap((c) => c.does).filter((d) => d.action.do === "mmap").length;
    let tableFrame = mapped;
    this.tableFrames = scenario.mms.map((m) => (this.tables && m.pages.length > 0 ? ++tableFrame : 0));
    for (let f = 1; f <= tableFrame + extra; f++)
      this.frames.push(this.register(take(1, `frame${f}`), `frame${f}`, { k: "int", role: "number" }, "frame"));
    for (const name of [...scenario.tasks.map((t) => t.name), ...scenario.cpus.map((_, i) => idleTask(i))])
      if (!this.tasks.has(name)) this.tasks.set(name, object(struct("task_struct"), name));
    for (const [path, type] of Object.entries(ownedPointers)) {
      const [owner, field] = path.split(".");
      if (!program.fields.get(owner)?.has(field)) continue;
      for (const [name, at] of this.tasks)
        this.owned.push({ cell: this.fieldAt(at, owner, field), object: object(struct(type), `${name}'s ${field}`) });
    }
    for (const [name, v] of program.globals) if (!this.globals.has(name)) this.globals.set(name, object(v.type, name));

    // Other CPUs strike themselves off what was broadcast, so it stands in front of the CPUs' own parts.
    const broadcasts = [...program.fns.values()].some((f) => f.code.some((i) => i.op === "hw" && i.f === "invlpgb"));
    if (broadcasts)
      for (let c = 0; c < this.cpuCount; c++)
        this.broadcasts.push(take(BROADCASTS * BROADCAST_WORDS, `CPU${c}'s INVLPGBs`));

    let percpuSize = 0;
    const percpuVars: [string, CType][] = [
      ...[...program.percpu].map(([n, v]): [string, CType] => [n, v.type]),
      ["irq_regs", struct("pt_regs")],
    ];
    for (const [name, type] of percpuVars) {
      this.percpuOffset.set(name, percpuSize);
      percpuSize += this.sizeOf(type);
    }
    for (let c = 0; c < this.cpuCount; c++) {
      this.cpu.push(take(W.size, `CPU${c}`));
      this.nameRegisters(c);
      this.tlb.push(take(this.pcids.length * this.mmNames.length * this.slots, `CPU${c}'s TLB`));
      for (const id of this.pcids)
        scenario.mms.forEach((_, i) => {
          for (let p = 0; p < this.slots; p++)
            this.register(this.tlbCell(c, id, i, p), this.entryName(c, id, i, p), { k: "int", role: "pte" }, "tlb", c);
        });
      if (tso) this.storeBuffer.push(take(1 + 2 * STORE_BUFFER, `CPU${c}'s store buffer`));
      this.percpu.push(at);
      for (const [name, type] of percpuVars) {
        const start = take(this.sizeOf(type), `CPU${c}'s ${name}`);
        nameCells(this.cells, start, type, name, program, (t) => this.sizeOf(t), c);
      }
      this.stack.push(take(stackWords, `CPU${c}'s stack`));
    }
    this.size = at;
    this.buffered = new Uint8Array(at);
    if (!tso) return;
    this.buffered.fill(1, 1, this.cpu[0]);
    const foreign = new Set(
      [...program.fns.values()].flatMap((f) => f.code).flatMap((i) => (i.op === "percpu" ? [i.name] : [])),
    );
    for (const name of foreign)
      for (let c = 0; c < this.cpuCount; c++) {
        const start = this.percpu[c] + this.percpuOffset.get(name)!;
        this.buffered.fill(1, start, start + this.sizeOf(program.percpu.get(name)!.type));
      }
  }

  private register(
    at: number,
    name: string,
    type: CType = { k: "int", role: "bool" },
    key?: string,
    cpu?: number,
  ): number {
    this.cells[at] = { name, type, key, cpu };
    return at;
  }

  private nameRegisters(c: number): void {
    const at = (w: number, name: string, type: CType) => this.register(this.cpu[c] + w, name, type, undefined, c);
    at(W.irqsOn, t("interrupt flag"), { k: "int", role: "flags" });
    at(W.current, "current", ptr(struct("task_struct")));
    at(W.cr3, "CR3", ptr(PGD));
    at(W.pcid, "CR3's PCID", { k: "int", role: "number" });
    at(W.ldt, "LDT", { k: "int", role: "number" });
    at(W.callQueued, t("function call not yet taken by"), MASK);
    at(W.callPending, t("function call not yet finished by"), MASK);
  }

  /** Where a CPU keeps the translation of an mm's page under a PCID. */
  tlbCell(cpu: number, pcid: number, mm: number, page: number): number {
    const at = pcid < USER_PCID ? pcid : this.kernelPcids + pcid - USER_PCID;
    return this.tlb[cpu] + (at * this.mmNames.length + mm) * this.slots + page;
  }

  /** Cells that a value of this type takes: scalars one, structs the sum of the fields that the program uses. */
  sizeOf(t: CType): number {
    if (t.k === "array") return t.n * this.sizeOf(t.of);
    if (t.k !== "struct") return 1;
    if (t.name === "pgd") return this.slots;
    let size = this.sizes.get(t.name);
    if (size === undefined) {
      this.sizes.set(t.name, 0); // a struct can't hold itself
      size = Math.max(
        1,
        [...(this.program.fields.get(t.name)?.values() ?? [])].reduce((n, f) => n + this.sizeOf(f), 0),
      );
      this.sizes.set(t.name, size);
    }
    return size;
  }

  /** Offset of a field in its struct, in cells. */
  offsetOf(structName: string, field: string): number {
    let offset = 0;
    for (const [name, type] of this.program.fields.get(structName) ?? []) {
      if (name === field) return offset;
      offset += this.sizeOf(type);
    }
    throw new LayoutError(`struct ${structName} has no field ${field} in this program.`);
  }

  /** Works a constant out. `fnAddress` gives a function's code address. */
  resolve(c: Const, fnAddress: (name: string) => number): number {
    return c.syms.reduce((n, s) => {
      switch (s.k) {
        case "global":
          return n + (this.globals.get(s.name) ?? 0);
        case "field":
          return n + this.offsetOf(s.struct, s.field);
        case "size":
          return n + this.sizeOf(s.type);
        case "fn":
          return n + fnAddress(s.name);
        case "allCpus":
          return n + (1 << this.cpuCount) - 1;
        case "cpuCount":
          return n + this.cpuCount;
      }
    }, c.n);
  }

  /** Address of a field of the object at `base`, following a path of field names. */
  fieldAt(base: number, structName: string, ...path: string[]): number {
    let at = base,
      name = structName;
    for (const field of path) {
      at += this.offsetOf(name, field);
      const t = this.program.fields.get(name)!.get(field)!;
      if (t.k === "struct") name = t.name;
    }
    return at;
  }

  /** Where the task at this address keeps its mm, which is asked for at every step. */
  mmOf(task: number): number {
    return task + (this.mmOffset ??= this.offsetOf("task_struct", "mm"));
  }

  isTask(address: number): boolean {
    for (const at of this.tasks.values()) if (at === address) return true;
    return false;
  }

  mmIndex(address: number): number {
    return this.mms.indexOf(address);
  }

  /** Index of the mm whose top-level page table stands at `address`, or -1. */
  pgdIndex(address: number): number {
    return this.pgds.indexOf(address);
  }

  /** Which slots an mm uses: its pages, and its page table. */
  slotsOf(mm: number): number[] {
    const pages = this.scenario.mms[mm].pages.map((_, p) => p);
    return this.tables && pages.length ? [...pages, this.pages] : pages;
  }

  pageName(mm: number, page: number): string {
    return this.scenario.mms[mm]?.pages[page] ?? (page < this.pages ? `page${page}` : "page-table");
  }

  /** The slot that `pageName` gives this name, or -1. */
  slotNamed(mm: number, name: string): number {
    return this.slotsOf(mm).find((p) => this.pageName(mm, p) === name) ?? -1;
  }

  objectAt(address: number): string {
    if (address === 0) return "NULL";
    const o = this.objects.find((x) => address >= x.start && address < x.end);
    if (!o) return `0x${(address >>> 0).toString(16)}`;
    return address === o.start ? o.name : (this.cells[address]?.name ?? o.name);
  }

  cellAt(address: number): string {
    return this.cells[address]?.name ?? this.objectAt(address);
  }

  fnName(address: number): string | undefined {
    return this.fnNames.get(address);
  }

  /** `CPU0's TLB entry for A:page0`. */
  private entryName(c: number, pcid: number, mm: number, slot: number): string {
    const cpu = `CPU${c}`,
      of = `${this.mmNames[mm]}:${this.pageName(mm, slot)}`;
    if (slot < this.pages)
      return pcid > 0
        ? t("{0}'s TLB entry for {1} under PCID {2}", cpu, of, pcid)
        : t("{0}'s TLB entry for {1}", cpu, of);
    return pcid > 0
      ? t("{0}'s paging-structure cache entry for {1} under PCID {2}", cpu, of, pcid)
      : t("{0}'s paging-structure cache entry for {1}", cpu, of);
  }

  /** `cpu_tlbstate.state`, with its CPU in front unless it is `cpu`'s own. */
  cellName(address: number, cpu?: number): string {
    const cell = this.cells[address];
    if (!cell) return this.objectAt(address);
    return cell.cpu === undefined || cell.cpu === cpu || cell.key === "tlb"
      ? cell.name
      : t({ message: "{0}'s {1}", args: [`CPU${cell.cpu}`, cell.name], comment: "a CPU's variable" });
  }

  format(address: number, value: number): string {
    const cell = this.cells[address];
    return cell ? formatValue(cell.type, cell.key, value, this) : String(value);
  }
}

/** The name of a CPU's idle task, as the kernel shows it. */
export const idleTask = (cpu: number): string => `swapper/${cpu}`;

/** An action as a scenario has it, which is the same in every language: `schedule kworker`, `munmap page0`. */
export function describeAction(a: Action): string {
  switch (a.do) {
    case "schedule":
      return `schedule ${a.task}`;
    case "exec":
      return `exec ${a.mm}`;
    case "global_asid":
      return t("give {0} a global ASID", a.mm);
    case "exit":
      return "exit";
    case "reclaim":
      return `reclaim ${a.mm}:${a.page}`;
    case "munmap_table":
      return t("munmap {0} and its page table", a.page);
    default:
      return `${a.do} ${a.page}`;
  }
}
