/**
 * The symbolic view of one machine state: names and pretty values, made only for display.
 * The panel, the debug adapter's scopes, the transcripts and the exports all read this and nothing else.
 */

/** The place of a step in the source. Lines and columns count from 1. */
export interface SourcePlace {
  /** The file's URI as the program was given it. */
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** The C function (or function-like macro) that holds the step. */
  fn: string;
}

/** One named value of the state, e.g. `cpu_tlbstate.state = TLBSTATE_LAZY`. */
export interface ValueView {
  /** Name as the C names it: `cpu_tlbstate.state`, `mm_count`. */
  name: string;
  /** Pretty value: an enumerator, an object's name, a set of CPUs, or a number. */
  value: string;
  /** Address of the cell in the state record: stable in a session, used to find where it was last written. */
  cell: number;
  /** True when the last move wrote another value here; `before` is what it was. */
  changed: boolean;
  before?: string;
}

/** A translation held by one CPU's TLB. */
export interface TlbEntryView {
  /** The process-context identifier that it is tagged with, where the kernel uses them. */
  pcid?: number;
  mm: string;
  page: string;
  frame: string;
  cell: number;
  /** The page table no longer gives this translation. */
  stale: boolean;
  /** The frame (or a page table above it) was freed while this entry stood. */
  freed: boolean;
  /** Brought in or dropped by the last move. */
  changed: boolean;
  /** The last move dropped it: listed once more, so that a reader sees what went. */
  dropped?: boolean;
}

export type CpuMode = "user" | "idle" | "kernel" | "interrupt" | "halted" | "done";

export interface CpuView {
  id: number;
  /** Name of the task that runs: `A/1`, `kworker`, `swapper/0`. */
  task: string;
  taskCell: number;
  mode: CpuMode;
  /**
   * What the scenario has this CPU do now, in words: `schedule A/1`, or the empty string when it has nothing more to
   * do.
   */
  action: string;
  /** On a CPU that is left to choose: what it may begin now, in words, each with the move that does. */
  choices?: ChoiceView[];
  irqsOn: boolean;
  irqsChanged: boolean;
  /** CR3: the mm whose page tables are loaded, or `swapper_pg_dir`. */
  cr3: ValueView;
  /** The per-CPU variables that the program declares and uses: `cpu_tlbstate.state`, `cpu_tlbstate.active_mm`, … */
  perCpu: ValueView[];
  tlb: TlbEntryView[];
  /** Absent under SC. */
  storeBuffer?: StoreBufferView;
  /** The innermost frame's place: the statement that this CPU executes next. */
  at?: SourcePlace;
  /** Why this CPU can't go on now (`waits until flush_cpumask is empty`), or undefined. */
  waits?: string;
}

/** An action that a CPU may begin, in words, and the move that begins it. */
export interface ChoiceView {
  label: string;
  move: number;
}

/** Stores that only their CPU sees yet (TSO). */
export interface StoreBufferView {
  /** The oldest first. */
  stores: ValueView[];
  /** The move that lets the oldest reach memory; absent when none waits. */
  drain?: number;
}

export interface PageView {
  name: string;
  /** Frame that the page table maps it to, or undefined when unmapped. */
  frame?: string;
  /** The page-table entry's cell. */
  cell: number;
  changed: boolean;
  /** What the entry held before the last move changed it: a frame's name, or undefined when it mapped nothing. */
  before?: string;
}

export interface MmView {
  name: string;
  /** Index is the CPU number: is its bit set in mm_cpumask? */
  cpumask: boolean[];
  cpumaskCell: number;
  /** CPUs whose bit the last move changed. */
  cpumaskChanged: boolean[];
  /** mm_users, mm_count and the other scalars of the mm that the program uses. */
  counts: ValueView[];
  pages: PageView[];
  /** Its page tables were given back (mm_free_pgd). */
  freed: boolean;
}

export interface FrameView {
  name: string;
  state: "in use" | "freed" | "reused";
  changed: boolean;
}

/** An interrupt from one CPU to another, by its stages: queued, delivered, handled, acknowledged. */
export type IpiStage = "queued" | "delivered" | "handled" | "acknowledged";

export interface IpiView {
  from: number;
  to: number;
  /** `flush A` or `call drop_other_mm_ref(A)`. */
  what: string;
  stage: IpiStage;
  /** Queued, but the target runs with interrupts off. */
  held: boolean;
  /** The move that delivers it, when the machine allows it now. */
  deliver?: number;
  /** Trace index of the step that sent it. */
  sentAt: number;
}

export interface PropertyView {
  /** Stable id: `stale-translation`, `bug`, … */
  id: string;
  /** Short label for the panel. */
  label: string;
  /** What it promises, in one sentence. */
  sentence: string;
  ok: boolean;
  /** Why it failed, in one sentence, when it did. */
  why?: string;
  /** Trace index of the step at which it first failed. */
  failedAt?: number;
}

export interface MachineView {
  cpus: CpuView[];
  mms: MmView[];
  frames: FrameView[];
  /** Globals and other shared objects that the program uses, e.g. flush_state[0].flush_mm. */
  globals: ValueView[];
}
