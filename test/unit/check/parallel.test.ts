/** The search by several threads: what one finds, they find, and by ways as short. */
import assert from "node:assert/strict";
import fc from "fast-check";
import path from "node:path";
import { Successors } from "../../../src/check/store/system";
import { ThreadPool } from "../../../src/check/parallel/thread-pool";
import { ParallelSearch, type ParallelOptions, type ParallelResult } from "../../../src/check/parallel/parallel-search";
import type { Team } from "../../../src/check/parallel/team";
import { nodeTeam } from "../../../src/cli/node-team";
import { packageRoot } from "../../../src/cli/node-host";
import { LazyTlb } from "../../support/lazy-tlb";
import type { SearchedSystem } from "../../support/search-worker";
import { spreads, ToySystem } from "../../support/toy-system";

const team = (size: number): Team => nodeTeam(path.join(packageRoot(), "out/test/support/search-worker.js"), size);

async function searched<T>(
  size: number,
  bits: readonly number[],
  description: SearchedSystem,
  use: (r: ParallelResult, search: ParallelSearch) => T | Promise<T>,
  options: Partial<ParallelOptions> = {},
): Promise<T> {
  const search = new ParallelSearch(team(size), { bits, description, ...options });
  try {
    return await use(await search.finished, search);
  } finally {
    search.end();
  }
}

const larger = new LazyTlb({ cpus: 3, mms: 2 }).bits;

describe("a search by several threads", () => {
  // As for one: 0 ─▶ 1 ─▶ 3 ─▶ 4 ─▶ 0, with 0 ─▶ 2 ─▶ 3 beside it, 2 ─▶ 2, and 5, which nothing leads to.
  const next = [[1, 2], [3], [2, 3], [4], [0], [0]];
  for (const size of [1, 2, 3])
    it(`finds five states, seven steps and a depth of three: ${size} thread${size > 1 ? "s" : ""}`, async () => {
      await searched(size, spreads[2].bits!, { toy: next, spread: 2 }, (r) => {
        assert.deepEqual([r.end, r.states, r.edges, r.depth], ["complete", 5, 7, 3]);
      });
    });

  it("agrees with the plainest search on any system", async () => {
    const graph = fc
      .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 300 })
      .map((g) => g.map((to) => to.map((t) => t % g.length)));
    await fc.assert(
      fc.asyncProperty(
        graph,
        fc.constantFrom(...spreads.keys()).filter((s) => spreads[s].bits !== undefined),
        fc.integer({ min: 1, max: 3 }),
        async (g, spread, size) => {
          const system = new ToySystem(g, spreads[spread].key);
          const distances = system.distances();
          await searched(size, spreads[spread].bits!, { toy: g, spread }, (r) => {
            assert.deepEqual(
              [r.end, r.states, r.edges, r.depth],
              ["complete", distances.size, system.edges, Math.max(...distances.values())],
            );
          });
        },
      ),
      { numRuns: 10 },
    );
  });

  it("gives ways that are steps of the system and as short as any", async () => {
    // A ladder whose rungs can be climbed in one step or two.
    const ladder = Array.from({ length: 200 }, (_, s) => [s + 1, s + 2].map((t) => t % 200));
    const system = new ToySystem(ladder, spreads[2].key);
    const distances = system.distances();
    await searched(2, spreads[2].bits!, { toy: ladder, spread: 2 }, (r, search) => {
      assert.equal(r.states, 200);
      const last = new Set<number>();
      for (const number of search.numbers()) {
        const states = search.path(number).map((k) => system.stateOf(k));
        last.add(states.at(-1)!);
        assert.equal(states[0], 0);
        assert.equal(states.length - 1, distances.get(states.at(-1)!));
        for (let i = 1; i < states.length; i++) assert.ok(ladder[states[i - 1]].includes(states[i]));
      }
      assert.equal(last.size, 200);
    });
  });

  for (const [o, states, edges, depth] of [
    [{ cpus: 2, mms: 2 }, 48_551, 135_640, 54],
    [{ cpus: 3, mms: 2, symmetry: true }, 556_679, 2_290_714, 76],
  ] as const) {
    for (const size of [2, 3])
      it(`finds the ${states} states of the lazy-TLB protocol, with traces and without: ${size} threads`, async () => {
        for (const keepParents of [true, false])
          await searched(
            size,
            new LazyTlb(o).bits,
            { lazyTlb: o },
            (r) => {
              assert.deepEqual(
                [r.why, r.end, r.states, r.edges, r.depth, r.results],
                [undefined, "complete", states, edges, depth, Array.from({ length: size }, () => -1)],
              );
              if (states > 500_000) assert.ok(r.bytes / r.states <= (keepParents ? 30 : 18), `${r.bytes / r.states}`);
            },
            { keepParents },
          );
      });
  }

  for (const bits of [
    [14, 7],
    [30, 14],
    [32, 20],
    [32, 28],
  ] as const)
    it(`loses and confuses nothing while the set of states grows: keys of ${bits.join(" + ")} bits`, async () => {
      await searched(3, bits, { torus: 50, bits }, (r) => {
        assert.deepEqual([r.end, r.states, r.edges, r.depth], ["complete", 125_000, 375_000, 147]);
      });
    });

  it("loses and confuses nothing where what lay apart at first finds room beside the rest", async () => {
    await searched(2, [28, 15], { torus: 140, bits: [28, 15] }, (r) => {
      assert.deepEqual([r.end, r.states, r.edges, r.depth], ["complete", 2_744_000, 8_232_000, 417]);
    });
  });

  it("finds the race of the old order in 22 steps", async () => {
    const old = { cpus: 3, mms: 2, clearFirst: true };
    for (let i = 0; i < 2; i++)
      await searched(2, new LazyTlb(old).bits, { lazyTlb: old }, (r, search) => {
        assert.equal(r.end, "stopped");
        const violation = (r.results as number[]).find((v) => v >= 0)!;
        const way = search.path(violation),
          system = new LazyTlb(old);
        assert.equal(way.length, 22); // the last step, which breaks the promise, starts from the last of these
        assert.deepEqual(way[0], system.start);
        for (let k = 1; k < way.length; k++) {
          const out = new Successors(system.words);
          system.expand(way[k - 1], 0, 1, out);
          const next = Array.from({ length: out.count }, (_, n) => out.keys.slice(2 * n, 2 * n + 2).join());
          assert.ok(next.includes(way[k].join()));
        }
      });
  });

  it("ends at a bound, and says how far it came", async () => {
    await searched(
      2,
      larger,
      { lazyTlb: { cpus: 3, mms: 2 } },
      (r) => {
        assert.equal(r.end, "too many states");
        assert.ok(r.states >= 20_000 && r.states < 200_000, `${r.states}`);
      },
      { maxStates: 20_000 },
    );
    await searched(
      2,
      larger,
      { lazyTlb: { cpus: 3, mms: 2 } },
      (r) => {
        assert.equal(r.end, "too much memory");
        assert.ok(r.bytes >= 8e6 && r.bytes < 16e6, `${r.bytes}`);
      },
      { maxBytes: 8e6 },
    );
  });

  it("can be paused and stopped", async () => {
    const search = new ParallelSearch(team(2), { bits: larger, description: { lazyTlb: { cpus: 3, mms: 2 } } });
    const until = async (ready: () => boolean) => {
      while (!ready()) await new Promise((r) => setTimeout(r, 1));
    };
    await until(() => search.progress.states > 1_000);
    search.pause();
    for (let before = -1; search.progress.states !== before; await new Promise((r) => setTimeout(r, 50)))
      before = search.progress.states;
    const { states } = search.progress;
    assert.ok(states < 6_541_529);
    search.resume();
    await until(() => search.progress.states > states);
    search.stop();
    const r = await search.finished;
    assert.equal(r.end, "stopped");
    assert.ok(r.states > states && r.states < 6_541_529);
    search.end();
  });

  it("keeps its threads for the next search, but for those that died or were ended on the way", async () => {
    let started = 0;
    const threads = team(2),
      kept = new ThreadPool({ size: 2, start: () => (started++, threads.start()) });
    const search = (description: SearchedSystem, bits: readonly number[]) =>
      new ParallelSearch(kept, { bits, description });
    const states = async (description: SearchedSystem, bits: readonly number[]) => {
      const s = search(description, bits),
        r = await s.finished;
      s.end();
      return r.end === "complete" ? r.states : r.end;
    };
    kept.prepare();
    for (let i = 0; i < 3; i++)
      assert.equal(await states({ lazyTlb: { cpus: 2, mms: 1 } }, new LazyTlb({ cpus: 2, mms: 1 }).bits), 2_161);
    assert.equal(await states({ toy: next, spread: 2 }, spreads[2].bits!), 5);
    assert.equal(started, 2);
    search({ lazyTlb: { cpus: 3, mms: 2 } }, larger).end();
    assert.equal(await states({ toy: next, spread: 2 }, spreads[2].bits!), 5);
    assert.equal(started, 4);
    assert.equal(await states({ toy: next, spread: 2, dies: 3 }, spreads[2].bits!), "failed");
    assert.equal(await states({ toy: next, spread: 2 }, spreads[2].bits!), 5);
    kept.end();
  });

  it("keeps its memory for the next search, whatever that one looks for, and then gives no traces", async () => {
    const kept = new ThreadPool(team(2));
    const searches: [SearchedSystem, readonly number[], number][] = [
      [{ lazyTlb: { cpus: 2, mms: 2 } }, new LazyTlb({ cpus: 2, mms: 2 }).bits, 48_551],
      [{ torus: 30, bits: [32, 28] }, [32, 28], 27_000],
      [{ toy: next, spread: 2 }, spreads[2].bits!, 5],
      [{ torus: 50, bits: [30, 14] }, [30, 14], 125_000],
    ];
    const taken = new Map<SearchedSystem, number>();
    for (const [description, bits, states] of [...searches, ...searches.slice().reverse()]) {
      const search = new ParallelSearch(kept, { bits, description }),
        r = await search.finished;
      assert.deepEqual([r.end, r.states], ["complete", states]);
      const before = taken.get(description) ?? r.bytes;
      assert.ok(Math.abs(r.bytes - before) < 0.1 * before + 1e6, `${before} bytes, then ${r.bytes}`);
      taken.set(description, r.bytes);
      assert.equal(search.path(0).length, 1);
      search.end();
      assert.throws(() => search.path(0), /has been ended/);
    }
    kept.end();
  });

  it("says what happened when a thread dies, and how far it was", async () => {
    const chain = Array.from({ length: 500 }, (_, s) => [s + 1, s].filter((t) => t < 500));
    await searched(2, spreads[2].bits!, { toy: chain, spread: 2, dies: 300 }, (r, search) => {
      assert.equal(r.end, "failed");
      assert.match(r.why!, /^One of the search's 2 threads ended: the toy breaks here$/);
      assert.ok(r.states > 250 && r.states <= 301, `${r.states}`);
      assert.equal(search.path(Math.min(...search.numbers())).length, 1);
    });
  });
});
