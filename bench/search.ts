/** Figures of the search on the abstract lazy-TLB protocol, whose counts are known, beside other model checkers. */
import path from "node:path";
import { BreadthFirst } from "../src/check/search/breadth-first";
import { ThreadPool } from "../src/check/parallel/thread-pool";
import { ParallelSearch } from "../src/check/parallel/parallel-search";
import type { Team } from "../src/check/parallel/team";
import { statesOf } from "../src/check/store/states";
import { packageRoot } from "../src/cli/node-host";
import { nodeTeam } from "../src/cli/node-team";
import { LazyTlb, type LazyTlbOptions } from "../test/support/lazy-tlb";
import { fastest, spinBfs, type PeerRun } from "./peers";

interface Run {
  states: number;
  seconds: number;
  bytes: number;
}

function searchOnce(o: LazyTlbOptions, ways = true): Run {
  const begin = performance.now();
  const system = new LazyTlb(o);
  const search = new BreadthFirst(system, system.start, statesOf(system, ways));
  while (system.violation < 0 && search.step());
  return { states: search.states, seconds: (performance.now() - begin) / 1000, bytes: search.bytes };
}

async function searchTogether(o: LazyTlbOptions, team: Team): Promise<Run> {
  const { bits } = new LazyTlb(o);
  const begin = performance.now();
  const search = new ParallelSearch(team, { bits, description: { lazyTlb: o } });
  const r = await search.finished;
  const seconds = (performance.now() - begin) / 1000;
  search.end();
  if (r.end === "failed") throw new Error(r.why);
  return { states: r.states, seconds, bytes: r.bytes };
}

/** The fastest of `n` runs: other work on the machine only ever makes them slower. */
async function best(n: number, run: () => Run | Promise<Run>): Promise<Run> {
  let fastestRun: Run | undefined;
  for (let i = 0; i < n; i++) {
    const r = await run();
    if (!fastestRun || r.seconds < fastestRun.seconds) fastestRun = r;
  }
  return fastestRun!;
}

const line = (ratio: string, name: string, rest = ""): void =>
  console.log(`| ${ratio.padStart(8)} | ${name.padEnd(56)} | ${rest} |`);
const rate = (r: { states: number }, seconds: number): string => `${(r.states / seconds / 1e6).toFixed(2)} M states/s`;
const told = (r: Run): string =>
  `${r.states} states in ${r.seconds.toFixed(2)} s, ${rate(r, r.seconds)}, ${(r.bytes / r.states).toFixed(1)} ` +
  "bytes a state";

interface Gain {
  one: Run;
  two: Run;
  /** Times as fast as `one`. */
  ratio: number;
}

/**
 * How much faster `two` is than `one`, `n` times: against the mean of the runs of `one` before and after, for a
 * machine may be slow for a minute, and the next one not.
 */
async function inTurns(n: number, one: () => Run | Promise<Run>, two: () => Promise<Run>): Promise<Gain[]> {
  const gains: Gain[] = [];
  let before = await one();
  for (let i = 0; i < n; i++) {
    const middle = await two(),
      after = await one();
    const mean = { ...after, seconds: (before.seconds + after.seconds) / 2 };
    gains.push({ one: mean, two: middle, ratio: mean.seconds / middle.seconds });
    before = after;
  }
  return gains;
}

const median = <T>(of: readonly T[], by: (x: T) => number): T => [...of].sort((a, b) => by(a) - by(b))[of.length >> 1];

const range = (gains: readonly Gain[]): string => {
  const ratios = gains.map((g) => g.ratio);
  return `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
};

/** `large` adds the sizes that take half a minute or more; `times`: how often each search is run. */
export async function benchSearch({ large = false, times = 3 } = {}): Promise<void> {
  const cpus = 3,
    mms = 2;
  console.log(`\nThe search, on the abstract lazy-TLB protocol (best of ${times})\n`);
  line("ratio", "what", "figures");
  line("---", "---", "---");
  const plain = await best(times, () => searchOnce({ cpus, mms }));
  const compact = await best(times, () => searchOnce({ cpus, mms }, false));
  const reduced = await best(times, () => searchOnce({ cpus, mms, symmetry: true }));
  const bfs = spinBfs.run(cpus, mms);
  const versus =
    typeof bfs === "string" ? undefined : `${(plain.states / plain.seconds / (bfs.states / bfs.search)).toFixed(1)} ×`;
  line(
    versus ?? "",
    "states/s to Spin's, breadth first, 3 CPUs × 2 mms",
    versus
      ? `${told(plain)}; Spin: ${(bfs as PeerRun).states} states, ${rate(bfs as PeerRun, (bfs as PeerRun).search)}`
      : `${told(plain)}; ${spinBfs.name}: ${bfs as string}`,
  );
  line("", "without ways back, 3 CPUs × 2 mms", told(compact));
  for (const peer of [spinBfs, ...fastest]) {
    const r = peer === spinBfs ? bfs : peer.run(cpus, mms);
    if (typeof r === "string") line("", `to verdict, by symmetry, to ${peer.name}`, r);
    else
      line(
        `1/${(r.all / reduced.seconds).toFixed(0)}`,
        `to verdict, by symmetry, to ${r.name}`,
        `${reduced.seconds.toFixed(2)} s to ${r.all.toFixed(2)} s (${r.states} states)`,
      );
  }
  line(
    "",
    "the old order: its race, 3 CPUs × 2 mms",
    told(await best(times, () => searchOnce({ cpus, mms, clearFirst: true }))),
  );
  const sizes = [{ cpus: 3, mms: 3, symmetry: true }, ...(large ? [{ cpus: 4, mms: 2, symmetry: true }] : [])];
  // As the one thread, the others have compiled their code when they are timed: it is the same one thread that has
  // searched all along.
  const teams = [2, 1, 1].map(
    (size) => new ThreadPool(nodeTeam(path.join(packageRoot(), "out/bench/search-worker.js"), size)),
  );
  const [team, ...alone] = teams;
  for (const t of teams) for (const symmetry of [false, true]) await searchTogether({ cpus, mms, symmetry }, t);
  for (const o of [{ cpus, mms }, ...sizes]) {
    const isLong = o.cpus > cpus,
      title = `${o.cpus} CPUs × ${o.mms} mms${"symmetry" in o ? ", by symmetry" : ""}`;
    const one = () => searchOnce(o),
      two = () => searchTogether(o, team);
    const gains = await inTurns(isLong ? times : 5 * times, one, two);
    const middle = median(gains, (g) => g.ratio);
    if (gains.some((g) => g.two.states !== g.one.states))
      throw new Error(`Of ${title}, one thread and two found different states.`);
    line(
      `${middle.ratio.toFixed(2)} ×`,
      `two threads to one, ${title}`,
      `${told(middle.one)}; two, started before: ${middle.two.seconds.toFixed(2)} s (median of ${gains.length} ` +
        `turns, ${range(gains)})`,
    );
    if (isLong) continue;
    // The time of two at once, for each.
    const both = async (): Promise<Run> => {
      const begin = performance.now();
      const [run] = await Promise.all(alone.map((t) => searchTogether(o, t)));
      return { ...run, seconds: (performance.now() - begin) / 2000 };
    };
    const apart = await inTurns(2 * times, () => searchTogether(o, alone[0]), both);
    line(
      `${median(apart, (g) => g.ratio).ratio.toFixed(2)} ×`,
      "what these cores allow: two such searches, nothing shared",
      `median of ${apart.length} turns, ${range(apart)}`,
    );
  }
  for (const t of teams) t.end();
}
