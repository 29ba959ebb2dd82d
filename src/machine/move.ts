/** Moves: what can happen next, each one number. */

/**
 * One thing that can happen next, packed: kind, CPU, and a number that depends on the kind
 * (which vector, whose call, which mm's page, which CPU's broadcast).
 */
export type Move = number;
export const MoveKind = { step: 1, vector: 2, call: 3, fill: 4, drain: 5, broadcast: 6, time: 7 } as const;
/** Does this move come about whatever the CPUs do: a speculative fill, or time that passes? */
export const isSpontaneous = (m: Move): boolean => moveKind(m) === MoveKind.fill || moveKind(m) === MoveKind.time;
export const move = (kind: number, cpu: number, n = 0): Move => (kind << 24) | (cpu << 16) | n;
export const moveKind = (m: Move): number => m >> 24;
export const moveCpu = (m: Move): number => (m >> 16) & 0xff;
export const moveArg = (m: Move): number => m & 0xffff;
/** CPU `c` takes its next atomic step. */
export const stepOf = (c: number): Move => move(MoveKind.step, c);
