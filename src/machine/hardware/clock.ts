/**
 * Time: jiffies, which move on at any moment, beyond every deadline that there is by then, as often as the session's
 * `time_passes` says.
 */
import type { Observer } from "../effects";
import type { Layout } from "../layout";

/** Where jiffies begin; a multiple of 32, as the kernel looks at their lowest bits now and then. */
const START = 1 << 20;
/** Longer than any deadline. */
const STEP = 1 << 20;

export class Clock {
  private readonly cell: number | undefined;
  private readonly end: number;

  constructor(l: Layout) {
    this.cell = l.program.timePasses > 0 ? l.globals.get("jiffies") : undefined;
    this.end = START + l.program.timePasses * STEP;
  }

  start(s: Int32Array): void {
    if (this.cell !== undefined) s[this.cell] = START;
  }

  canPass(s: Int32Array): boolean {
    return this.cell !== undefined && s[this.cell] < this.end;
  }

  pass(s: Int32Array, o: Observer): void {
    if (this.cell === undefined) return;
    const old = s[this.cell],
      value = old + STEP;
    s[this.cell] = value;
    o.effect?.({ k: "write", cell: this.cell, old, value, locked: false });
  }
}
