/** The interpreter: one atomic step of one CPU, on the state in place. */
import { t } from "@vscode/l10n";
import { fold, type BinOp } from "../kernel/arithmetic";
import type { RmwOp } from "../kernel/ir";
import type { Observer } from "./effects";
import type { Hardware } from "./hardware/hardware";
import type { StoreBuffers } from "./hardware/store-buffers";
import type { Layout } from "./layout";
import { OPERAND, type Code, type Linked } from "./link";
import { RETURNED, type Stack } from "./stack";
import { modify, operateLong } from "./operate";
import { W } from "./state";
import { Touched, TouchedBits } from "./touched";

/** Instructions that one atomic step may run before it counts as endless. */
const STEP_LIMIT = 10_000;

/** How a step ended, in what `step` returns: none of these bits where it was carried out. */
export const StepEnd = {
  /** The CPU could not take the step: the state is not to be used. */
  waits: 1 << 16,
  /** The CPU has stopped for good. */
  halts: 1 << 17,
} as const;

/** What an instruction gives in place of the next program counter when the step ends with it. */
const ENDS = { done: -1, waits: -2, halts: -3 } as const;

const countKeys = new Set(["mm_struct.mm_count", "mm_struct.mm_users"]);

export class Interpreter {
  private readonly l: Layout;
  private readonly buffers: StoreBuffers;
  private readonly touches: TouchedBits;
  /** Bits of Touched: what the step has touched so far. */
  private touched = 0;
  /** Has the step changed a cell by a LOCKed operation? */
  private changed = false;

  constructor(
    private readonly code: Code,
    private readonly hardware: Hardware,
    private readonly stack: Stack,
  ) {
    this.l = code.layout;
    this.buffers = hardware.buffers;
    this.touches = new TouchedBits(this.l, this.buffers);
  }

  /**
   * Runs CPU `c`'s next atomic step. It must have a frame. Gives what the step touched, bits of Touched, and how it
   * ended, a bit of StepEnd.
   */
  step(s: Int32Array, c: number, o: Observer): number {
    const { instrs, boundary, begins, fnOf } = this.code;
    const cpu = this.l.cpu[c];
    this.touched = 0;
    this.changed = false;
    let pc = s[cpu + W.pc];
    for (let n = 0; n === 0 || !boundary[pc]; n++) {
      pc = n > STEP_LIMIT ? this.endless(s, c, pc, o) : this.execute(instrs[pc], s, c, pc, o);
      if (pc < 0) return this.touched | (pc === ENDS.waits ? StepEnd.waits : pc === ENDS.halts ? StepEnd.halts : 0);
    }
    s[cpu + W.pc] = pc;
    // Temporaries of the statement before are dead.
    if (begins[pc]) {
      const fn = fnOf[pc],
        fp = s[cpu + W.fp];
      for (let temp = fn.tempStart; temp < fn.tempEnd; temp++) s[fp + temp] = 0;
    }
    return this.touched;
  }

  /** Carries one instruction out. Gives the program counter that it leads to, or one of ENDS. */
  private execute(i: Linked, s: Int32Array, c: number, pc: number, o: Observer): number {
    o.executes?.(pc, s[this.l.cpu[c] + W.fp]);
    switch (i.op) {
      case "nop":
        return pc + 1;
      case "move": {
        const v = this.value(s, c, i.aK, i.a);
        this.set(s, c, i.dst, v);
        if (i.dst >= 0 && i.dst < this.code.fnOf[pc].tempStart)
          o.effect?.({ k: "local", cell: s[this.l.cpu[c] + W.fp] + i.dst, value: v });
        return pc + 1;
      }
      case "bin":
        this.set(s, c, i.dst, fold(i.f as BinOp, this.value(s, c, i.aK, i.a), this.value(s, c, i.bK, i.b)));
        return pc + 1;
      case "long":
      case "compare":
        this.set(s, c, i.dst, operateLong(i, this.value(s, c, i.aK, i.a), this.value(s, c, i.bK, i.b), o));
        return pc + 1;
      case "bound": {
        const index = this.value(s, c, i.aK, i.a);
        if (index >= 0 && index < i.to) return pc + 1;
        const fn = this.code.fnOf[pc].name;
        return this.stop(
          s,
          c,
          pc,
          o,
          t("CPU{0} asks for element {1} of an array of {2} in {3}().", c, index, i.to, fn),
        );
      }
      case "percpu": {
        const of = this.value(s, c, i.aK, i.a);
        if (of < 0 || of >= this.l.cpuCount)
          return this.stop(
            s,
            c,
            pc,
            o,
            t("CPU{0} asks for the per-CPU variable of CPU{1}, which doesn't exist.", c, of),
          );
        this.set(s, c, i.dst, this.l.percpu[of] + i.to);
        return pc + 1;
      }
      case "load":
      case "store":
      case "rmw":
        return this.access(i, i.op, s, c, pc, o);
      case "jump":
        return i.to;
      case "branch": {
        const taken = this.value(s, c, i.aK, i.a) !== 0;
        const to = taken ? i.to : i.else;
        o.effect?.({ k: "branch", taken, to });
        return to;
      }
      case "call":
      case "icall":
        return this.call(i, s, c, pc, o);
      case "ret":
        return this.ret(i, s, c, pc, o);
      case "unknown":
        o.unknown?.(i.to);
        return pc + 1;
      case "wait":
        return this.changed ? i.to : ENDS.waits;
      case "hw":
        return this.operate(i, s, c, pc, o);
    }
  }

  /** An operand, `v` with its kind beside it (see OPERAND). */
  private value(s: Int32Array, c: number, kind: number, v: number): number {
    switch (kind) {
      case OPERAND.const:
        return v;
      case OPERAND.slot:
        return s[s[this.l.cpu[c] + W.fp] + v];
      case OPERAND.cpu:
        return c;
      case OPERAND.current:
        return s[this.l.cpu[c] + W.current];
      case OPERAND.percpu:
        return this.l.percpu[c] + v;
      default:
        return s[this.l.cpu[c] + W.fp] + v;
    }
  }

  /** Writes a result into its slot; below zero nobody wants it. */
  private set(s: Int32Array, c: number, dst: number, v: number): void {
    if (dst >= 0) s[s[this.l.cpu[c] + W.fp] + dst] = v;
  }

  private access(i: Linked, op: "load" | "store" | "rmw", s: Int32Array, c: number, pc: number, o: Observer): number {
    const base = this.value(s, c, i.bK, i.b);
    const at = base + i.to;
    if (base <= 0 || at < this.l.first || at >= this.l.size) {
      const fn = this.code.fnOf[pc].name;
      return this.stop(s, c, pc, o, t("CPU{0} follows {1} in {2}().", c, this.l.badPointer(base), fn));
    }
    this.touched |= this.touches.access(s, c, at, op);
    this.checkOwned(s, c, at, o);
    if (op === "load") {
      const v = this.buffers.read(s, c, at);
      o.effect?.({ k: "read", cell: at, value: v });
      this.set(s, c, i.dst, v);
    } else if (op === "store") this.buffers.write(s, c, at, this.value(s, c, i.aK, i.a), o);
    else this.readModifyWrite(i, s, c, at, o);
    return pc + 1;
  }

  private readModifyWrite(i: Linked, s: Int32Array, c: number, at: number, o: Observer): void {
    this.buffers.drainAll(s, c, o);
    const old = s[at];
    const [expected] = i.args;
    const a = this.value(s, c, i.aK, i.a);
    const v = modify(i.f as RmwOp, old, a, expected && this.value(s, c, expected.k, expected.v));
    o.effect?.({ k: "write", cell: at, old, value: v, locked: true });
    s[at] = v;
    if (v !== old) this.changed = true;
    this.set(s, c, i.dst, old);
    if (v < 0 && countKeys.has(this.l.cells[at]?.key ?? ""))
      o.violation({ property: "counts", cpu: c, why: t("{0} falls to {1}.", this.l.cellName(at), v) });
  }

  private call(i: Linked, s: Int32Array, c: number, pc: number, o: Observer): number {
    const { fnOf } = this.code;
    const entry = i.op === "call" ? i.to : this.value(s, c, i.aK, i.a);
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
    const args = i.args.map((a) => this.value(s, c, a.k, a.v));
    o.effect?.({ k: "call", fn: fn.name, args });
    s[this.l.cpu[c] + W.pc] = pc; // the stack looks up the caller's frame by it
    this.stack.push(s, c, fn, args, pc + 1, i.dst + 1);
    return fn.entry;
  }

  private ret(i: Linked, s: Int32Array, c: number, pc: number, o: Observer): number {
    this.touched |= Touched.stack;
    const result = i.f === "value" ? this.value(s, c, i.aK, i.a) : 0;
    const next = this.stack.pop(s, c, this.code.fnOf[pc], result, o);
    return next === RETURNED ? ENDS.done : next;
  }

  /** A hardware operation (hardware/operations.ts). */
  private operate(i: Linked, s: Int32Array, c: number, pc: number, o: Observer): number {
    const { buffers } = this;
    const cpu = this.l.cpu[c],
      operation = i.operation!,
      fn = this.code.fnOf[pc].name;
    const args = i.args.map((a) => this.value(s, c, a.k, a.v));
    s[cpu + W.pc] = pc;
    const wrong = operation.refuses?.(this.l, c, args, fn);
    if (wrong !== undefined) return this.stop(s, c, pc, o, wrong);
    const irqsOn = s[cpu + W.irqsOn],
      stores = buffers.count(s, c);
    // How a lock's cell is reached depends on the stores that wait before; what else it touches shows only afterwards.
    if (operation.touches === "memory") this.touched |= this.touches.lock(s, c, args[0], operation);
    if (operation.drains) buffers.drainAll(s, c, o);
    const result = operation.run(this.hardware, s, c, args, o);
    if (operation.touches !== "memory")
      this.touched |= this.touches.operation(operation, irqsOn > s[cpu + W.irqsOn], buffers.count(s, c) < stores);
    if (result === "wait") {
      if (operation.touches === "memory") o.effect?.({ k: "read", cell: args[0], value: s[args[0]] });
      return ENDS.waits;
    }
    if (result === "halt") s[cpu + W.halted] = 1;
    if (operation.breaks) o.violation(operation.breaks(c, fn));
    if (result === "halt") return ENDS.halts;
    this.set(s, c, i.dst, result);
    return pc + 1;
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

  private endless(s: Int32Array, c: number, pc: number, o: Observer): number {
    const fn = this.code.fnOf[pc].name;
    return this.stop(s, c, pc, o, t("CPU{0} runs {1}() round and round without end: give the loop a way out.", c, fn));
  }

  /** An oops: the CPU stops at this instruction. */
  private stop(s: Int32Array, c: number, pc: number, o: Observer, why: string): number {
    s[this.l.cpu[c] + W.pc] = pc;
    s[this.l.cpu[c] + W.halted] = 1;
    o.violation({ property: "oops", cpu: c, why });
    return ENDS.halts;
  }
}
