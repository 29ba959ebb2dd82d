/**
 * A scenario: which CPUs, mms and tasks there are, who runs where at the start, and what each CPU is then asked to do.
 * It names nothing of a kernel version; the machine carries it out by running the kernel's own C.
 */

/** Who owns the page tables and the TLB: the bare processor, or Xen. */
export type Platform = "native" | "xen";

/** Memory order: sequentially consistent, or x86's total store order with store buffers. */
export type MemoryOrder = "sc" | "tso";

/** A piece of the scenario text, in characters from its start; for squiggles and for jumping to what a CPU does. */
export interface TextRange {
  start: number;
  end: number;
}

export interface MmDecl {
  name: string;
  /** Names of the user pages mapped at the start, in address order. */
  pages: string[];
  /** The mm has an LDT of its own, so that switching to or from it loads one. */
  ldt: boolean;
}

export interface TaskDecl {
  name: string;
  /** Its mm's name; undefined for a kernel thread, which borrows one. */
  mm?: string;
}

/** What a CPU is asked to do next. Each one is carried out by a function of the environment file. */
export type Action =
  /** Switch to this task. */
  | { do: "schedule"; task: string }
  /** In user mode, read the page of the running task's mm. */
  | { do: "touch"; page: string }
  /** The running task unmaps the page: PTE cleared, TLBs flushed, frame freed. */
  | { do: "munmap"; page: string }
  /**
   * The running task unmaps the only page of its mm, and the page table that maps it: both are freed after one flush.
   */
  | { do: "munmap_table"; page: string }
  /** The running task maps the page again, to a new frame. */
  | { do: "mmap"; page: string }
  /**
   * Whatever runs here takes a page from another mm; `pte` says how the entry is cleared, and whether the flush is
   * gathered.
   */
  | { do: "reclaim"; mm: string; page: string; pte: "store" | "xchg" | "batched" }
  /** The running task (often a kernel thread that borrows an mm) gets this mm, interrupts on. */
  | { do: "exec"; mm: string }
  /**
   * This mm gets a PCID that is the same on all CPUs (6.15, INVLPGB), as after a flush when its tasks run on many.
   * Elsewhere nothing.
   */
  | { do: "global_asid"; mm: string }
  /** The running task gives up its mm and ends; the CPU's idle task runs on. */
  | { do: "exit" };

interface ScriptedAction {
  action: Action;
  range: TextRange;
}

export interface CpuScript {
  /** The task that runs here at the start. */
  starts: string;
  /** What it is asked to do, in this order; where `actions` is given, what it may choose from. */
  does: ScriptedAction[];
  /**
   * So many actions it does at most, any of `does` that its task can do, in any order and again: every workload of that
   * length. Undefined where it follows a script.
   */
  actions?: number;
}

export interface Scenario {
  /** Short id, `lazy-return`. */
  id: string;
  /** One sentence: who does what. */
  about: string;
  platform: Platform;
  order: MemoryOrder;
  /** May CPUs fill their TLBs speculatively at any moment? */
  speculation: boolean;
  /**
   * What is decided otherwise than TLBscope's defaults do: configuration options, CPU features, static keys, by their
   * names in the source.
   */
  settings?: Readonly<Record<string, number>>;
  /** The line on which each of the file's own settings stands, counted from 1. */
  settingLines?: ReadonlyMap<string, number>;
  mms: MmDecl[];
  tasks: TaskDecl[];
  /** Index is the CPU number. */
  cpus: CpuScript[];
}

/** What decides how the source is read and lowered. */
export type Configuration = Pick<Scenario, "platform" | "settings">;

/** A mistake in a scenario file, at its place. */
export interface ScenarioProblem {
  message: string;
  severity: "error" | "warning";
  range: TextRange;
}
