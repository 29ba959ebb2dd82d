/** Puts a program's functions one after the other and turns symbols into numbers: what the interpreter runs. */
import type { Fn, Instr, Program, Value } from "../kernel/ir";
import type { Scenario } from "../scenario/scenario";
import type { Operation } from "./hardware/operation";
import { operations } from "./hardware/operations";
import { Layout } from "./layout";
import { withNeededLocks } from "./requirements/rmap";
import { stackNeed } from "./stack-need";
import { FRAME } from "./state";
import { pageTableSize, Structs } from "./structs";

/** How an operand is read: its kind, beside its number. */
export const OPERAND = { const: 0, slot: 1, cpu: 2, current: 3, percpu: 4, local: 5 } as const;

export interface Linked {
  /** "long" is arithmetic on 64-bit numbers, "compare" a comparison of such. */
  op: Instr["op"] | "long" | "compare";
  /** Which arithmetic (BinOp) or LOCKed operation (RmwOp) this is; "value" for a `ret` that has one. */
  f: string;
  /** Where in the frame the result goes; below zero nobody wants it. */
  dst: number;
  /** Two operands, each with its kind (OPERAND) in front: `b` is the base of a memory access. */
  aK: number;
  a: number;
  bK: number;
  b: number;
  /** Offset of a memory access, target of a jump, entry of a call. */
  to: number;
  else: number;
  args: { k: number; v: number }[];
  /** Of "hw". */
  operation: Operation | undefined;
  src: number;
}

export interface LinkedFn extends Fn {
  entry: number;
  /** Words of its frame, the frame head included. */
  frame: number;
  /** Offset of the first temporary from the frame's start, and one past the last. */
  tempStart: number;
  tempEnd: number;
  /** Offset of each aggregate from the frame's start. */
  aggregateAt: number[];
}

export interface Code {
  /** Instructions by their program counter. Index 0 is unused: a program counter of 0 means that nothing runs. */
  instrs: Linked[];
  fns: Map<string, LinkedFn>;
  /** Function of each instruction. */
  fnOf: LinkedFn[];
  /** 1 where an atomic step begins. */
  boundary: Uint8Array;
  /** 1 where a statement begins. */
  begins: Uint8Array;
  /** 1 where a step begins that may have to wait. */
  mayWait: Uint8Array;
  layout: Layout;
}

const visibleOps = new Set<Instr["op"]>(["load", "store", "rmw", "hw"]);

/**
 * Links a program for a scenario. Throws a LayoutError when it can't be run, for instance because a function calls
 * itself.
 */
export function link(program: Program, scenario: Scenario): Code {
  const fns = addresses(program, scenario, new Structs(program, pageTableSize(scenario).slots));
  const fnNames = new Map([...fns.values()].map((fn) => [fn.entry, fn.name]));
  const layout = new Layout(program, scenario, stackNeed(program, fns), fnNames);
  const total = [...fns.values()].reduce((n, fn) => n + fn.code.length, 1);
  const code: Code = {
    instrs: [blank("nop", 0)],
    fns,
    fnOf: [undefined as unknown as LinkedFn],
    boundary: new Uint8Array(total),
    begins: new Uint8Array(total),
    mayWait: new Uint8Array(total),
    layout,
  };
  for (const fn of fns.values()) {
    markSteps(code, fn);
    for (const i of fn.code) {
      code.instrs.push(linked(code, fn, i));
      code.fnOf.push(fn);
    }
  }
  return code;
}

/** Each function with its place in the code and the shape of its frame. */
function addresses(program: Program, scenario: Scenario, structs: Structs): Map<string, LinkedFn> {
  const fns = new Map<string, LinkedFn>();
  let entry = 1;
  for (const fn of program.fns.values()) {
    const tempStart = FRAME.size + fn.slots,
      tempEnd = tempStart + fn.temps;
    let frame = tempEnd;
    const aggregateAt = fn.aggregates.map((type) => {
      frame += structs.sizeOf(type);
      return frame - structs.sizeOf(type);
    });
    fns.set(fn.name, {
      ...fn,
      code: withNeededLocks(fn.code, scenario),
      entry,
      frame,
      tempStart,
      tempEnd,
      aggregateAt,
    });
    entry += fn.code.length;
  }
  return fns;
}

/**
 * Where statements and atomic steps begin. A step holds one visible operation at most. It ends where a loop comes back,
 * too: the first access of a round isn't part of the last step of the round before.
 */
function markSteps({ boundary, begins, mayWait }: Code, fn: LinkedFn): void {
  const acts = (i: Instr) => visibleOps.has(i.op) || i.op === "call" || i.op === "icall";
  const loopHeads = new Set(
    fn.code.flatMap((i, index) =>
      i.op === "jump" && i.to.at <= index && fn.code.slice(i.to.at, index).some(acts) ? [i.to.at] : [],
    ),
  );
  let acted = false;
  let stepStart = fn.entry;
  fn.code.forEach((i, index) => {
    const pc = fn.entry + index;
    if (i.begins) begins[pc] = 1;
    if (i.begins || (visibleOps.has(i.op) && acted) || loopHeads.has(index)) {
      boundary[pc] = 1;
      stepStart = pc;
      acted = false;
    }
    if (acts(i)) acted = true;
    if (i.op === "wait" || (i.op === "hw" && operations[i.f].waits)) mayWait[stepStart] = 1;
  });
}

/** One instruction of `fn`, with numbers in place of symbols. */
function linked({ fns, layout }: Code, fn: LinkedFn, i: Instr): Linked {
  const fnAddress = (name: string) => fns.get(name)?.entry ?? 0;
  const operand = (v: Value): { k: number; v: number } => {
    switch (v.k) {
      case "const":
        return { k: OPERAND.const, v: layout.resolve(v.c, fnAddress) };
      case "slot":
        return { k: OPERAND.slot, v: FRAME.size + v.slot };
      case "temp":
        return { k: OPERAND.slot, v: fn.tempStart + v.temp };
      case "cpu":
        return { k: OPERAND.cpu, v: 0 };
      case "current":
        return { k: OPERAND.current, v: 0 };
      case "percpu":
        return { k: OPERAND.percpu, v: layout.percpuOffset.get(v.name)! };
      case "local":
        return { k: OPERAND.local, v: fn.aggregateAt[v.local] };
    }
  };
  const l = blank(i.op, i.src);
  const set = (which: "a" | "b", v: Value) => {
    const o = operand(v);
    l[which] = o.v;
    l[which === "a" ? "aK" : "bK"] = o.k;
  };
  if ("dst" in i && i.dst) l.dst = operand(i.dst).v;
  if ("f" in i) l.f = i.f;
  switch (i.op) {
    case "move":
      set("a", i.a);
      break;
    case "bin":
      set("a", i.a);
      set("b", i.b);
      if (i.wide === undefined) break;
      l.op = i.beyond ? "compare" : "long";
      l.to = i.wide;
      l.else = i.saturates || i.beyond === "a" ? 1 : 0;
      break;
    case "bound":
      set("a", i.a);
      l.to = i.n;
      break;
    case "load":
      set("b", i.base);
      l.to = layout.resolve(i.off, fnAddress);
      break;
    case "store":
    case "rmw":
      set("a", i.a);
      set("b", i.base);
      l.to = layout.resolve(i.off, fnAddress);
      if (i.op === "rmw" && i.expected) l.args = [operand(i.expected)];
      break;
    case "percpu":
      set("a", i.cpu);
      l.to = layout.percpuOffset.get(i.name)!;
      break;
    case "unknown":
      l.to = i.n;
      break;
    case "jump":
      l.to = fn.entry + i.to.at;
      break;
    case "wait":
      l.to = fn.entry + i.again.at;
      break;
    case "branch":
      set("a", i.a);
      l.to = fn.entry + i.then.at;
      l.else = fn.entry + i.else.at;
      break;
    case "call":
      l.to = fnAddress(i.fn);
      l.args = i.args.map(operand);
      break;
    case "icall":
      set("a", i.fn);
      l.args = i.args.map(operand);
      break;
    case "ret":
      if (i.a) {
        set("a", i.a);
        l.f = "value";
      }
      break;
    case "hw":
      l.args = i.args.map(operand);
      l.operation = operations[i.f];
      break;
  }
  return l;
}

const blank = (op: Instr["op"], src: number): Linked => ({
  op,
  f: "",
  dst: -1,
  aK: 0,
  a: 0,
  bK: 0,
  b: 0,
  to: 0,
  else: 0,
  args: [],
  operation: undefined,
  src,
});
