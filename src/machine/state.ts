/**
 * The state record: what its words hold. It is an Int32Array and the machine's memory at the same time: a C pointer is
 * an index into it, 0 is NULL. The addresses of its parts are worked out for each program and scenario (layout.ts).
 *
 * The code that runs on it uses the same short names everywhere: `s` a state, `c` and `d` CPUs, `l` the layout,
 * `o` the observer, `m` an mm's index, `p` a slot of its page table, `at` an address.
 */

/** The whole state: read it through the Layout or a view, never write it. */
export type State = Int32Array;

/** Words at the head of each CPU's block, as offsets from it. */
export const W = {
  pc: 0,
  fp: 1,
  irqsOn: 2,
  current: 3,
  cr3: 4,
  ldt: 5,
  halted: 6,
  /** How many actions are done here. */
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
  /** On a CPU that chooses what it does: 1 + the index of the action that runs; 0 between two. */
  chosen: 15,
  /** Two words that the machine leaves alone: a search keeps here what it must know of how a state came about. */
  history: 16,
  size: 18,
} as const;

/** Stores that a CPU's buffer holds at most (TSO); a further one pushes the oldest out. */
export const STORE_BUFFER = 4;

/** Broadcast flushes of one CPU that can be pending at a time, and the words that each takes. */
export const BROADCASTS = 4;
export const BROADCAST_WORDS = 5;

/**
 * Words at the head of each stack frame. `info` is the slot for the result plus one, or says which interrupt this is.
 */
export const FRAME = { savedFp: 0, retPc: 1, info: 2, size: 3 } as const;

/** An interrupt: of a flush vector (`n` is its number), or a function call (`n` is the CPU that asks for it). */
export interface Interrupt {
  kind: "vector" | "call";
  n: number;
}

/** `info` of an interrupt's frame: below zero, so that it isn't a result slot. */
export const interruptInfo = (kind: Interrupt["kind"], n: number): number => -(1 + n * 2 + (kind === "call" ? 1 : 0));

/** The interrupt whose frame has this `info`, or undefined when it is an ordinary call's. */
export const interruptOf = (info: number): Interrupt | undefined => {
  if (info >= 0) return undefined;
  const v = -info - 1;
  return { kind: v & 1 ? "call" : "vector", n: v >> 1 };
};

export const PAGE_SHIFT = 12;
/** Address of a user page by its index: page 0 is at 0x1000. */
export const pageAddress = (index: number): number => (index + 1) << PAGE_SHIFT;
export const pageIndex = (address: number): number => (address >> PAGE_SHIFT) - 1;

/**
 * What an entry of a TLB or a page table holds: 0 for nothing, else the number of the frame that it leads to, with a
 * minus once that frame was given back and the entry still stood. Who gets the frame next makes entries of their own:
 * the mark, not the frame, tells the two apart, and needs no count of the frame's lives.
 */
export const frameOf = (entry: number): number => Math.abs(entry);
export const isOutlived = (entry: number): boolean => entry < 0;

/** What a page frame's word says: never used yet, in use, freed, or given to somebody else after it was freed. */
export const FrameState = { spare: 0, inUse: 1, freed: 2, reused: 3 } as const;
