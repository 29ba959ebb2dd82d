/**
 * Flushes that the processors send each other themselves (INVLPGB): one is broadcast, every CPU's TLB, the sender's
 * own too, carries it out at any later moment, and TLBSYNC waits until all have. Neither empties the store buffer: the
 * weakest behaviour that the manual allows. Facts: AMD64 Architecture Programmer's Manual vol. 3, INVLPGB and TLBSYNC.
 */
import type { Invalidation, Observer } from "../effects";
import type { Layout } from "../layout";
import { BROADCASTS, BROADCAST_WORDS, PAGE_SHIFT } from "../state";
import type { Tlb } from "./tlb";

/**
 * Words of each: CPUs that haven't carried it out, rAX's flags, PCID, address, pages (below zero where they are
 * large).
 */
const AT = { waits: 0, flags: 1, pcid: 2, address: 3, pages: 4 } as const;
/**
 * Which parts of rAX count: the address, the PCID. The ASID is that of a virtual machine, of which there is one here.
 */
const FLAG = { address: 1, pcid: 2 } as const;
/** Log2 of the step from one page to the next, where ECX[31] asks for large ones. */
const LARGE_SHIFT = 21;

export class Broadcasts {
  constructor(
    private readonly l: Layout,
    private readonly tlb: Tlb,
  ) {}

  private slot(from: number, n: number): number {
    return this.l.broadcasts[from] + n * BROADCAST_WORDS;
  }

  /** INVLPGB. False when there is no room: nothing happened. */
  send(s: Int32Array, c: number, [flags, pcid, address, pages, large]: number[], o: Observer): boolean {
    for (let n = 0; n < BROADCASTS; n++) {
      const at = this.slot(c, n);
      if (s[at + AT.waits] !== 0) continue;
      s[at + AT.waits] = (1 << this.l.cpuCount) - 1;
      s[at + AT.flags] = flags & (FLAG.address | FLAG.pcid);
      if (flags & FLAG.pcid) s[at + AT.pcid] = pcid;
      if (flags & FLAG.address) {
        s[at + AT.address] = address;
        s[at + AT.pages] = large ? -pages : pages;
      }
      o.effect?.({ k: "broadcast", slot: n, what: this.asked(s, c, n) });
      return true;
    }
    return false;
  }

  /** CPUs that haven't carried out everything that this CPU has sent. */
  waitsFor(s: Int32Array, c: number): number {
    let cpus = 0;
    if (this.l.broadcasts.length) for (let n = 0; n < BROADCASTS; n++) cpus |= s[this.slot(c, n) + AT.waits];
    return cpus;
  }

  /** Has this CPU still to carry it out? */
  isPending(s: Int32Array, c: number, from: number, n: number): boolean {
    return ((s[this.slot(from, n) + AT.waits] >> c) & 1) === 1;
  }

  /** What this broadcast invalidates. */
  private asked(s: Int32Array, from: number, n: number): Invalidation {
    const at = this.slot(from, n);
    const flags = s[at + AT.flags],
      count = Math.abs(s[at + AT.pages]),
      shift = s[at + AT.pages] < 0 ? LARGE_SHIFT : PAGE_SHIFT;
    return {
      pcid: flags & FLAG.pcid ? s[at + AT.pcid] : undefined,
      addresses:
        flags & FLAG.address ? Array.from({ length: count }, (_, i) => s[at + AT.address] + (i << shift)) : undefined,
    };
  }

  /** CPU `c`'s TLB carries out a broadcast of CPU `from`. */
  carryOut(s: Int32Array, c: number, from: number, n: number, o: Observer): void {
    const at = this.slot(from, n);
    this.tlb.invalidate(s, c, this.asked(s, from, n), o);
    s[at + AT.waits] &= ~(1 << c);
    if (s[at + AT.waits] === 0) s.fill(0, at, at + BROADCAST_WORDS);
  }

  /** All TLBs carry out all that is pending. */
  carryOutAll(s: Int32Array, o: Observer): void {
    for (let from = 0; from < this.l.broadcasts.length; from++)
      for (let n = 0; n < BROADCASTS; n++)
        for (let c = 0; c < this.l.cpuCount; c++) if (this.isPending(s, c, from, n)) this.carryOut(s, c, from, n, o);
  }
}
