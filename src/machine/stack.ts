/** The CPUs' stacks: frames that calls, actions and interrupts push, and returns pop. */
import { struct } from "../kernel/ctype";
import type { Observer } from "./effects";
import type { StoreBuffers } from "./hardware/store-buffers";
import type { Layout } from "./layout";
import type { Code, LinkedFn } from "./link";
import { FRAME, interruptOf, W } from "./state";

/** What `pop` gives when nothing of the stack is to go on in the same step. */
export const RETURNED = -1;

/** A frame of a CPU's stack. */
export interface StackFrame {
  fn: LinkedFn;
  /** The instruction that runs next, or in a caller the call. */
  pc: number;
  /** Its address. */
  fp: number;
  /** Is it the frame of an interrupt's handler? */
  interrupt: boolean;
}

export class Stack {
  private readonly l: Layout;
  /** The registers that entry code saves, among a CPU's own variables. */
  private readonly regsOffset: number;
  private readonly regsSize: number;

  constructor(
    private readonly code: Code,
    private readonly buffers: StoreBuffers,
  ) {
    this.l = code.layout;
    this.regsOffset = this.l.percpuOffset.get("irq_regs")!;
    this.regsSize = this.l.sizeOf(struct("pt_regs"));
  }

  /**
   * Pushes a call onto CPU `c`'s stack; the arguments go into the first slots. `retPc`: where the caller goes on;
   * `info`: see FRAME.
   */
  push(s: Int32Array, c: number, fn: LinkedFn, args: number[], retPc: number, info: number): void {
    const at = this.l.cpu[c];
    const caller = s[at + W.fp];
    const fp = caller === 0 ? this.l.stack[c] : caller + this.code.fnOf[s[at + W.pc]].frame;
    s[fp + FRAME.savedFp] = caller;
    s[fp + FRAME.retPc] = retPc;
    s[fp + FRAME.info] = info;
    for (let i = 0; i < args.length && i < fn.params.length; i++) s[fp + FRAME.size + i] = args[i];
    s[at + W.fp] = fp;
    s[at + W.pc] = fn.entry;
  }

  /**
   * Pops the frame of `fn`, which CPU `c` returns from with this result. Gives the caller's program counter, or
   * RETURNED when that was the end of an interrupt's handler or of an action.
   */
  pop(s: Int32Array, c: number, fn: LinkedFn, result: number, o: Observer): number {
    const cpu = this.l.cpu[c];
    const fp = s[cpu + W.fp];
    const info = s[fp + FRAME.info],
      caller = s[fp + FRAME.savedFp],
      retPc = s[fp + FRAME.retPc];
    o.effect?.({ k: "return", fn: fn.name });
    s.fill(0, fp, fp + fn.frame);
    s[cpu + W.fp] = caller;
    if (info < 0) {
      s[cpu + W.pc] = retPc;
      this.endInterrupt(s, c, info, o);
      return RETURNED;
    }
    if (caller === 0) {
      s[cpu + W.pc] = 0;
      const chosen = s[cpu + W.chosen];
      o.effect?.({ k: "actionDone", index: chosen ? chosen - 1 : s[cpu + W.action] });
      s[cpu + W.chosen] = 0;
      s[cpu + W.action]++;
      return RETURNED;
    }
    if (info > 0) s[caller + info - 1] = result;
    return retPc;
  }

  private endInterrupt(s: Int32Array, c: number, info: number, o: Observer): void {
    const irq = interruptOf(info)!;
    this.buffers.drainAll(s, c, o); // IRET is serializing
    s[this.l.cpu[c] + W.irqsOn] = 1;
    if (irq.kind === "call") s[this.l.cpu[irq.n] + W.callPending] &= ~(1 << c);
    else {
      // The registers that the entry code had saved are gone with its frame.
      const regs = this.l.percpu[c] + this.regsOffset;
      s.fill(0, regs, regs + this.regsSize);
    }
    o.effect?.(irq.kind === "call" ? { k: "iret", from: irq.n } : { k: "iret", vector: irq.n });
  }

  /** The address after CPU `c`'s innermost frame; 0 where it has none. */
  end(s: Int32Array, c: number): number {
    const at = this.l.cpu[c];
    return s[at + W.fp] === 0 ? 0 : s[at + W.fp] + this.code.fnOf[s[at + W.pc]].frame;
  }

  /** Address of CPU `c`'s frame of an interrupt's handler; 0 where it handles none. */
  handlerFrame(s: Int32Array, c: number): number {
    for (let fp = s[this.l.cpu[c] + W.fp]; fp !== 0; fp = s[fp + FRAME.savedFp]) if (s[fp + FRAME.info] < 0) return fp;
    return 0;
  }

  /** CPU `c`'s frames, innermost first. */
  frames(s: Int32Array, c: number): StackFrame[] {
    const out: StackFrame[] = [];
    let fp = s[this.l.cpu[c] + W.fp],
      pc = s[this.l.cpu[c] + W.pc];
    while (fp !== 0) {
      // A caller's program counter is after its call; the call is the instruction before.
      const at = out.length === 0 || out.at(-1)!.interrupt ? pc : pc - 1;
      out.push({ fn: this.code.fnOf[at], pc: at, fp, interrupt: s[fp + FRAME.info] < 0 });
      pc = s[fp + FRAME.retPc];
      fp = s[fp + FRAME.savedFp];
    }
    return out;
  }
}
