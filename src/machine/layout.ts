/** The addresses of everything in the state record (state.ts), worked out once for a program and a scenario. */
import { t } from "@vscode/l10n";
import { ownedPointers, PGD, struct, USER_PCID, type CType } from "../kernel/ctype";
import type { Const, Program } from "../kernel/ir";
import type { Scenario } from "../scenario/scenario";
import { BOOL, formatValue, nameRegisters, NUMBER, tlbEntryName, type Cell, type Naming } from "./cells";
import { Placer, type Placed } from "./placer";
import { BROADCASTS, BROADCAST_WORDS, STORE_BUFFER, W } from "./state";
import { mostMmaps, pageTableSize, Structs } from "./structs";

export * from "./state"; // who uses a layout uses the words that it places
export { LayoutError } from "./structs";

export class Layout implements Naming {
  readonly size: number;
  /** The lowest address of anything: those below would be members of a structure at NULL. */
  readonly first: number;
  readonly cells: readonly Cell[];
  readonly cpuCount: number;
  /** Per CPU: start of its block, TLB, per-CPU variables and stack. */
  readonly cpu: number[] = [];
  readonly tlb: number[] = [];
  readonly percpu: number[] = [];
  readonly stack: number[] = [];
  /** Per CPU under TSO: how many stores wait, then an address and a value for each, oldest first. Empty under SC. */
  readonly storeBuffer: number[] = [];
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
  /** See PageTableSize. */
  readonly pages: number;
  readonly tables: boolean;
  readonly slots: number;
  /** Per mm: the frame of the page table below its top-level one, or 0. */
  readonly tableFrames: number[];
  /** Process-context identifiers that translations can carry, in the order in which a TLB keeps them. */
  readonly pcids: readonly number[];
  private readonly kernelPcids: number;
  readonly swapper: number;
  private mmOffset: number | undefined;
  private readonly structs: Structs;
  private readonly objects: readonly Placed[];

  /**
   * `stackWords`: words of stack that each CPU gets. `fnNames`: functions by their code address. The parts stand in
   * this order: what all CPUs share, then each CPU's own block. Throws a LayoutError when the program lacks a field.
   */
  constructor(
    readonly program: Program,
    readonly scenario: Scenario,
    readonly stackWords: number,
    private readonly fnNames: Map<number, string>,
  ) {
    this.cpuCount = scenario.cpus.length;
    this.mmNames = scenario.mms.map((m) => m.name);
    ({ pages: this.pages, tables: this.tables, slots: this.slots } = pageTableSize(scenario));
    this.kernelPcids = program.pcids + (program.globalAsids ? scenario.mms.length : 0);
    const kernel = Array.from({ length: this.kernelPcids }, (_, id) => id);
    this.pcids = program.isolated ? [...kernel, ...kernel.map((id) => id | USER_PCID)] : kernel;
    this.structs = new Structs(program, this.slots);
    this.first = 1 + Math.max(0, ...[...program.fields.keys()].map((name) => this.sizeOf(struct(name))));
    const placer = new Placer(this.first, program, this.structs);
    this.cells = placer.cells;
    this.objects = placer.objects;
    this.swapper = this.placeInitMm(placer);
    this.placeMms(placer);
    this.tableFrames = this.placeFrames(placer);
    this.placeTasks(placer);
    for (const [name, v] of program.globals)
      if (!this.globals.has(name)) this.globals.set(name, placer.object(v.type, name));
    this.placeBroadcasts(placer);
    this.placeCpus(placer);
    this.size = placer.next;
  }

  /** init_mm, and swapper_pg_dir, whose address it gives. */
  private placeInitMm(placer: Placer): number {
    this.globals.set("init_mm", placer.object(struct("mm_struct"), "init_mm"));
    const swapper = placer.object(PGD, "swapper_pg_dir");
    this.globals.set("swapper_pg_dir", swapper);
    return swapper;
  }

  /** Each mm with its page tables and a vma, one after the other; then, for each, whether it was given back. */
  private placeMms(placer: Placer): void {
    this.scenario.mms.forEach((m, i) => {
      this.mms.push(placer.object(struct("mm_struct"), m.name));
      this.pgds.push(placer.object(PGD, t("{0}'s page tables", m.name)));
      this.vmas.push(placer.object(struct("vm_area_struct"), `${m.name}'s vma`));
      for (const p of this.slotsOf(i)) placer.cells[this.pgds[i] + p].name = `${m.name}:${this.pageName(i, p)}`;
    });
    for (const m of this.mmNames) {
      this.mmFreed.push(placer.word(`${m} freed`, { name: t("{0} given back", m), type: BOOL }));
      this.pgdFreed.push(
        placer.word(`${m} page tables freed`, { name: t("{0}'s page tables given back", m), type: BOOL }),
      );
    }
  }

  /** Frames for mapped pages, for page tables, and for what mmap takes; gives each mm's page table's frame. */
  private placeFrames(placer: Placer): number[] {
    const { scenario } = this;
    let count = scenario.mms.reduce((n, m) => n + m.pages.length, 0);
    const tableFrames = scenario.mms.map((m) => (this.tables && m.pages.length > 0 ? ++count : 0));
    count += mostMmaps(scenario);
    for (let f = 1; f <= count; f++)
      this.frames.push(placer.word(`frame${f}`, { name: `frame${f}`, type: NUMBER, key: "frame" }));
    return tableFrames;
  }

  /** The scenario's tasks, each CPU's idle task, and what their fields point to (`owned`). */
  private placeTasks(placer: Placer): void {
    const { scenario, program } = this;
    for (const name of [...scenario.tasks.map((t) => t.name), ...scenario.cpus.map((_, i) => idleTask(i))])
      if (!this.tasks.has(name)) this.tasks.set(name, placer.object(struct("task_struct"), name));
    for (const [path, type] of Object.entries(ownedPointers)) {
      const [owner, field] = path.split(".");
      if (!program.fields.get(owner)?.has(field)) continue;
      for (const [name, at] of this.tasks)
        this.owned.push({
          cell: this.fieldAt(at, owner, field),
          object: placer.object(struct(type), `${name}'s ${field}`),
        });
    }
  }

  /** Other CPUs write to a CPU's broadcasts, so they precede the CPUs' own blocks. */
  private placeBroadcasts(placer: Placer): void {
    const any = [...this.program.fns.values()].some((f) => f.code.some((i) => i.op === "hw" && i.f === "invlpgb"));
    if (any)
      for (let c = 0; c < this.cpuCount; c++)
        this.broadcasts.push(placer.take(BROADCASTS * BROADCAST_WORDS, `CPU${c}'s INVLPGBs`));
  }

  /** Each CPU's own block: registers, TLB, store buffer, per-CPU variables, stack. All have the same size. */
  private placeCpus(placer: Placer): void {
    const variables: [string, CType][] = [
      ...[...this.program.percpu].map(([n, v]): [string, CType] => [n, v.type]),
      ["irq_regs", struct("pt_regs")],
    ];
    let offset = 0;
    for (const [name, type] of variables) {
      this.percpuOffset.set(name, offset);
      offset += this.sizeOf(type);
    }
    for (let c = 0; c < this.cpuCount; c++) {
      this.cpu.push(placer.take(W.size, `CPU${c}`));
      nameRegisters(placer.cells, this.cpu[c], c);
      this.tlb.push(placer.take(this.pcids.length * this.mmNames.length * this.slots, `CPU${c}'s TLB`));
      this.nameTlb(placer, c);
      if (this.scenario.order === "tso")
        this.storeBuffer.push(placer.take(1 + 2 * STORE_BUFFER, `CPU${c}'s store buffer`));
      this.percpu.push(placer.next);
      for (const [name, type] of variables) placer.perCpu(type, name, c);
      this.stack.push(placer.take(this.stackWords, `CPU${c}'s stack`));
    }
  }

  private nameTlb(placer: Placer, cpu: number): void {
    for (const pcid of this.pcids)
      for (let m = 0; m < this.mmNames.length; m++)
        for (let p = 0; p < this.slots; p++)
          placer.cells[this.tlbCell(cpu, pcid, m, p)] = {
            name: tlbEntryName(cpu, pcid, `${this.mmNames[m]}:${this.pageName(m, p)}`, p < this.pages),
            type: { k: "int", role: "pte" },
            key: "tlb",
            cpu,
          };
  }

  /** Where a CPU keeps the translation of an mm's page under a PCID. */
  tlbCell(cpu: number, pcid: number, mm: number, page: number): number {
    const at = pcid < USER_PCID ? pcid : this.kernelPcids + pcid - USER_PCID;
    return this.tlb[cpu] + (at * this.mmNames.length + mm) * this.slots + page;
  }

  /** See Structs, for these three. */
  sizeOf(t: CType): number {
    return this.structs.sizeOf(t);
  }

  offsetOf(structName: string, field: string): number {
    return this.structs.offsetOf(structName, field);
  }

  fieldAt(base: number, structName: string, ...path: string[]): number {
    return this.structs.fieldAt(base, structName, path);
  }

  /** The value of a constant. `fnAddress` gives a function's code address. */
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

  /** Address of the `mm` field of the task at this address; kept at hand, because every step needs it. */
  mmOf(task: number): number {
    return task + (this.mmOffset ??= this.offsetOf("task_struct", "mm"));
  }

  /** Is there a task at this address? */
  isTask(address: number): boolean {
    for (const at of this.tasks.values()) if (at === address) return true;
    return false;
  }

  /** Index of the mm at this address, or -1. */
  mmIndex(address: number): number {
    return this.mms.indexOf(address);
  }

  /** Index of the mm whose top-level page table is at `address`, or -1. */
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

  /** Name of the object at an address; inside of one, of the cell there. */
  objectAt(address: number): string {
    if (address === 0) return "NULL";
    const o = this.objects.find((x) => address >= x.start && address < x.end);
    if (!o) return `0x${(address >>> 0).toString(16)}`;
    return address === o.start ? o.name : (this.cells[address]?.name ?? o.name);
  }

  /** What to call a pointer to no object: null, or wild. */
  badPointer(address: number): string {
    return address >= 0 && address < this.first ? t("a null pointer") : t("a wild pointer ({0})", address);
  }

  cellAt(address: number): string {
    return this.cells[address]?.name ?? this.objectAt(address);
  }

  fnName(address: number): string | undefined {
    return this.fnNames.get(address);
  }

  /** `cpu_tlbstate.state`, with its CPU in front unless it is `cpu`'s own. */
  cellName(address: number, cpu?: number): string {
    const cell = this.cells[address];
    if (!cell) return this.objectAt(address);
    return cell.cpu === undefined || cell.cpu === cpu || cell.key === "tlb"
      ? cell.name
      : t({ message: "{0}'s {1}", args: [`CPU${cell.cpu}`, cell.name], comment: "a CPU's variable" });
  }

  /** A value as it is shown in this cell. */
  format(address: number, value: number): string {
    const cell = this.cells[address];
    return cell ? formatValue(cell.type, cell.key, value, this) : String(value);
  }
}

/** The name of a CPU's idle task, as the kernel shows it. */
export const idleTask = (cpu: number): string => `swapper/${cpu}`;
