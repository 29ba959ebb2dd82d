/** What steps touch, for the checker's reductions (check/explore/locality.ts). */
import type { Operation } from "./hardware/operation";
import type { StoreBuffers } from "./hardware/store-buffers";
import type { Layout } from "./layout";
import { STORE_BUFFER } from "./state";

/** Bits of what a step touched. */
export const Touched = {
  /** Memory that any CPU may use. */
  shared: 1,
  /** This CPU's own per-CPU variables and stack. */
  own: 2,
  /** Another CPU's. */
  foreign: 4,
  hardware: 8,
  /** A call or a return: the stack grew or shrank. */
  stack: 16,
  /** Other CPUs' registers, TLBs or locks, beside the reads and writes that the effects list. */
  far: 32,
  /** What only this CPU and the handlers of its interrupts read: the interrupt flag, CR3. */
  registers: 64,
} as const;

/** Works out the bits for accesses and operations. */
export class TouchedBits {
  private readonly blockSize: number;

  constructor(
    private readonly l: Layout,
    private readonly buffers: StoreBuffers,
  ) {
    this.blockSize = l.cpuCount > 1 ? l.cpu[1] - l.cpu[0] : l.size;
  }

  /**
   * What an access to memory touches, before it is made. It makes others see stores when it empties the buffer, or
   * pushes the oldest out.
   */
  access(s: Int32Array, c: number, at: number, op: "load" | "store" | "rmw"): number {
    const waiting = this.buffers.count(s, c);
    const drains = waiting > 0 && (op === "rmw" || (op === "store" && waiting === STORE_BUFFER)) ? Touched.hardware : 0;
    if (at >= this.l.cpu[0])
      return drains | (Math.floor((at - this.l.cpu[0]) / this.blockSize) === c ? Touched.own : Touched.foreign);
    // A store that goes into this CPU's own buffer touches nobody else's memory yet.
    return drains | (op === "store" && this.l.storeBuffer.length ? Touched.own : Touched.shared);
  }

  /** The same for an operation on the lock at `at`. That it looks at another CPU's lock isn't among its effects. */
  lock(s: Int32Array, c: number, at: number, { drains }: Operation): number {
    const touched = this.access(s, c, at, drains ? "rmw" : "store");
    return touched & Touched.foreign ? touched | Touched.far : touched;
  }

  /**
   * What any other operation touched: did it turn interrupts off, did stores reach memory? Turning them on touches a
   * register: until then nothing could have come in between.
   */
  operation({ touches }: Operation, irqsOff: boolean, drained: boolean): number {
    if (touches === "other CPUs") return Touched.hardware | Touched.foreign | Touched.far;
    if (irqsOff || drained) return Touched.hardware;
    return touches === "nothing" ? 0 : touches === "own registers" ? Touched.registers : Touched.hardware;
  }
}
