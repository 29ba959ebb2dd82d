/** Evaluates C expressions on a state, without changing it: watches, hovers, conditions of breakpoints. */
import type { CType } from "../kernel/ctype";
import type { ExpressionError, LoweredExpression, Program, Value } from "../kernel/ir";
import { fitsCell, fold, foldLong } from "../kernel/arithmetic";
import { formatValue } from "./cells";
import { FRAME, W } from "./layout";
import type { LinkedFn } from "./link";
import type { Machine, State } from "./machine";

/** A frame that an expression is evaluated in; `pc` determines which variables are in scope. */
export interface FrameRef {
  fn: LinkedFn;
  fp: number;
  pc: number;
}

export type Evaluated = { value: number; type: CType; shown: string; cell?: number } | { error: string };

const EXPRESSION_LIMIT = 10_000;
const cache = new WeakMap<Program, Map<string, LoweredExpression | ExpressionError>>();

/** Lowers C text as if it stood at `offset` of a function (or of none). Errors say what is wrong with the text. */
export function lowered(
  program: Program,
  fn: LinkedFn | undefined,
  offset: number,
  text: string,
): LoweredExpression | ExpressionError {
  let known = cache.get(program);
  if (!known) cache.set(program, (known = new Map()));
  const key = `${fn?.name ?? ""}@${offset}:${text}`;
  let e = known.get(key);
  if (!e) known.set(key, (e = program.expression(fn, offset, text)));
  return e;
}

/**
 * Evaluates C text as CPU `cpu` would, in a frame of its stack if one is given. Errors say what is wrong with the
 * text.
 */
export function evaluate(
  machine: Machine,
  s: State,
  cpu: number,
  frame: FrameRef | undefined,
  text: string,
): Evaluated {
  const e = lowered(
    machine.program,
    frame?.fn,
    frame ? machine.program.places[machine.code.instrs[frame.pc].src].start : 0,
    text,
  );
  return "error" in e ? e : evaluateLowered(machine, e, s, cpu, frame);
}

/** The same for an expression that was lowered before; `read` is called with each cell of memory that it reads. */
export function evaluateLowered(
  machine: Machine,
  e: LoweredExpression,
  s: State,
  cpu: number,
  frame: FrameRef | undefined,
  read?: (cell: number) => void,
): Evaluated {
  const { layout: l } = machine;
  const temps = new Int32Array(e.temps + 1);
  const at = l.cpu[cpu];
  const entry = (name: string) => machine.code.fns.get(name)?.entry ?? 0;
  const value = (v: Value): number => {
    switch (v.k) {
      case "const":
        return l.resolve(v.c, entry);
      case "slot":
        return s[frame!.fp + FRAME.size + v.slot];
      case "temp":
        return temps[v.temp];
      case "cpu":
        return cpu;
      case "current":
        return s[at + W.current];
      case "percpu":
        return l.percpu[cpu] + l.percpuOffset.get(v.name)!;
      case "local":
        return frame!.fp + frame!.fn.aggregateAt[v.local];
    }
  };
  const cellAt = (base: number, off: number): number | { error: string } => {
    const a = base + off;
    if (base === 0) return { error: "a null pointer is followed" };
    return base < 0 || a <= 0 || a >= l.size ? { error: "a wild pointer is followed" } : a;
  };
  for (let pc = 0, n = 0; pc < e.code.length; n++) {
    const i = e.code[pc];
    if (n > EXPRESSION_LIMIT) return { error: "the expression never ends" };
    switch (i.op) {
      case "nop":
        pc++;
        break;
      case "move":
        if (i.dst.k !== "temp") return sideEffect;
        temps[i.dst.temp] = value(i.a);
        pc++;
        break;
      case "bin":
        if (i.dst.k !== "temp") return sideEffect;
        if (i.wide !== undefined && !fitsCell(foldLong(i.f, value(i.a), value(i.b))))
          return { error: "a number comes out that is wider than 32 bits" };
        temps[i.dst.temp] = (i.wide === undefined ? fold : foldLong)(i.f, value(i.a), value(i.b));
        pc++;
        break;
      case "load": {
        const a = cellAt(value(i.base), l.resolve(i.off, entry));
        if (typeof a !== "number") return a;
        read?.(a);
        if (i.dst.k === "temp") temps[i.dst.temp] = s[a];
        pc++;
        break;
      }
      case "percpu": {
        const of = value(i.cpu);
        if (of < 0 || of >= l.cpuCount) return { error: `there is no CPU${of}` };
        if (i.dst.k === "temp") temps[i.dst.temp] = l.percpu[of] + l.percpuOffset.get(i.name)!;
        pc++;
        break;
      }
      case "bound": {
        const index = value(i.a);
        if (index < 0 || index >= i.n) return { error: `there is no element ${index}: the array has ${i.n}` };
        pc++;
        break;
      }
      case "jump":
        pc = i.to.at;
        break;
      case "branch":
        pc = value(i.a) !== 0 ? i.then.at : i.else.at;
        break;
      default:
        return sideEffect;
    }
  }
  const show = (v: number, cell?: number): string =>
    cell !== undefined && l.cells[cell] ? l.format(cell, v) : formatValue(e.type, e.key, v, l);
  if (e.place) {
    const cell = cellAt(value(e.result), l.resolve(e.place, entry));
    if (typeof cell !== "number") return cell;
    read?.(cell);
    return { value: s[cell], type: e.type, shown: show(s[cell], cell), cell };
  }
  const v = value(e.result);
  // A slot of the frame is a cell too: a local variable can be watched and set.
  const cell = e.result.k === "slot" ? frame!.fp + FRAME.size + e.result.slot : undefined;
  const masked = e.type.k === "ptr" && e.type.to.k === "int" && e.type.to.role === "mask" && v > 0 && v < l.size;
  return {
    value: v,
    type: e.type,
    shown: masked ? l.format(v, s[v]) : formatValue(e.type, e.key, v, l),
    cell: masked ? v : cell,
  };
}

const sideEffect: Evaluated = { error: "the expression would change the machine: assign with Set Value instead" };
