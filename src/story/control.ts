/**
 * Which branches of a function decide whether an instruction is reached: its control dependences (Ferrante, Ottenstein
 * and Warren 1987). An instruction depends on a branch when one of its ways always leads to it, and the other needn't.
 */
import type { Code, LinkedFn } from "../machine/link";

/** Of one function: instructions are counted from its entry. */
interface Ways {
  /** For each instruction: the branches that decide whether it is reached. */
  deciders: ReadonlyMap<number, readonly number[]>;
  /** For each instruction: the nearest through which every way to the end goes; -1 where none ends. */
  next: readonly number[];
}

export class Control {
  private readonly known = new Map<LinkedFn, Ways>();

  constructor(private readonly code: Code) {}

  /** The branches that decide whether the instruction at `pc` is reached, by their program counters. */
  decidersOf(pc: number): number[] {
    const fn = this.code.fnOf[pc];
    return (this.waysOf(fn).deciders.get(pc - fn.entry) ?? []).map((at) => at + fn.entry);
  }

  /** What can be reached from a branch by its way `to`, before its ways come together again: program counters. */
  between(branch: number, to: number): ReadonlySet<number> {
    const fn = this.code.fnOf[branch];
    const end = this.waysOf(fn).next[branch - fn.entry];
    const found = new Set<number>();
    const open = [to - fn.entry];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === end || at === fn.code.length || found.has(at + fn.entry)) continue;
      found.add(at + fn.entry);
      open.push(...successors(this.code, fn, at));
    }
    return found;
  }

  private waysOf(fn: LinkedFn): Ways {
    let ways = this.known.get(fn);
    if (!ways) {
      const next = postDominators(fn.code.length, (at) => successors(this.code, fn, at));
      this.known.set(fn, (ways = { next, deciders: deciders(this.code, fn, next) }));
    }
    return ways;
  }
}

/** Where a function can go on after an instruction; its end is after its last one. */
function successors(code: Code, fn: LinkedFn, at: number): number[] {
  const i = code.instrs[fn.entry + at];
  switch (i.op) {
    case "jump":
    case "wait":
      return [i.to - fn.entry];
    case "branch":
      return [i.to - fn.entry, i.else - fn.entry];
    case "ret":
      return [fn.code.length];
    default:
      return [at + 1];
  }
}

function deciders(code: Code, fn: LinkedFn, next: readonly number[]): Map<number, number[]> {
  const exit = fn.code.length;
  const out = new Map<number, number[]>();
  for (let at = 0; at < exit; at++) {
    if (code.instrs[fn.entry + at].op !== "branch") continue;
    for (const way of new Set(successors(code, fn, at)))
      for (let n = way; n !== next[at] && n !== exit && n >= 0; n = next[n]) {
        const of = out.get(n);
        if (!of) out.set(n, [at]);
        else if (!of.includes(at)) of.push(at);
      }
  }
  return out;
}

/**
 * The nearest instruction through which every way to the exit goes, for each; -1 where none leads there. The exit is
 * `count`. By the algorithm of Cooper, Harvey and Kennedy (2001), on the reversed graph.
 */
function postDominators(count: number, successors: (at: number) => number[]): number[] {
  const exit = count;
  const before: number[][] = Array.from({ length: count + 1 }, () => []);
  for (let at = 0; at < count; at++) for (const to of successors(at)) before[to].push(at);
  const order: number[] = [],
    number = new Array<number>(count + 1).fill(-1);
  const stack: [at: number, next: number][] = [[exit, 0]];
  const seen = new Set([exit]);
  while (stack.length) {
    const top = stack.at(-1)!;
    const to = before[top[0]][top[1]++];
    if (to === undefined) {
      number[top[0]] = order.length;
      order.push(top[0]);
      stack.pop();
    } else if (!seen.has(to)) {
      seen.add(to);
      stack.push([to, 0]);
    }
  }
  const next = new Array<number>(count + 1).fill(-1);
  next[exit] = exit;
  const meet = (a: number, b: number): number => {
    while (a !== b) {
      while (number[a] < number[b]) a = next[a];
      while (number[b] < number[a]) b = next[b];
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let i = order.length - 1; i >= 0; i--) {
      const at = order[i];
      if (at === exit) continue;
      const known = successors(at).filter((to) => next[to] >= 0);
      const nearest = known.reduce((a, b) => meet(a, b));
      if (next[at] !== nearest) {
        next[at] = nearest;
        changed = true;
      }
    }
  }
  return next;
}
