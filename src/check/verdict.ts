/** What a search has to say about a scenario: each property's standing, the bounds, and the shortest execution of each failure. */
import { properties, propertyIds, type PropertyId } from "../machine/effects";
import type { Machine, Move } from "../machine/machine";
import { Search, type Progress, type SearchEnd, type SearchOptions } from "./search";

export interface PropertyVerdict {
  id: PropertyId;
  label: string;
  sentence: string;
  holds: boolean;
  /** For a failure: why, and the execution that shows it. */
  why?: string;
  moves?: Move[];
}

export interface Verdict {
  scenario: string;
  order: "sc" | "tso";
  /** "fails" as soon as one property is broken; "holds" only when every interleaving was looked at. */
  outcome: "holds" | "fails" | "unknown";
  properties: PropertyVerdict[];
  /** Within which bounds, and what is exact: one sentence or two. */
  bounds: string;
  progress: Progress;
  end: SearchEnd;
}

export interface VerdictOptions extends SearchOptions {
  /** Called now and then; true ends the search with what is known so far. */
  cancelled?: (progress: Progress) => boolean;
}

/** States between two questions whether to go on. */
const SLICE = 20_000;

/**
 * Looks at every interleaving of the machine's scenario. A reduced search decides; when it finds a failure, a plain one
 * follows for the shortest execution of it. Gives control back between slices.
 */
export function* check(machine: Machine, options: VerdictOptions = {}): Generator<Progress, Verdict> {
  const reduced = new Search(machine, { ...options, reduce: options.reduce ?? true });
  let last = yield* through(reduced, options);
  if (reduced.findings.size > 0 && (options.reduce ?? true) && last.end === "complete") {
    const plain = new Search(machine, { ...options, reduce: false });
    const second = yield* through(plain, options);
    if (second.end === "complete") last = second;
  }
  const { search, end } = last;
  const { scenario } = machine;
  return {
    scenario: scenario.id, order: scenario.order,
    outcome: search.findings.size > 0 ? "fails" : end === "complete" ? "holds" : "unknown",
    properties: propertyIds.map((id): PropertyVerdict => {
      const f = search.findings.get(id);
      return { id, ...properties[id], holds: f === undefined, why: f?.why, moves: f?.moves };
    }),
    bounds: describeBounds(machine, end), progress: search.progress, end,
  };
}

function* through(search: Search, options: VerdictOptions): Generator<Progress, { search: Search; end: SearchEnd }> {
  while (search.run(SLICE)) {
    yield search.progress;
    if (options.cancelled?.(search.progress)) return { search, end: "stopped" };
  }
  return { search, end: search.end! };
}

/** The same, in one go. */
export function checkNow(machine: Machine, options: VerdictOptions = {}): Verdict {
  const run = check(machine, options);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;

function describeBounds({ scenario, layout }: Machine, end: SearchEnd): string {
  const size = `${count(layout.cpuCount, "CPU")}, ${count(scenario.mms.length, "mm")}, ${count(scenario.mms.reduce((n, m) => n + m.pages.length, 0), "page")}, ${scenario.platform === "xen" ? "under Xen" : "native"}, memory order ${scenario.order.toUpperCase()}`;
  const fills = scenario.speculation ? "speculative TLB fills at any moment" : "no speculative TLB fills";
  const whole = end === "complete" ? "Every interleaving of the scenario's actions was looked at" : `The search ended early (${end}): what it found is certain, what it didn't find is not`;
  return `${whole}: ${size}, ${fills}. States are stored whole and compared exactly.`;
}
