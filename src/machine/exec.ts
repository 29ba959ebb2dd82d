/** The interpreter: one atomic step of one CPU, on the state in place. */
import { t } from "@vscode/l10n";
import { struct } from "../kernel/ctype";
import type { BinOp, HwOp, RmwOp } from "../kernel/ir";
import { fold } from "../kernel/arithmetic";
import type { Observer } from "./effects";
import type { Hardware, Outcome } from "./hardware/hardware";
import { FRAME, STORE_BUFFER, W, type Layout } from "./layout";
import type { StoreBuffers } from "./hardware/store-buffers";
import { K, type Code, type LinkedFn } from "./link";

/** How a step ended. After "wait" the state is not to be used: the CPU could not take the step. */
export type StepEnd = "done" | "wait" | "halt";

/** Instructions that one atomic step may run before it counts as endless. */
const STEP_LIMIT = 10_000;

/** `info` of an interrupt's frame: below zero, so that it isn't a result slot. */
export const interruptInfo = (kind: "vector" | "call", n: number): number => -(1 + n * 2 + (kind === "call" ? 1 : 0));
export const interruptOf = (info: number): { kind: "vector" | "call"; n: number } | undefined => {
  if (info >= 0) return undefined;
  const v = -info - 1;
  return { kind: v & 1 ? "call" : "vector", n: v >> 1 };
};

/** What a step touched, for the checker's reductions: bits of `Interpreter.touched`. */
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
  /** Other CPUs' registers, TLBs or locks, by other ways than the reads and writes that the effects tell of. */
  far: 32,
} as const;

/** Actions that look at, or act on, other CPUs' registers and TLBs. */
const farReaching = new Set(["free_frame", "free_pgtables", "free_pgd", "free_mm", "xen_unpin", "xen_flush"]);

/** Actions on a lock's cell, which is memory like any other. */
const locks = new Set(["lock", "unlock", "down_read", "up_read", "down_write", "up_write"]);
/**
 * Actions on registers that only this CPU and its interrupts look at; for those on the interrupt flag, when they leave
 * it as it is.
 */
const ownRegisters = new Set(["read_cr3", "load_ldt", "irq_off", "irq_on", "irq_save", "irq_restore"]);
/** Actions that change nothing: a fence with an empty buffer, and the word to the interrupt controller. */
const harmless = new Set(["fence", "ack_ipi"]);

export class Interpreter {
  /** Bits of Touched, gathered since somebody set it to 0. */
  touched = 0;
  private readonly l: Layout;
  private readonly blockSize: number;
  private readonly regsOffset: number;
  private readonly regsSize: number;
  private readonly countKeys = new Set(["mm_struct.mm_count", "mm_struct.mm_users"]);

  constructor(
    readonly code: Code,
    private readonly hardware: Hardware,
    private readonly buffers: StoreBuffers,
  ) {
    this.l = code.layout;
    this.regsOffset = this.l.percpuOffset.get("irq_regs")!;
    this.regsSize = this.l.sizeOf(struct("pt_regs"));
    this.blockSize = this.l.cpuCount > 1 ? this.l.cpu[1] - this.l.cpu[0] : this.l.size;
  }

  /** Pushes a call onto CPU `c`'s stack; the arguments go into the first slots. */
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

  /** Runs CPU `c`'s next atomic step. It must have a frame. */
  step(s: Int32Array, c: number, o: Observer): StepEnd {
    const { instrs, boundary, begins, fnOf } = this.code;
    const cpu = this.l.cpu[c];
    const value = (k: number, v: number): number => {
      switch (k) {
        case K.const:
          return v;
        case K.slot:
          return s[s[cpu + W.fp] + v];
        case K.cpu:
          return c;
        case K.current:
          return s[cpu + W.current];
        case K.percpu:
          return this.l.percpu[c] + v;
        default:
          return s[cpu + W.fp] + v;
      }
    };
    const set = (dst: number, v: number): void => {
      if (dst >= 0) s[s[cpu + W.fp] + dst] = v;
    };
    let pc = s[cpu + W.pc];
    for (let n = 0; ; n++) {
      if (n > 0 && boundary[pc]) break;
      if (n > STEP_LIMIT)
        return this.stop(
          s,
          c,
          pc,
          o,
          t("CPU{0} runs {1}() round and round without end: give the loop a way out.", c, fnOf[pc].name),
        );
      const i = instrs[pc];
      switch (i.op) {
        case "nop":
          pc++;
          break;
        case "move": {
          const v = value(i.aK, i.a);
          set(i.dst, v);
          if (i.dst >= 0 && i.dst < fnOf[pc].tempStart)
            o.effect?.({ k: "local", cell: s[cpu + W.fp] + i.dst, value: v });
          pc++;
          break;
        }
        case "bin":
          set(i.dst, fold(i.f as BinOp, value(i.aK, i.a), value(i.bK, i.b)));
          pc++;
          break;
        case "bound": {
          const index = value(i.aK, i.a);
          if (index < 0 || index >= i.to)
            return this.stop(
              s,
              c,
              pc,
              o,
              t("CPU{0} asks for element {1} of an array of {2} in {3}().", c, index, i.to, fnOf[pc].name),
            );
          pc++;
          break;
        }
        case "percpu": {
          const of = value(i.aK, i.a);
          if (of < 0 || of >= this.l.cpuCount)
            return this.stop(
              s,
              c,
              pc,
              o,
              t("CPU{0} asks for the per-CPU variable of CPU{1}, which doesn't exist.", c, of),
            );
          set(i.dst, this.l.percpu[of] + i.to);
          pc++;
          break;
        }
        case "load":
        case "store":
        case "rmw": {
          const base = value(i.bK, i.b);
          const at = base + i.to;
          if (base <= 0 || at < this.l.first || at >= this.l.size)
            return this.stop(s, c, pc, o, t("CPU{0} follows {1} in {2}().", c, this.pointerKind(base), fnOf[pc].name));
          this.touched |= this.touchOf(s, c, at, i.op);
          this.checkOwned(s, c, at, o);
          if (i.op === "load") {
            const v = this.buffers.read(s, c, at);
            o.effect?.({ k: "read", cell: at, value: v });
            set(i.dst, v);
          } else if (i.op === "store") {
            this.buffers.write(s, c, at, value(i.aK, i.a), o);
          } else {
            this.buffers.drainAll(s, c, o);
            const old = s[at];
            const v = modify(i.f as RmwOp, old, value(i.aK, i.a));
            o.effect?.({ k: "write", cell: at, old, value: v, locked: true });
            s[at] = v;
            set(i.dst, old);
            if (v < 0 && this.countKeys.has(this.l.cells[at]?.key ?? ""))
              o.violation({ property: "counts", cpu: c, why: t("{0} falls to {1}.", this.l.cellName(at), v) });
          }
          pc++;
          break;
        }
        case "jump":
          pc = i.to;
          break;
        case "branch": {
          const taken = value(i.aK, i.a) !== 0;
          pc = taken ? i.to : i.else;
          o.effect?.({ k: "branch", taken, to: pc });
          break;
        }
        case "call":
        case "icall": {
          const entry = i.op === "call" ? i.to : value(i.aK, i.a);
          const fn = fnOf[entry];
          if (!fn || fn.entry !== entry)
            return this.stop(
              s,
              c,
              pc,
              o,
              entry === 0
                ? t("CPU{0} calls through a pointer that is null in {1}().", c, fnOf[pc].name)
                : t("CPU{0} calls through a pointer that is no function in {1}().", c, fnOf[pc].name),
            );
          this.touched |= Touched.stack;
          const args = i.args.map((a) => value(a.k, a.v));
          o.effect?.({ k: "call", fn: fn.name, args });
          s[cpu + W.pc] = pc; // push() looks up the caller's frame by it
          this.push(s, c, fn, args, pc + 1, i.dst + 1);
          pc = fn.entry;
          break;
        }
        case "ret": {
          this.touched |= Touched.stack;
          const result = i.f === "value" ? value(i.aK, i.a) : 0;
          const fp = s[cpu + W.fp];
          const info = s[fp + FRAME.info],
            caller = s[fp + FRAME.savedFp];
          o.effect?.({ k: "return", fn: fnOf[pc].name });
          const retPc = s[fp + FRAME.retPc];
          s.fill(0, fp, fp + fnOf[pc].frame);
          s[cpu + W.fp] = caller;
          pc = retPc;
          if (info < 0) {
            s[cpu + W.pc] = pc;
            this.interruptDone(s, c, info, o);
            return "done";
          }
          if (caller === 0) {
            s[cpu + W.pc] = 0;
            o.effect?.({ k: "actionDone", index: s[cpu + W.action] });
            s[cpu + W.action]++;
            return "done";
          }
          if (info > 0) s[caller + info - 1] = result;
          break;
        }
        case "wait":
          return "wait";
        case "hw": {
          const args = i.args.map((a) => value(a.k, a.v));
          s[cpu + W.pc] = pc;
          const wrong = this.wrongArgument(c, i.f as HwOp, args, fnOf[pc].name);
          if (wrong) return this.stop(s, c, pc, o, wrong);
          const irqsOn = s[cpu + W.irqsOn],
            waiting = this.buffers.count(s, c);
          if (locks.has(i.f)) this.touched |= this.lockTouch(s, c, args[0], i.f === "unlock" ? "store" : "rmw");
          const out: Outcome = this.hardware.run(s, c, i.f as HwOp, args, o);
          if (!locks.has(i.f))
            this.touched |= this.hardwareTouch(i.f, irqsOn !== s[cpu + W.irqsOn], this.buffers.count(s, c) < waiting);
          if (out === "wait") return "wait";
          if (out === "halt") {
            s[cpu + W.halted] = 1;
            o.violation({ property: "bug", cpu: c, why: t("CPU{0} reaches BUG() in {1}().", c, fnOf[pc].name) });
            return "halt";
          }
          if (i.f === "warn")
            o.violation({
              property: "warn",
              cpu: c,
              why: t("CPU{0}'s WARN condition holds in {1}().", c, fnOf[pc].name),
            });
          set(i.dst, out);
          pc++;
          break;
        }
      }
    }
    s[cpu + W.pc] = pc;
    const fn = fnOf[pc],
      fp = s[cpu + W.fp];
    // Temporaries of the statement before are dead.
    if (begins[pc]) for (let t = fn.tempStart; t < fn.tempEnd; t++) s[fp + t] = 0;
    return "done";
  }

  /**
   * What an access to memory touches. It makes others see stores when it empties the buffer, or pushes the oldest out.
   */
  private touchOf(s: Int32Array, c: number, at: number, op: "load" | "store" | "rmw"): number {
    const waiting = this.buffers.count(s, c);
    const drains = waiting > 0 && (op === "rmw" || (op === "store" && waiting === STORE_BUFFER)) ? Touched.hardware : 0;
    if (at >= this.l.cpu[0])
      return drains | (Math.floor((at - this.l.cpu[0]) / this.blockSize) === c ? Touched.own : Touched.foreign);
    // A store that goes into this CPU's own buffer touches nobody else's memory yet.
    return drains | (op === "store" && this.l.storeBuffer.length ? Touched.own : Touched.shared);
  }

  private lockTouch(s: Int32Array, c: number, at: number, op: "store" | "rmw"): number {
    const touch = this.touchOf(s, c, at, op);
    return touch & Touched.foreign ? touch | Touched.far : touch;
  }

  private hardwareTouch(f: string, irqsChanged: boolean, drained: boolean): number {
    if (farReaching.has(f)) return Touched.hardware | Touched.foreign | Touched.far;
    if (irqsChanged || drained) return Touched.hardware;
    return harmless.has(f) ? 0 : ownRegisters.has(f) ? Touched.own : Touched.hardware;
  }

  private interruptDone(s: Int32Array, c: number, info: number, o: Observer): void {
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

  private checkOwned(s: Int32Array, c: number, at: number, o: Observer): void {
    const { l } = this;
    for (let m = 0; m < l.mms.length; m++) {
      if (s[l.mmFreed[m]] === 1 && at >= l.mms[m] && at < l.pgds[m])
        o.violation({
          property: "counts",
          cpu: c,
          why: t("CPU{0} uses {1} after {2} was given back.", c, l.cellName(at), l.mmNames[m]),
        });
    }
  }

  /** Why this action can't be done with these arguments, if it can't. */
  private wrongArgument(c: number, f: HwOp, args: number[], fn: string): string | undefined {
    switch (f) {
      case "lock":
      case "unlock":
      case "down_read":
      case "up_read":
      case "down_write":
      case "up_write":
        return args[0] >= this.l.first && args[0] < this.l.size
          ? undefined
          : t("CPU{0} follows {1} to a lock in {2}().", c, this.pointerKind(args[0]), fn);
      case "switch_to":
        return this.l.isTask(args[1])
          ? undefined
          : t("CPU{0} switches to {1}, which is no task, in {2}().", c, this.l.objectAt(args[1]), fn);
      default:
        return undefined;
    }
  }

  private pointerKind(address: number): string {
    return address >= 0 && address < this.l.first ? t("a null pointer") : t("a wild pointer ({0})", address);
  }

  private stop(s: Int32Array, c: number, pc: number, o: Observer, why: string): StepEnd {
    s[this.l.cpu[c] + W.pc] = pc;
    s[this.l.cpu[c] + W.halted] = 1;
    o.violation({ property: "oops", cpu: c, why });
    return "halt";
  }
}

function modify(f: RmwOp, old: number, a: number): number {
  switch (f) {
    case "add":
      return (old + a) | 0;
    case "setbit":
      return old | (1 << a);
    case "clearbit":
      return old & ~(1 << a);
    case "xchg":
      return a;
    case "or":
      return old | a;
    case "andnot":
      return old & ~a;
  }
}
