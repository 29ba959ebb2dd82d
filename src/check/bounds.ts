/** Within which bounds a verdict stands, and what of it is exact: in a sentence or two. */
import type { Machine } from "../machine/machine";
import type { SearchEnd, SearchOptions } from "./search";

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;

/** The bounds of a search of this machine that ended in this way. */
export function describeBounds({ scenario, layout, program }: Machine, end: SearchEnd, reductions: Reductions, { maxStates, maxDepth, walks = 0, shortest = true }: SearchOptions & { walks?: number; shortest?: boolean }): string {
  const size = `${count(layout.cpuCount, "CPU")}, ${count(scenario.mms.length, "mm")}, ${count(scenario.mms.reduce((n, m) => n + m.pages.length, 0), "page")}, ${scenario.platform === "xen" ? "under Xen" : "native"}, memory order ${scenario.order.toUpperCase()}`;
  const fills = scenario.speculation ? "speculative TLB fills at any moment" : "no speculative TLB fills";
  const reason = end === "too many states" && maxStates !== undefined ? `${end}, the bound is ${maxStates}` : end === "too deep" && maxDepth !== undefined ? `${end}, the bound is ${count(maxDepth, "step")}` : end;
  const whole = end === "complete" ? "Every interleaving of the scenario's actions was looked at" : `The search ended early (${reason}): what it found is certain, what it didn't find is not${walks > 0 ? `, though ${count(walks, "random walk")} went on beyond it` : ""}`;
  const promise = program.promise.why && `A flush is held to what it promises ${program.promise.kind === "at once" ? "when it has returned" : "before a CPU uses the mm"}, ${program.promise.why}.`;
  return `${whole}: ${size}, ${fills}. States are stored whole and compared exactly${describeReductions(reductions)}.${promise ? ` ${promise}` : ""}${shortest ? "" : " The executions shown may not be the shortest: the bounds were met before these were found."}`;
}

/** What a search counted as one. */
export interface Reductions {
  reduce: boolean;
  alike: number[][];
  /** Why CPUs that the scenario could exchange are not alike. */
  unlike: string | undefined;
}

function describeReductions({ reduce, alike, unlike }: Reductions): string {
  const and = (list: readonly string[]) => (list.length < 2 ? list.join("") : `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`);
  const parts = [
    ...(reduce ? ["a CPU's steps that no other could tell apart from none are taken together"] : []),
    ...alike.map((set) => `${and(set.map((c) => `CPU${c}`))} count as interchangeable, which was checked on the way`),
    ...(unlike === undefined ? [] : [`no CPUs count as interchangeable, for ${unlike}`]),
  ];
  return parts.length ? `; ${and(parts)}` : "";
}
