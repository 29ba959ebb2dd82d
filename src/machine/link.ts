/** Puts a program's functions one after the other and turns symbols into numbers: what the interpreter runs. */
import { wrappers, type Const, type Fn, type Instr, type Program, type Value } from "../kernel/ir";
import type { Scenario } from "../scenario/scenario";
import type { Operation } from "./hardware/operation";
import { operations } from "./hardware/operations";
import { Layout } from "./layout";
import { FRAME } from "./state";
import { LayoutError, pageTableSize, Structs } from "./structs";

/** How an operand is read: the kind that stands beside its number. */
export const OPERAND = { const: 0, slot: 1, cpu: 2, current: 3, percpu: 4, local: 5 } as const;

export interface Linked {
  op: Instr["op"];
  f: string;
  dst: number;
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
  /** Index 0 is unused: a program counter of 0 means that nothing runs. */
  instrs: Linked[];
  fns: Map<string, LinkedFn>;
  /** Function of each instruction. */
  fnOf: LinkedFn[];
  /** 1 where an atomic step begins. */
  boundary: Uint8Array;
  /** 1 where a statement begins. */
  begins: Uint8Array;
  /** 1 where the step that begins may find itself waiting. */
  mayWait: Uint8Array;
  layout: Layout;
}

const visibleOps = new Set<Instr["op"]>(["load", "store", "rmw", "hw"]);

/**
 * Links a program for a scenario. Throws a LayoutError when it can't be run, for instance because a function calls
 * itself.
 */
export function link(program: Program, scenario: Scenario): Code {
  const entries = new Map<string, number>();
  const fnNames = new Map<number, string>();
  let at = 1;
  for (const fn of program.fns.values()) {
    entries.set(fn.name, at);
    fnNames.set(at, fn.name);
    at += fn.code.length;
  }
  const total = at;
  const structs = new Structs(program, pageTableSize(scenario).slots);
  const fns = new Map<string, LinkedFn>();
  for (const fn of program.fns.values()) {
    const tempStart = FRAME.size + fn.slots;
    let end = tempStart + fn.temps;
    const aggregateAt = fn.aggregates.map((t) => {
      end += structs.sizeOf(t);
      return end - structs.sizeOf(t);
    });
    fns.set(fn.name, {
      ...fn,
      entry: entries.get(fn.name)!,
      frame: end,
      tempStart,
      tempEnd: tempStart + fn.temps,
      aggregateAt,
    });
  }
  const layout = new Layout(program, scenario, stackNeed(program, fns), fnNames);
  const fnAddress = (name: string) => entries.get(name) ?? 0;
  const instrs: Linked[] = [blank("nop", 0)];
  const fnOf: LinkedFn[] = [undefined as unknown as LinkedFn];
  const boundary = new Uint8Array(total),
    begins = new Uint8Array(total),
    mayWait = new Uint8Array(total);

  for (const fn of fns.values()) {
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
    const acts = (i: Instr) => visibleOps.has(i.op) || i.op === "call" || i.op === "icall";
    const loopHeads = new Set(
      fn.code.flatMap((i, index) =>
        i.op === "jump" && i.to.at <= index && fn.code.slice(i.to.at, index).some(acts) ? [i.to.at] : [],
      ),
    );
    let seen = false;
    let stepStart = fn.entry;
    fn.code.forEach((i, index) => {
      const pc = fn.entry + index;
      const visible = visibleOps.has(i.op);
      if (i.begins) begins[pc] = 1;
      // Where a loop comes back a step ends too: the first access of a round isn't part of the last one of the round
      // before.
      if (i.begins || (visible && seen) || loopHeads.has(index)) {
        boundary[pc] = 1;
        stepStart = pc;
        seen = false;
      }
      if (acts(i)) seen = true;
      if (i.op === "wait" || (i.op === "hw" && operations[i.f].waits)) mayWait[stepStart] = 1;
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
          break;
        case "percpu":
          set("a", i.cpu);
          l.to = layout.percpuOffset.get(i.name)!;
          break;
        case "jump":
          l.to = fn.entry + i.to.at;
          break;
        case "branch":
          set("a", i.a);
          l.to = fn.entry + i.then.at;
          l.else = fn.entry + i.else.at;
          break;
        case "call":
          l.to = entries.get(i.fn) ?? 0;
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
      instrs.push(l);
      fnOf.push(fn);
    });
  }
  return { instrs, fns, fnOf, boundary, begins, mayWait, layout };
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

/** Words of stack for the deepest chain of calls, with an interrupt's deepest chain on top of it. */
function stackNeed(program: Program, fns: Map<string, LinkedFn>): number {
  const depth = new Map<string, number>();
  const open: string[] = [];
  const held = [...program.globals.values(), ...program.percpu.values()]
    .flatMap((v) => v.init)
    .flatMap((i) => functionsIn(i.value));
  const taken = new Set([...held, ...[...program.fns.values()].flatMap((f) => f.code).flatMap((i) => addressesIn(i))]);
  const need = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    const fn = fns.get(name);
    if (!fn) return 0;
    if (open.includes(name))
      throw new LayoutError(
        `${[...open.slice(open.indexOf(name)), name].join("() calls ")}(): TLBscope can't run functions that ` +
          "call themselves. Write the recursion as a loop, or take the call out.",
      );
    open.push(name);
    let deepest = 0;
    for (const i of fn.code) {
      if (i.op === "call") deepest = Math.max(deepest, need(i.fn));
      if (i.op === "icall") for (const t of taken) if (!open.includes(t)) deepest = Math.max(deepest, need(t));
    }
    open.pop();
    depth.set(name, fn.frame + deepest);
    return fn.frame + deepest;
  };
  const all = [...fns.keys()].map(need);
  // Actions and handlers may run on top of what changes CR3 for them.
  const wrapped = Math.max(0, ...Object.values(wrappers).map((w) => fns.get(w)?.frame ?? 0));
  return 2 * (wrapped + Math.max(0, ...all));
}

function addressesIn(i: Instr): string[] {
  const values: Value[] =
    i.op === "call"
      ? i.args
      : i.op === "icall"
        ? [i.fn, ...i.args]
        : i.op === "hw"
          ? i.args
          : i.op === "move" || i.op === "store" || i.op === "rmw"
            ? [i.a]
            : [];
  return values.flatMap((v) => (v.k === "const" ? functionsIn(v.c) : []));
}

const functionsIn = (c: Const): string[] => c.syms.flatMap((s) => (s.k === "fn" ? [s.name] : []));
