/**
 * Shortest executions of what a reduced search has found to fail, by a search without partial-order reduction. Where
 * CPUs choose what they do and the space is large, one of each workload that has failed: all of them would be too many.
 */
import type { Machine } from "../../machine/machine";
import { hasChoices, workloadChosen } from "../../machine/view/workload";
import type { Finding } from "../explore/finding";
import { Search, type Progress, type SearchOptions } from "../search/search";

export interface Shortest {
  has(property: string): boolean;
  /** Distinct executions that violate a property, the shortest first. */
  failuresOf(property: string): Finding[];
}

export interface ShortestOptions extends SearchOptions {
  /** Called now and then; true ends the search with what is known so far. */
  cancelled?: (progress: Progress) => boolean;
}

/** States between two checks whether to go on. */
const SLICE = 500;
/** With more states in the reduced search, workloads are searched one by one. */
const MOST = 5_000;

/** Looks for those of the properties that `found` has found violated. */
export function shortestOf(machine: Machine, found: Search, options: ShortestOptions): Generator<Progress, Shortest> {
  const plain = { ...options, reduce: false, broken: undefined, stopAt: undefined, assumptions: found.assumptions };
  return hasChoices(machine.scenario) && found.progress.states > MOST
    ? ofWorkloads(machine, found, plain)
    : search(machine, found.properties, plain);
}

/** Searches until all that is wanted was found. */
function* search(machine: Machine, wanted: readonly string[], options: ShortestOptions): Generator<Progress, Search> {
  const plain = new Search(machine, options);
  while (!wanted.every((p) => plain.has(p)) && plain.run(SLICE)) {
    yield plain.progress;
    if (options.cancelled?.(plain.progress)) break;
  }
  return plain;
}

function* ofWorkloads(machine: Machine, found: Search, options: ShortestOptions): Generator<Progress, Shortest> {
  const findings = new Map<string, Finding[]>();
  for (const property of found.properties) {
    const choices = workloadChosen(machine.scenario, found.failuresOf(property)[0].moves);
    // What some CPUs choose needn't be what others would, in their place.
    const plain = yield* search(machine, [property], { ...options, symmetry: false, choices });
    if (plain.has(property)) findings.set(property, plain.failuresOf(property));
  }
  return { has: (p) => findings.has(p), failuresOf: (p) => findings.get(p) ?? [] };
}
