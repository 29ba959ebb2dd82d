/**
 * Every workload of at most N actions a CPU, for N = 1, 2, … in each of several worlds: iterative deepening, so that
 * there is an answer at any moment, and the first failure is that of a shortest workload.
 */
import type { Verdict } from "../check/verdict/verdict";
import type { Scenario } from "../scenario/scenario";

/** How far it goes where nobody says: so many actions a CPU, for so many seconds. package.json says the same. */
export const USUAL_WORKLOADS = { actions: 4, seconds: 20 };

/** A scenario whose CPUs choose what they do, with another number of actions for each of them. */
export const withActions = (world: Scenario, actions: number): Scenario => ({
  ...world,
  cpus: world.cpus.map((cpu) => (cpu.actions === undefined ? cpu : { ...cpu, actions })),
});

/** Is there something to learn from one action a CPU more? What fails already would fail again. */
export const goesDeeper = (verdict: Verdict, actions: number, most: number): boolean =>
  verdict.outcome === "holds" && actions < most;

/** Of those that wait, the one to look at next: that with the fewest actions; of equal ones the first. */
export const shallowest = <T extends { actions: number }>(waiting: readonly T[]): T | undefined =>
  waiting.reduce<T | undefined>((best, one) => (best && best.actions <= one.actions ? best : one), undefined);

/** One search: a world in the memory order that it names, with so many actions a CPU. */
export interface Depth {
  world: Scenario;
  actions: number;
}

/** How one search ended. `undefined`: the time was up before it had begun, or before it came to its end. */
export type DepthEnd = Verdict | undefined;

/**
 * Looks at all worlds with one action a CPU, then at those that hold with two, and on to `most`; `atOnce` searches run
 * at a time. `look` does a search; `undefined` from it says that there is no time for more. Resolves when nothing is
 * left to look at, rejects when `look` does.
 */
export async function deepen(
  worlds: readonly Scenario[],
  { most, atOnce }: { most: number; atOnce: number },
  look: (depth: Depth) => Promise<DepthEnd>,
): Promise<void> {
  const waiting = worlds.map((world): Depth => ({ world, actions: 1 }));
  const running = new Set<Promise<void>>();
  const begin = (depth: Depth): void => {
    waiting.splice(waiting.indexOf(depth), 1);
    const search = look(depth).then((verdict) => {
      running.delete(search);
      if (verdict && goesDeeper(verdict, depth.actions, most)) waiting.push({ ...depth, actions: depth.actions + 1 });
    });
    running.add(search);
  };
  for (;;) {
    for (let next = shallowest(waiting); next && running.size < atOnce; next = shallowest(waiting)) begin(next);
    if (running.size === 0) return;
    await Promise.race(running);
  }
}
