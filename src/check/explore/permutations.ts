/**
 * Which CPUs of a scenario may be interchangeable: the permutations of CPUs, with their tasks, mms and pages, that map
 * the scenario to itself. Whether the code treats these CPUs alike is another question, which symmetry.ts answers.
 */
import {
  broadcastOf,
  callerOf,
  carryOut,
  choiceOf,
  chooseAction,
  drainOf,
  fillMove,
  fillOf,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  takeCall,
  takeVector,
  timePasses,
  vectorOf,
  type Move,
} from "../../machine/move";
import type { Action, Scenario } from "../../scenario/scenario";

/** A permutation of CPUs: CPU `cpu[c]` takes the place of CPU `c`. Likewise for mms and pages, by number. */
export interface Permutation {
  cpu: readonly number[];
  mm: readonly number[];
  /** `page[m][p]`: the page of mm `mm[m]` that takes the place of page `p` of mm `m`. */
  page: readonly (readonly number[])[];
}

/** Scenarios with more CPUs are searched without symmetry: the permutations would be too many. */
const MOST_CPUS = 5;

/** The automorphisms of a scenario; the first one is the identity. */
export function permutationsOf(scenario: Scenario): Permutation[] {
  const { cpus } = scenario;
  if (cpus.length > MOST_CPUS) return [identity(scenario)];
  const found = permutations(cpus.length).flatMap((cpu) => permutationFor(scenario, cpu) ?? []);
  return [identity(scenario), ...found.filter((e) => e.cpu.some((c, i) => c !== i))];
}

const identity = ({ cpus, mms }: Scenario): Permutation => ({
  cpu: cpus.map((_, c) => c),
  mm: mms.map((_, m) => m),
  page: mms.map((m) => m.pages.map((_, p) => p)),
});

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

/** A bijection of names, built pair by pair. */
class Bijection {
  private readonly to = new Map<string, string>();
  private readonly from = new Map<string, string>();

  /** Maps `a` to `b`. False when either is paired with another name already. */
  pair(a: string, b: string): boolean {
    if ((this.to.get(a) ?? b) !== b || (this.from.get(b) ?? a) !== a) return false;
    this.to.set(a, b);
    this.from.set(b, a);
    return true;
  }

  of(a: string): string {
    return this.to.get(a) ?? a;
  }

  /** Maps every name that has no image yet to itself. False when that is not a bijection. */
  complete(all: readonly string[]): boolean {
    return all.every((a) => this.to.has(a) || this.pair(a, a));
  }
}

/** The permutation of tasks, mms and pages that goes with one of CPUs, if there is one. */
function permutationFor(scenario: Scenario, cpu: readonly number[]): Permutation | undefined {
  const tasks = new Bijection(),
    mms = new Bijection(),
    pages = new Map(scenario.mms.map((m) => [m.name, new Bijection()]));
  const mmOf = (task: string) => scenario.tasks.find((t) => t.name === task)?.mm;
  const pairTasks = (a: string, b: string): boolean => {
    const [x, y] = [mmOf(a), mmOf(b)];
    return tasks.pair(a, b) && (x === undefined ? y === undefined : y !== undefined && mms.pair(x, y));
  };
  const pairActions = (a: Action, b: Action, mmA: string | undefined, mmB: string | undefined): boolean => {
    if (a.do !== b.do) return false;
    const pagesAlike = (m: string | undefined, n: string | undefined, p: string, q: string) =>
      m === undefined || n === undefined || (mms.pair(m, n) && (pages.get(m)?.pair(p, q) ?? true));
    if (a.do === "schedule" && b.do === "schedule") return pairTasks(a.task, b.task);
    if ((a.do === "exec" || a.do === "global_asid") && a.do === b.do) return mms.pair(a.mm, b.mm);
    if (a.do === "reclaim" && b.do === "reclaim") return a.pte === b.pte && pagesAlike(a.mm, b.mm, a.page, b.page);
    return !("page" in a) || !("page" in b) || pagesAlike(mmA, mmB, a.page, b.page);
  };
  for (const [c, to] of cpu.entries()) {
    const a = scenario.cpus[c],
      b = scenario.cpus[to];
    if (
      a.does.length !== b.does.length ||
      a.actions !== b.actions ||
      !tasks.pair(`swapper/${c}`, `swapper/${to}`) ||
      !pairTasks(a.starts, b.starts)
    )
      return undefined;
    let runsA = a.starts,
      runsB = b.starts;
    for (const [i, { action }] of a.does.entries()) {
      const other = b.does[i].action;
      if (!pairActions(action, other, mmOf(runsA), mmOf(runsB))) return undefined;
      if (a.actions === undefined && action.do === "schedule" && other.do === "schedule")
        [runsA, runsB] = [action.task, other.task];
    }
  }
  if (!mms.complete(scenario.mms.map((m) => m.name)) || !tasks.complete(scenario.tasks.map((t) => t.name)))
    return undefined;
  const index = (name: string) => scenario.mms.findIndex((m) => m.name === name);
  for (const m of scenario.mms)
    if (
      m.ldt !== scenario.mms[index(mms.of(m.name))].ldt ||
      m.pages.length !== scenario.mms[index(mms.of(m.name))].pages.length
    )
      return undefined;
  const page = scenario.mms.map((m) => {
    const names = pages.get(m.name)!,
      other = scenario.mms[index(mms.of(m.name))].pages;
    return m.pages.map((p) => other.indexOf(names.of(p)));
  });
  if (page.some((list) => list.includes(-1) || new Set(list).size !== list.length)) return undefined;
  return { cpu, mm: scenario.mms.map((m) => index(mms.of(m.name))), page };
}

/** The image of a move. A flush vector goes with the CPU that sends by it. */
export function permuted(m: Move, e: Permutation): Move {
  const c = e.cpu[moveCpu(m)];
  switch (moveKind(m)) {
    case MoveKind.step:
      return stepOf(c);
    case MoveKind.choose:
      return chooseAction(c, choiceOf(m));
    case MoveKind.vector:
      return takeVector(c, e.cpu[vectorOf(m)] ?? vectorOf(m));
    case MoveKind.call:
      return takeCall(c, e.cpu[callerOf(m)]);
    case MoveKind.fill: {
      const { mm, page } = fillOf(m);
      return fillMove(c, e.mm[mm], e.page[mm][page] ?? page); // a page table stays in its slot
    }
    case MoveKind.drain:
      return drainOf(c);
    case MoveKind.broadcast: {
      const { from, slot } = broadcastOf(m);
      return carryOut(c, e.cpu[from], slot);
    }
    default:
      return timePasses(c);
  }
}
