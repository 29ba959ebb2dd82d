/** How deep a CPU's stack can get. */
import { wrappers, type Const, type Instr, type Program, type Value } from "../kernel/ir";
import { LayoutError } from "./structs";

/**
 * Words of stack for the deepest chain of calls, with an interrupt's deepest chain on top of it. `frames`: words of
 * each function's frame. Throws a LayoutError when a function calls itself, however indirectly.
 */
export function stackNeed(program: Program, frames: ReadonlyMap<string, { frame: number }>): number {
  const depth = new Map<string, number>();
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
    open.push(name);
    let deepest = 0;
    for (const i of fn.code) {
      if (i.op === "call") deepest = Math.max(deepest, need(i.fn));
      if (i.op === "icall")
        for (const t of taken)
          if (program.fns.get(t)?.params.length === i.args.length) deepest = Math.max(deepest, need(t));
    }
    open.pop();
    depth.set(name, frame + deepest);
    return frame + deepest;
  };
  const all = [...program.fns.keys()].map(need);
  // Actions and handlers may run on top of what changes CR3 for them.
  const wrapped = Math.max(0, ...Object.values(wrappers).map((w) => frames.get(w)?.frame ?? 0));
  return 2 * (wrapped + Math.max(0, ...all));
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
          : i.op === "move" || i.op === "store" || i.op === "rmw"
            ? [i.a]
            : [];
  return values.flatMap((v) => (v.k === "const" ? functionsIn(v.c) : []));
}

const functionsIn = (c: Const): string[] => c.syms.flatMap((s) => (s.k === "fn" ? [s.name] : []));
