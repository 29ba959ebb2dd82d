/**
 * Moves: what can happen next, each one number, which packs its kind, its CPU, and what the kind needs besides. This
 * file alone knows how; `describeMove` (view/names.ts) names them.
 */

export type Move = number;

/**
 * What a move does: a CPU's next atomic step; a flush interrupt that a CPU takes, or a function call that another asks
 * it for; a speculative TLB fill; the oldest store in a buffer that reaches memory; a broadcast flush that a CPU's TLB
 * carries out; time that passes; an action that a CPU chooses to begin.
 */
export const MoveKind = { step: 1, vector: 2, call: 3, fill: 4, drain: 5, broadcast: 6, time: 7, choose: 8 } as const;

/** `high` and `low` take one byte each, kind and CPU too. */
const pack = (kind: number, cpu: number, high = 0, low = 0): Move => (kind << 24) | (cpu << 16) | (high << 8) | low;
const high = (m: Move): number => (m >> 8) & 0xff;
const low = (m: Move): number => m & 0xff;

export const moveKind = (m: Move): number => m >> 24;
export const moveCpu = (m: Move): number => (m >> 16) & 0xff;

/** CPU `c` takes its next atomic step. */
export const stepOf = (c: number): Move => pack(MoveKind.step, c);

/** CPU `c` begins one of the actions that it may choose from: an index of its `does`. */
export const chooseAction = (c: number, index: number): Move => pack(MoveKind.choose, c, index >> 8, index & 0xff);
export const choiceOf = (m: Move): number => (high(m) << 8) | low(m);

/** CPU `c` takes the interrupt of this flush vector, counted from the first one. */
export const takeVector = (c: number, vector: number): Move => pack(MoveKind.vector, c, 0, vector);
export const vectorOf = low;

/** CPU `c` takes the interrupt by which CPU `from` asks for a function call. */
export const takeCall = (c: number, from: number): Move => pack(MoveKind.call, c, 0, from);
export const callerOf = low;

/** CPU `c` fills its TLB with the translation of an mm's page (or page table): a slot of Layout. */
export const fillMove = (c: number, mm: number, page: number): Move => pack(MoveKind.fill, c, mm, page);
export const fillOf = (m: Move): { mm: number; page: number } => ({ mm: high(m), page: low(m) });

/** The oldest store in CPU `c`'s buffer reaches memory. */
export const drainOf = (c: number): Move => pack(MoveKind.drain, c);

/** CPU `c`'s TLB carries out a broadcast flush of CPU `from`, which is in this slot there. */
export const carryOut = (c: number, from: number, slot: number): Move => pack(MoveKind.broadcast, c, from, slot);
export const broadcastOf = (m: Move): { from: number; slot: number } => ({ from: high(m), slot: low(m) });

/** Time passes, by the timer of CPU `c`. */
export const timePasses = (c: number): Move => pack(MoveKind.time, c);

/** Does this move come about whatever the CPUs do: a speculative fill, or time that passes? */
export const isSpontaneous = (m: Move): boolean => moveKind(m) === MoveKind.fill || moveKind(m) === MoveKind.time;

/** Does a CPU take an interrupt by this move? */
export const isInterrupt = (m: Move): boolean => moveKind(m) === MoveKind.vector || moveKind(m) === MoveKind.call;
