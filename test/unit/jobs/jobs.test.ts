/** Jobs of any kind: given, paused, cancelled and lost. */
import assert from "node:assert/strict";
import type { CheckJob, JobProgress } from "../../../src/jobs/protocol";
import { Workers } from "../../../src/jobs/workers";
import { checkNow } from "../../../src/check/verdict/verdict";
import { edition, insertAt } from "../../support/kernel";
import { editionMachine, files, scenario } from "../../support/machine";
import { checkOf, failed, limits, mmuContext } from "./asking";
import { Here } from "./support";

/** Four CPUs that go lazy and unmap, under TSO: a search that nobody waits for. */
function largeCheck(): CheckJob {
  const { mms, tasks, cpus, ...rest } = scenario("two-lazy-cpus");
  const does = [...cpus[0].does, ...cpus[2].does];
  const all = [0, 1, 2, 3].map((c) => ({
    starts: `A/${c + 1}`,
    does:
      c < 3
        ? [
            { ...does[0], action: { do: "schedule" as const, task: `swapper/${c}` } },
            { ...does[0], action: { do: "schedule" as const, task: `A/${c + 1}` } },
            does[1],
          ]
        : [does[1]],
  }));
  return {
    ...checkOf("two-lazy-cpus"),
    scenario: { ...rest, mms, tasks: [...tasks, { name: "A/4", mm: "A" }], cpus: all, order: "tso" },
  };
}

/** Resolves with the first report that tells of some states. */
function firstStates(): { watch: { progress(p: JobProgress): void }; seen: Promise<JobProgress> } {
  let tell: (p: JobProgress) => void = () => undefined;
  const seen = new Promise<JobProgress>((resolve) => (tell = resolve));
  return {
    watch: {
      progress: (p) => {
        if (p.states > 0) tell(p);
      },
    },
    seen,
  };
}

async function eventually(what: string, look: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !look(); await new Promise((resolve) => setTimeout(resolve, 10)))
    assert.ok(Date.now() < end, `waited for ${what}`);
}

describe("a job given to a worker", () => {
  it("comes to the verdict that the same search has here", async () => {
    for (const id of ["switch-away", "switch-in"]) {
      const verdict = await new Workers(new Here()).run(checkOf(id)).answer;
      const here = checkNow(editionMachine(id), { maxStates: limits.states, maxBytes: limits.bytes });
      assert.deepEqual({ ...verdict, progress: verdict.progress.states }, { ...here, progress: here.progress.states });
    }
  });

  it("runs the text that it was sent: with the bit cleared in the else branch, lazy-return fails", async () => {
    const workers = new Workers(new Here());
    assert.equal((await workers.run(checkOf("lazy-return")).answer).outcome, "holds");
    const edited = await workers.run(
      checkOf("lazy-return", { [files.mmuContext]: insertAt(60, "cpumask_clear_cpu(cpu, mm_cpumask(prev));") }),
    ).answer;
    assert.deepEqual(
      [edited.outcome, edited.properties.filter((p) => p.standing === "fails").map((p) => p.id)],
      ["fails", ["stale-translation"]],
    );
    assert.equal((await workers.run(checkOf("lazy-return")).answer).outcome, "holds", "the text of before again");
  });

  it("tells of a broken promise before the search is over", async () => {
    const here = new Here(),
      parts: string[] = [];
    await new Workers(here).run(checkOf("switch-away"), { part: (p) => parts.push(p) }).answer;
    assert.deepEqual(parts, ["stale-translation"]);
    assert.ok(here.heard.findIndex((m) => m.type === "part") < here.heard.findIndex((m) => m.type === "answer"));
  });

  it("stands still while it is paused, says how far it is, and goes on", async () => {
    const here = new Here();
    const { watch, seen } = firstStates();
    const job = new Workers(here).run(largeCheck(), watch);
    await seen;
    job.pause();
    const quiet = async () => {
      const before = here.heard.length;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return here.heard.length - before;
    };
    await quiet(); // it is told what it had to tell
    assert.equal(await quiet(), 0);
    const last = here.heard.at(-1)!;
    assert.ok(last.type === "progress" && last.progress.states > 0 && last.progress.queue > 0);
    job.resume();
    await eventually("a report of more states", () =>
      here.heard.some((m) => m.type === "progress" && m.progress.states > last.progress.states),
    );
    job.cancel();
    assert.equal((await job.answer).end, "stopped");
  });

  it("that is cancelled says what is known so far", async () => {
    const { watch, seen } = firstStates();
    const job = new Workers(new Here()).run(largeCheck(), watch);
    await seen;
    job.cancel();
    const { outcome, end, progress, properties } = await job.answer;
    assert.deepEqual([outcome, end], ["unknown", "stopped"]);
    assert.ok(progress.states > 0);
    assert.ok(properties.every((p) => p.standing === "unknown"));
  });

  it("can be cancelled while it is paused", async () => {
    const { watch, seen } = firstStates();
    const job = new Workers(new Here()).run(largeCheck(), watch);
    await seen;
    job.pause();
    job.cancel();
    assert.equal((await job.answer).end, "stopped");
  });

  it("doesn't keep another waiting: a short one ends while a long one is under way", async () => {
    const workers = new Workers(new Here(1));
    const long = workers.run(largeCheck());
    const short = await workers.run({
      kind: "reach",
      files: edition(),
      scenario: scenario("lazy-return"),
      uri: mmuContext().uri,
      line: 60,
      maxStates: 100_000,
    }).answer;
    assert.ok("line" in short && short.line === 60);
    long.cancel();
    assert.equal((await long.answer).end, "stopped");
  });

  it("goes to a second worker when the first has work, where there may be two", async () => {
    const here = new Here(2);
    const workers = new Workers(here);
    await Promise.all(["switch-in", "switch-away", "lazy-return"].map((id) => workers.run(checkOf(id)).answer));
    assert.equal(here.listeners.length, 2);
    await workers.run(checkOf("switch-in")).answer;
    assert.equal(here.listeners.length, 2, "workers are used again");
  });
});

describe("what a job can't do", () => {
  it("is refused in words that say what to do, when the source can't be run", async () => {
    const error = await failed(
      new Workers(new Here()).run({
        ...checkOf("switch-in"),
        files: edition().filter((f) => f.origin !== "environment"),
      }).answer,
    );
    assert.equal(error.kind, "refused");
    assert.match(error.message, /environment/);
  });

  it("is told as a mistake of ours when it is one", async () => {
    const error = await failed(
      new Workers(new Here()).run({ ...checkOf("switch-in"), files: undefined as never }).answer,
    );
    assert.equal(error.kind, "failed");
  });

  it("is told when its worker dies; the next job gets a new one", async () => {
    const here = new Here();
    const workers = new Workers(here);
    const { watch, seen } = firstStates();
    const job = workers.run(largeCheck(), watch);
    await seen;
    here.listeners[0].died("it was killed", false);
    assert.deepEqual([(await failed(job.answer)).kind, (await failed(job.answer)).message], ["died", "it was killed"]);
    assert.equal((await workers.run(checkOf("switch-in")).answer).outcome, "holds");
    assert.equal(here.listeners.length, 2);
  });

  it("is told when no worker can be started", async () => {
    const error = await failed(
      new Workers({
        most: 1,
        load: new Here().load,
        start: async () => {
          throw new Error("not here");
        },
      }).run(checkOf("switch-in")).answer,
    );
    assert.deepEqual([error.kind, error.message], ["died", "not here"]);
  });
});
