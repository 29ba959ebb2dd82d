/**
 * A state taken apart: each CPU's own part (registers, stack, per-CPU variables, TLB) and the part that all share.
 * Each part takes few distinct values, so it is numbered, and a global state is a handful of small numbers.
 * Numbers stand for whole parts, compared word by word: two states are the same only if they are.
 */
import { W } from "../machine/layout";
import type { Machine, State } from "../machine/machine";
import { StateStore } from "./store";

/** Splits states into parts and puts them together again. */
export class Parts {
  readonly cpus: number;
  private readonly own: { start: number; end: number }[] = [];
  private readonly sharedCells: Int32Array;
  private readonly pools: StateStore[] = [];
  private readonly sharedPool: StateStore;
  private readonly buffer: Int32Array;

  constructor(machine: Machine) {
    const { layout: l } = machine;
    this.cpus = l.cpuCount;
    const stride = this.cpus > 1 ? l.cpu[1] - l.cpu[0] : l.size - l.cpu[0];
    const shared: number[] = [];
    for (let i = 1; i < l.cpu[0]; i++) shared.push(i);
    for (let c = 0; c < this.cpus; c++) {
      // What other CPUs write to is shared: pending interrupts, and the function call that was sent.
      for (let w: number = W.vectors; w < W.size; w++) shared.push(l.cpu[c] + w);
      this.own.push({ start: l.cpu[c], end: l.cpu[c] + stride });
      this.pools.push(new StateStore(stride - (W.size - W.vectors)));
    }
    this.sharedCells = Int32Array.from(shared);
    this.sharedPool = new StateStore(shared.length);
    this.buffer = new Int32Array(Math.max(stride, shared.length));
  }

  get bytes(): number {
    return this.pools.reduce((n, p) => n + p.bytes, this.sharedPool.bytes);
  }

  /** Which CPU's own part a cell belongs to, or -1 for the shared part. */
  ownerOf(cell: number): number {
    for (let c = 0; c < this.cpus; c++) {
      const { start, end } = this.own[c];
      if (cell >= start && cell < end) return cell >= start + W.vectors && cell < start + W.size ? -1 : c;
    }
    return -1;
  }

  internCpu(s: State, c: number): number {
    const { start, end } = this.own[c];
    this.buffer.set(s.subarray(start, start + W.vectors));
    this.buffer.set(s.subarray(start + W.size, end), W.vectors);
    return this.pools[c].intern(this.buffer);
  }

  /** Is this CPU's block the same in both? */
  isSameCpu(a: State, b: State, c: number): boolean {
    const { start, end } = this.own[c];
    for (let i = start; i < end; i++) if (a[i] !== b[i]) return false;
    return true;
  }

  internShared(s: State): number {
    const { sharedCells, buffer } = this;
    for (let i = 0; i < sharedCells.length; i++) buffer[i] = s[sharedCells[i]];
    return this.sharedPool.intern(buffer);
  }

  /** Writes a CPU's part number `id` into a state. */
  readCpu(id: number, c: number, s: State): void {
    const { start, end } = this.own[c];
    this.pools[c].read(id, this.buffer);
    s.set(this.buffer.subarray(0, W.vectors), start);
    s.set(this.buffer.subarray(W.vectors, W.vectors + end - start - W.size), start + W.size);
  }

  readShared(id: number, s: State): void {
    this.sharedPool.read(id, this.buffer);
    for (let i = 0; i < this.sharedCells.length; i++) s[this.sharedCells[i]] = this.buffer[i];
  }
}
