/** How deep a CPU's stack can get. */
import { wrappers, type Const, type Instr, type Program, type Value } from "../kernel/ir";
import { LayoutError } from "./structs";

/** Calls within each other. */
const DEPTH_LIMIT = 200;

/**
 * Words of stack for the deepest chain of calls, with an interrupt's deepest chain on top of it. `frames`: words of
 * each function's frame. Throws a LayoutError when a function calls itself, however indirectly, or may do so by a call
 * through a pointer; and when calls are nested too deeply.
 */
export function stackNeed(program: Program, frames: ReadonlyMap<string, { frame: number }>): number {
  const depth = new Map<string, number>();
  /** How many calls within each other a function leads to. */
  const calls = new Map<string, number>();
  const open: string[] = [];
  const held = [...program.globals.values(), ...program.percpu.values()]
    .flatMap((v) => v.init)
    .flatMap((i) => functionsIn(i.value));
  const taken = new Set([...held, ...[...program.fns.values()].flatMap((f) => f.code).flatMap((i) => addressesIn(i))]);
  const need = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    const fn = program.fns.get(name);
    if (!fn) return 0;
    const { frame } = frames.get(name)!;
    if (open.includes(name))
      throw new LayoutError(
        `${[...open.slice(open.indexOf(name)), name].join("() calls ")}(): TLBscope can't run functions that ` +
          "call themselves. Write the recursion as a loop, or take the call out.",
      );
    if (open.length > DEPTH_LIMIT) throw tooDeep(open[0]);
    open.push(name);
    let deepest = 0,
      nested = 0;
    for (const i of fn.code) {
      for (const callee of i.op === "call" ? [i.fn] : i.op === "icall" ? targets(i, taken, program) : []) {
        deepest = Math.max(deepest, need(callee));
        nested = Math.max(nested, 1 + (calls.get(callee) ?? 0));
      }
    }
    open.pop();
    if (nested > DEPTH_LIMIT) throw tooDeep(name);
    calls.set(name, nested);
    depth.set(name, frame + deepest);
    return frame + deepest;
  };
  const all = [...program.fns.keys()].map(need);
  // Actions and handlers may run on top of what changes CR3 for them.
  const wrapped = Math.max(0, ...Object.values(wrappers).map((w) => frames.get(w)?.frame ?? 0));
  return 2 * (wrapped + Math.max(0, ...all));
}

const tooDeep = (name: string): LayoutError =>
  new LayoutError(
    `${name}() leads to more than ${DEPTH_LIMIT} calls within each other: TLBscope has no room for so many.`,
  );

/** Functions that a call through a pointer may reach: the one that it names, or all that take as many arguments. */
function targets(i: Instr & { op: "icall" }, taken: ReadonlySet<string>, program: Program): string[] {
  const named = i.fn.k === "const" ? functionsIn(i.fn.c) : [];
  if (named.length) return named;
  return [...taken].filter((t) => program.fns.get(t)?.params.length === i.args.length);
}

/** Functions whose addresses an instruction takes, and may pass on to whoever calls through pointers. */
function addressesIn(i: Instr): string[] {
  const values: Value[] =
    i.op === "call"
      ? i.args
      : i.op === "icall"
        ? [i.fn, ...i.args]
        : i.op === "hw"
          ? i.args
          : i.op === "rmw"
            ? [i.a, ...(i.expected ? [i.expected] : [])]
            : i.op === "move" || i.op === "store"
              ? [i.a]
              : [];
  return values.flatMap((v) => (v.k === "const" ? functionsIn(v.c) : []));
}

const functionsIn = (c: Const): string[] => c.syms.flatMap((s) => (s.k === "fn" ? [s.name] : []));
