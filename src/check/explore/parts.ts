/**
 * A state split into parts: each CPU's own part (registers, stack, per-CPU variables, TLB) and the part that all share.
 * Each part takes few distinct values, so it is numbered, and a global state is a handful of small numbers.
 * Numbers stand for whole parts, compared word by word: two states are the same only if they are.
 */
import { W } from "../../machine/layout";
import type { Machine, State } from "../../machine/machine";
import { Pool } from "./pool";

/** The owner of a cell of the shared part. */
export const SHARED = -1;

/** Splits states into parts and puts them together again. */
export class Parts {
  readonly cpus: number;
  /** For each cell the CPU whose own part it is in, or SHARED. */
  readonly owner: Int8Array;
  /** For each CPU, and last for the shared part. */
  private readonly pools: Pool[];

  /**
   * `exposed`: 1 for cells of CPUs' blocks that other CPUs read or write, as far as is known, the same of all CPUs;
   * they go to the shared part.
   */
  constructor(machine: Machine, exposed?: Uint8Array) {
    const { layout: l } = machine;
    this.cpus = l.cpuCount;
    this.owner = ownersOf(l, exposed);
    const cells = Array.from({ length: this.cpus + 1 }, (): number[] => []);
    for (let i = 1; i < l.size; i++) cells[this.owner[i] === SHARED ? this.cpus : this.owner[i]].push(i);
    this.pools = cells.map((list) => new Pool(list));
  }

  /** An empty pool for values of CPU `c`'s own part. */
  poolLike(c: number): Pool {
    return this.pools[c].like();
  }

  get bytes(): number {
    return this.pools.reduce((n, p) => n + p.bytes, 0);
  }

  internCpu(s: State, c: number): number {
    return this.pools[c].intern(s);
  }

  /** Is this CPU's own part the same in both? */
  isSameCpu(a: State, b: State, c: number): boolean {
    return this.pools[c].isSame(a, b);
  }

  internShared(s: State): number {
    return this.internCpu(s, this.cpus);
  }

  /** Writes a CPU's part number `id` into a state. */
  readCpu(id: number, c: number, s: State): void {
    this.pools[c].read(id, s);
  }

  readShared(id: number, s: State): void {
    this.readCpu(id, this.cpus, s);
  }
}

function ownersOf(l: Machine["layout"], exposed: Uint8Array | undefined): Int8Array {
  const owner = new Int8Array(l.size).fill(SHARED);
  const stride = l.cpuCount > 1 ? l.cpu[1] - l.cpu[0] : l.size - l.cpu[0];
  for (let i = 0; i < stride; i++) {
    // What other CPUs write to is shared: pending interrupts, and the function call that was sent.
    if (i >= W.vectors && i <= W.callPending) continue;
    if (exposed?.[l.cpu[0] + i]) continue;
    for (let c = 0; c < l.cpuCount; c++) owner[l.cpu[c] + i] = c;
  }
  return owner;
}
