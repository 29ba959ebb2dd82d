/**
 * What a C function is lowered to: a list of instructions with their places in the source. An instruction touches at
 * most one memory cell; the machine makes an atomic step of each run of instructions that holds one such access.
 * Addresses stay symbolic until a scenario says how many CPUs, mms and tasks there are.
 */
import type { BinOp } from "./arithmetic";
import type { CType } from "./ctype";
import type { Setting } from "./settings";
import type { Unknown } from "./unknown";
import type { Diagnostic, SourceFile } from "./syntax/source";
import type { Config } from "./syntax/conditionals";

/** A number that is known once memory is laid out. */
export type Sym =
  | { k: "global"; name: string }
  | { k: "field"; struct: string; field: string }
  | { k: "size"; type: CType }
  | { k: "fn"; name: string }
  /** The set of all CPUs, and how many there are. */
  | { k: "allCpus" }
  | { k: "cpuCount" };

/** A sum of a number and symbols. */
export interface Const {
  n: number;
  syms: Sym[];
}

export const constant = (n: number, ...syms: Sym[]): Const => ({ n, syms });
export const addConst = (a: Const, b: Const): Const => ({ n: a.n + b.n, syms: [...a.syms, ...b.syms] });

/** Something that an instruction reads. */
export type Value =
  | { k: "const"; c: Const }
  /** A frame slot: a parameter, a scalar local, or (after those) a temporary. */
  | { k: "slot"; slot: number }
  | { k: "temp"; temp: number }
  /** This CPU's number. */
  | { k: "cpu" }
  /** The running task's address. */
  | { k: "current" }
  /** Address of this CPU's copy of a per-CPU variable. */
  | { k: "percpu"; name: string }
  /** Address of an addressable local. */
  | { k: "local"; local: number };

export const num = (n: number): Value => ({ k: "const", c: constant(n) });

export type Dst = { k: "slot"; slot: number } | { k: "temp"; temp: number };

/** LOCKed read-modify-write operations; `add`, `setbit` and `clearbit` give the old value. */
export type RmwOp = "add" | "setbit" | "clearbit" | "xchg" | "or" | "andnot" | "cmpxchg";

/** What only the hardware (or the hypervisor) does; each is one visible action. The machine implements them all. */
export type HwOp =
  | "load_cr3"
  | "read_cr3"
  | "load_ldt"
  /**
   * `flush_all` and `flush_one` are of the PCID that is loaded; `flush_pcid` names a PCID, and an address or -1;
   * `flush_pcids` is of all.
   */
  | "flush_all"
  | "flush_one"
  | "flush_pcid"
  | "flush_pcids"
  | "irq_off"
  | "irq_on"
  | "irq_save"
  | "irq_restore"
  | "switch_to"
  /**
   * A flush that all CPUs' TLBs carry out when they like (flags as in the instruction's rAX, PCID, address, pages,
   * whether large), and the wait for their end.
   */
  | "invlpgb"
  | "tlbsync"
  | "send_ipi"
  | "ack_ipi"
  | "send_call"
  | "await_calls"
  | "lock"
  | "unlock"
  | "try_lock"
  | "try_read"
  | "try_write"
  | "down_read"
  | "up_read"
  | "down_write"
  | "up_write"
  /** As down_write for good, lock and unlock: left out where nobody could wait (machine/requirements/rmap.ts). */
  | "leave_rmap"
  | "lock_ptes"
  | "unlock_ptes"
  | "fence"
  | "bug"
  | "warn"
  | "user_read"
  | "alloc_frame"
  | "free_frame"
  | "free_pgtables"
  | "free_pgd"
  | "free_mm"
  | "xen_unpin"
  | "xen_flush";

export type Label = { at: number };

export type Op =
  | { op: "nop" }
  | { op: "move"; dst: Dst; a: Value }
  /**
   * Of numbers of 64 bits where `wide` is given: a result that a cell can't hold rests on that unknown. In place of
   * such a result the outermost number of a cell will do where it `saturates`. A comparison names the side that may be
   * such a one, `beyond`; it rests on the unknown where the other is the outermost number, too.
   */
  | { op: "bin"; f: BinOp; dst: Dst; a: Value; b: Value; wide?: number; saturates?: true; beyond?: "a" | "b" }
  /** The index must be within an array of n elements. */
  | { op: "bound"; a: Value; n: number }
  | { op: "load"; dst: Dst; base: Value; off: Const }
  | { op: "store"; base: Value; off: Const; a: Value }
  /** A `cmpxchg` writes `a` where the cell holds `expected`; elsewhere it writes what is there, and is LOCKed too. */
  | { op: "rmw"; f: RmwOp; dst?: Dst; base: Value; off: Const; a: Value; expected?: Value }
  /** Address of another CPU's copy of a per-CPU variable. */
  | { op: "percpu"; dst: Dst; name: string; cpu: Value }
  | { op: "jump"; to: Label }
  | { op: "branch"; a: Value; then: Label; else: Label }
  | { op: "call"; fn: string; args: Value[]; dst?: Dst }
  | { op: "icall"; fn: Value; args: Value[]; dst?: Dst }
  | { op: "ret"; a?: Value }
  /** What happens from here on may rest on `Program.unknowns[n]`. Nothing is done: a run only notes it. */
  | { op: "unknown"; n: number }
  /**
   * The condition of a spin loop still holds: this CPU waits, the step is not enabled. A step that has changed
   * something goes on at `again`.
   */
  | { op: "wait"; again: Label }
  | { op: "hw"; f: HwOp; dst?: Dst; args: Value[] };

export type Instr = Op & {
  /** Index into Program.places. */
  src: number;
  /** The first instruction of a statement. */
  begins: boolean;
};

/** A parameter or local variable. */
export interface Local {
  name: string;
  type: CType;
  /** Frame slot for scalars; addressable aggregates have an index into `Fn.aggregates` instead. */
  slot?: number;
  aggregate?: number;
  /** A static variable is a global one, of this name, that only its function sees. */
  global?: string;
  /** The stretch of the file in which the name means this variable. */
  scope: { start: number; end: number };
}

export interface Fn {
  name: string;
  file: SourceFile;
  nameStart: number;
  start: number;
  end: number;
  params: Local[];
  locals: Local[];
  /** Parameters and scalar locals. */
  slots: number;
  temps: number;
  aggregates: CType[];
  returns: CType;
  code: Instr[];
}

/** A place that steps name: the statement or condition, and the C function it stands in. */
export interface Place {
  file: SourceFile;
  start: number;
  end: number;
  fn: string;
  /** For a condition: where its function goes on when it holds. */
  whenTrue?: Label;
}

export interface Variable {
  name: string;
  type: CType;
  init: Initial[];
  /** The function whose static variable it is. */
  fn?: string;
}

/** One statically initialised cell: `path` walks from the variable to it. */
export interface Initial {
  path: (string | number)[];
  value: Const;
}

/** A call or name that the machine does nothing for, with the diagnostic that says so. */
export interface NotModelled {
  name: string;
  diagnostic: Diagnostic;
  /** The function it stands in. */
  fn: string;
}

/** Instructions that evaluate an expression, and where its result is. */
export interface LoweredExpression {
  code: Instr[];
  temps: number;
  /** The value; or, for something that can be assigned to, the address of its cell. */
  result: Value;
  type: CType;
  /** Set when `result` is an address: to be added to it. */
  place?: Const;
  /** Kind of cell, for enumerators. */
  key?: string;
}

/** What is wrong with an expression, and which stretch of its text is meant, where that is known. */
export interface ExpressionError {
  error: string;
  at?: { start: number; end: number };
}

/** What a flush of a kernel promises (see promise.ts). */
export interface FlushPromise {
  kind: "at once" | "before use";
  /** Why this one, as the end of a sentence that says which. Empty where there is nothing to say. */
  why: string;
}

/**
 * Functions of the environment that change CR3 on the way into the kernel and back, where user mode has page tables of
 * its own.
 */
export const wrappers = { action: "enter_kernel", interrupt: "interrupt_from_user_mode" } as const;

/** Everything that the open files say, ready to be laid out for a scenario. */
export interface Program {
  fns: Map<string, Fn>;
  places: Place[];
  globals: Map<string, Variable>;
  percpu: Map<string, Variable>;
  /** Fields that the program uses, by struct, in the order of their first use. */
  fields: Map<string, Map<string, CType>>;
  /** Names for the values of a cell: key `struct.field` or `variable`, then value → name. */
  enumerators: Map<string, Map<number, string>>;
  notModelled: NotModelled[];
  diagnostics: Diagnostic[];
  /** What a run may rest on and nobody knows; `unknown` instructions name them by their index. */
  unknowns: Unknown[];
  /** The unknown that a flush interrupt rests on where no file defines a handler of it; undefined where one does. */
  noHandler: number | undefined;
  /** Functions to run once before anything else (initcalls of the files that hold the flush code). */
  initcalls: string[];
  /** Process-context identifiers that the kernel can use, 0 included: 1 where it uses none. */
  pcids: number;
  /**
   * The kernel also gives mms PCIDs that are the same on every CPU, for flushes that are broadcast: there is one for
   * each mm.
   */
  globalAsids: boolean;
  /**
   * User mode has page tables of its own (page table isolation): each PCID but 0 has a second one with USER_PCID in
   * it.
   */
  isolated: boolean;
  /** Settings that the source asked for, by name. */
  settings: Setting[];
  /** The options that the files were read under. */
  config: Config;
  /** How often time passes beyond every deadline: 0 unless the session says otherwise. */
  timePasses: number;
  /** What a flush of this kernel promises. */
  promise: FlushPromise;
  /** What this kernel lacks that an action needs: the function of the environment, and its word for it. */
  lacks: Map<string, string>;
  /** The first vector of the flush interrupts. */
  vectorBase: number;
  /** Files that were read, in order of preference. */
  files: SourceFile[];
  /** Files of the built-in edition that stand in for missing ones. */
  standIns: SourceFile[];
  /** Lowers an expression as if it stood at `offset` of the function. */
  expression(fn: Fn | undefined, offset: number, text: string): LoweredExpression | ExpressionError;
}
