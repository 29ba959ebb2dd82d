/** The worker that ships, as a thread of Node's. */
import assert from "node:assert/strict";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";
import { startThread } from "../../../src/cli/search-thread";
import type { StatementAnswer } from "../../../src/jobs/protocol";
import { runWhy } from "../../../src/jobs/shared-why";
import { Workers, type Starter } from "../../../src/jobs/workers";
import { edition } from "../../support/kernel";
import { scenario } from "../../support/machine";
import { checkOf, failed } from "./asking";
import { bytes } from "./support";

const script = path.join(packageRoot(), "dist/worker.js");

describe("a worker thread", () => {
  let workers: Workers | undefined;
  const use = (starter: Partial<Starter> = {}): Workers =>
    (workers = new Workers({
      most: 1,
      load: bytes,
      start: async (listener) => startThread(script, listener, 512),
      ...starter,
    }));
  afterEach(() => workers?.dispose());

  it("gives a verdict", async () => {
    assert.equal((await use().run(checkOf("switch-in")).answer).outcome, "holds");
  });

  it("leaves this thread free while it searches", async () => {
    const job = use().run(checkOf("two-lazy-cpus"));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { progress } = await job.answer;
    clearInterval(timer);
    assert.ok(progress.states > 1000);
    assert.ok(turns > 0, "this thread had no turn");
  });

  it("is there before it is asked, when it was told to make ready; once", async () => {
    let started = 0;
    use({
      most: 2,
      start: async (listener) => {
        started++;
        return startThread(script, listener, 512);
      },
    });
    const job = { kind: "diagnose" as const, files: edition() };
    await workers!.run(job).answer;
    assert.equal(started, 1);
    for (let i = 0; i < 2; i++) workers!.prepare(job);
    assert.equal(started, 2);
    const both = await Promise.all(["switch-in", "lazy-return"].map((id) => workers!.run(checkOf(id)).answer));
    assert.deepEqual([started, ...both.map((v) => v.outcome)], [2, "holds", "holds"]);
  });

  it("that dies is told", async () => {
    const job = use({
      start: async (listener) => startThread(path.join(packageRoot(), "dist/no-such-worker.js"), listener, 64),
    }).run(checkOf("switch-in"));
    const error = await failed(job.answer);
    assert.equal(error.kind, "died");
    assert.match(error.message, /no-such-worker/);
  });

  it("that runs out of memory is told apart", async () => {
    const error = await failed(
      use({ start: async (listener) => startThread(script, listener, 6) }).run(checkOf("two-lazy-cpus")).answer,
    );
    assert.equal(error.kind, "memory");
  });

  it("that dies among several leaves the rest of a function to the others, and their answers stay", async () => {
    const deaths: (() => void)[] = [];
    use({
      most: 2,
      start: async (listener) => {
        const thread = startThread(script, listener, 512);
        deaths.push(() => {
          thread.end();
          listener.died("it was killed", false);
        });
        return thread;
      },
    });
    const files = edition(),
      { uri } = files.find((f) => f.path === "arch/x86/mm/tlb.c")!;
    const parts: StatementAnswer[] = [];
    const asked = {
      kind: "why" as const,
      files,
      scenarios: [scenario("lazy-return")],
      uri,
      fn: "leave_mm",
      maxStates: 1_000_000,
    };
    const error = await failed(
      runWhy(workers!, asked, {
        part: (p) => {
          if (parts.push(p) === 1) deaths[0]();
        },
      }).answer,
    );
    assert.equal(error.kind, "died");
    assert.deepEqual(new Set(parts.map((p) => p.line)).size, parts.length);
    assert.ok(parts.length >= 3, "of four statements, only that is missing which the dead one had begun");
  });
});
