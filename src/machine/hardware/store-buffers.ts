/**
 * Store buffers: under TSO a CPU's stores wait in order, seen by itself at once and by others once they reach memory.
 * Under SC there are none, and a store is in memory at once. Source: Intel SDM vol. 3A, 8.2 and 11.10.
 */
import type { Observer } from "../effects";
import type { Layout } from "../layout";
import { STORE_BUFFER } from "../state";

export class StoreBuffers {
  /** 1 for cells whose stores go through the buffer: all that another CPU can read. None do under SC. */
  private readonly buffered: Uint8Array;

  constructor(private readonly l: Layout) {
    this.buffered = bufferedCells(l);
  }

  /** Stores of CPU `c` that wait. */
  count(s: Int32Array, c: number): number {
    return this.l.storeBuffer.length === 0 ? 0 : s[this.l.storeBuffer[c]];
  }

  /** What CPU `c` sees in a cell: its own youngest store to it, else memory. */
  read(s: Int32Array, c: number, cell: number): number {
    for (let n = this.count(s, c) - 1, at = this.l.storeBuffer[c]; n >= 0; n--)
      if (s[at + 1 + 2 * n] === cell) return s[at + 2 + 2 * n];
    return s[cell];
  }

  /** A plain store. */
  write(s: Int32Array, c: number, cell: number, value: number, o: Observer): void {
    if (this.buffered[cell] === 0) {
      const old = s[cell];
      s[cell] = value;
      o.effect?.({ k: "write", cell, old, value, locked: false });
      return;
    }
    if (this.count(s, c) === STORE_BUFFER) this.drainOne(s, c, o);
    const at = this.l.storeBuffer[c],
      n = s[at]++;
    s[at + 1 + 2 * n] = cell;
    s[at + 2 + 2 * n] = value;
    o.effect?.({ k: "buffer", cell, value });
  }

  /** The oldest store reaches memory. */
  drainOne(s: Int32Array, c: number, o: Observer): void {
    const at = this.l.storeBuffer[c],
      n = s[at];
    if (!n) return;
    const cell = s[at + 1],
      value = s[at + 2],
      old = s[cell];
    s[cell] = value;
    s.copyWithin(at + 1, at + 3, at + 1 + 2 * n);
    s[at + 2 * n - 1] = s[at + 2 * n] = 0;
    s[at] = n - 1;
    o.effect?.({ k: "write", cell, old, value, locked: false });
  }

  drainAll(s: Int32Array, c: number, o: Observer): void {
    while (this.count(s, c) > 0) this.drainOne(s, c, o);
  }

  /** The waiting stores, oldest first. */
  entries(s: Int32Array, c: number): { cell: number; value: number }[] {
    const at = this.l.storeBuffer[c];
    return Array.from({ length: this.count(s, c) }, (_, n) => ({ cell: s[at + 1 + 2 * n], value: s[at + 2 + 2 * n] }));
  }
}

/** Under TSO shared memory, and each CPU's copy of the per-CPU variables that the program reaches across CPUs. */
function bufferedCells(l: Layout): Uint8Array {
  const cells = new Uint8Array(l.size);
  if (l.scenario.order !== "tso") return cells;
  cells.fill(1, 1, l.cpu[0]);
  const instructions = [...l.program.fns.values()].flatMap((f) => f.code);
  for (const name of new Set(instructions.flatMap((i) => (i.op === "percpu" ? [i.name] : []))))
    for (let c = 0; c < l.cpuCount; c++) {
      const start = l.percpu[c] + l.percpuOffset.get(name)!;
      cells.fill(1, start, start + l.sizeOf(l.program.percpu.get(name)!.type));
    }
  return cells;
}
