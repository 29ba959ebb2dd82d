import assert from "node:assert/strict";
import type { CheckJob, JobProgress, StatementAnswer, WhyJob } from "../../../src/jobs/protocol";
import { runWhy } from "../../../src/jobs/shared-why";
import { JobError, Workers } from "../../../src/jobs/workers";
import { checkNow } from "../../../src/check/verdict/verdict";
import { MoveKind, moveKind } from "../../../src/machine/machine";
import { offsetOfLine } from "../../../src/kernel/syntax/source";
import { edition, insertAt } from "../../support/kernel";
import { editionMachine, files, scenario } from "../../support/machine";
import { Here } from "./support";

const limits = { states: 5_000_000, bytes: 1e9 };
const checkOf = (id: string, edits: Parameters<typeof edition>[0] = {}): CheckJob => ({
  kind: "check",
  files: edition(edits),
  scenario: scenario(id),
  asked: [],
  limits,
});
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
const mmuContext = () => edition().find((f) => f.path === files.mmuContext)!;

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

const failed = async (answer: Promise<unknown>): Promise<JobError> =>
  answer.then(
    () => assert.fail("there was an answer"),
    (e: unknown) => e as JobError,
  );

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

describe("why a statement is there, asked of a worker", () => {
  const job = (line?: number): WhyJob => ({
    kind: "why",
    files: edition(),
    scenarios: [scenario("lazy-return"), scenario("switch-in")],
    uri: mmuContext().uri,
    fn: "switch_mm",
    at: line === undefined ? undefined : offsetOfLine(mmuContext(), line),
    maxStates: 1_000_000,
  });

  it("without the reload of line 63, the task runs on the wrong page tables", async () => {
    const [answer, ...rest] = await new Workers(new Here()).run(job(63)).answer;
    assert.deepEqual([answer.line, rest.length], [63, 0]);
    assert.deepEqual([answer.removed?.scenario, answer.removed?.property], ["lazy-return", "own-page-tables"]);
  });

  it("for a whole function, each answer is told as soon as it is known", async () => {
    const parts: StatementAnswer[] = [],
      progress: JobProgress[] = [];
    const answers = await new Workers(new Here()).run(job(), {
      part: (p) => parts.push(p),
      progress: (p) => progress.push(p),
    }).answer;
    assert.deepEqual(parts, answers);
    assert.ok(answers.length > 10);
    assert.deepEqual(
      answers.map((a) => a.line),
      [...answers.map((a) => a.line)].sort((a, b) => a - b),
    );
    assert.ok(
      progress.every((p) => p.of === undefined || (p.of === answers.length && p.done! <= p.of)),
      "nothing is said of how many before what the source does as it stands is known",
    );
  });

  describe("with two workers", () => {
    const tlb = () => edition().find((f) => f.path === files.tlb)!;
    const leaveMm = (line?: number): WhyJob => ({
      ...job(),
      uri: tlb().uri,
      fn: "leave_mm",
      at: line === undefined ? undefined : offsetOfLine(tlb(), line),
    });

    it("who divide a function's statements, comes to the same answers in the order of the text", async () => {
      const here = new Here(2),
        parts: StatementAnswer[] = [],
        progress: JobProgress[] = [];
      const answers = await runWhy(new Workers(here), leaveMm(), {
        part: (p) => parts.push(p),
        progress: (p) => progress.push(p),
      }).answer;
      assert.deepEqual(answers, await new Workers(new Here()).run(leaveMm()).answer);
      assert.equal(parts.length, answers.length, "each is told once");
      const [one, two] = here.heard.flatMap((m) =>
        m.type === "answer" ? [(m.answer as StatementAnswer[]).length] : [],
      );
      assert.ok(one > 0 && two > 0 && one + two === answers.length);
      assert.ok(progress.every((p) => p.done! <= p.of!));
    });

    it("who divide the scenarios of one statement, comes to the same answer", async () => {
      for (const line of [38, 41]) {
        const here = new Here(2);
        assert.deepEqual(
          await runWhy(new Workers(here), leaveMm(line)).answer,
          await new Workers(new Here()).run(leaveMm(line)).answer,
        );
        assert.deepEqual(
          here.said.flatMap((m) =>
            m.type === "run" && m.job.kind === "why" ? [m.job.scenarios.map((s) => s.id)] : [],
          ),
          [["lazy-return"], ["switch-in"]],
        );
      }
    });

    it(
      "who try first what takes few states, and the larger scenario where nothing was found, comes to the same " +
        "answers",
      async () => {
        const whole = await new Workers(new Here()).run(leaveMm()).answer;
        const parts: StatementAnswer[] = [],
          progress: JobProgress[] = [];
        const between = 600; // of the states that the two scenarios have
        const answers = await runWhy(
          new Workers(new Here(2)),
          leaveMm(),
          { part: (p) => parts.push(p), progress: (p) => progress.push(p) },
          between,
        ).answer;
        assert.ok(
          parts.some((p) => p.untried.length > 0) && progress.some((p) => p.larger),
          "one of the two is larger",
        );
        const found = answers.filter((a) => !a.removed);
        assert.deepEqual(
          found,
          whole.filter((a) => found.some((f) => f.line === a.line)),
        );
        for (const a of answers)
          assert.equal(a.removed !== undefined, whole.find((w) => w.line === a.line)!.removed !== undefined);
        assert.equal(new Set(answers.map((a) => a.line)).size, whole.length);
      },
    );

    it("and cancelled, gives the answers so far and none that is half worked out", async () => {
      const parts: StatementAnswer[] = [];
      const running = runWhy(new Workers(new Here(2)), job(), {
        part: (p) => {
          parts.push(p);
          running.cancel();
        },
      });
      const answers = await running.answer;
      assert.ok(answers.length >= 1 && answers.length < 10);
      assert.deepEqual(
        answers,
        [...parts].sort((a, b) => a.line - b.line),
      );
    });
  });

  it("on a line without a statement, says so", async () => {
    assert.match(
      (await failed(new Workers(new Here()).run(job(34)).answer)).message,
      /No statement of switch_mm\(\) stands on line 34/,
    );
  });
});

describe("a question of the reader's own, looked at by a worker", () => {
  const scenarios = [scenario("lazy-return"), scenario("helper-exec-xen")];
  const look = (text: string, fn?: string) =>
    new Workers(new Here()).run({ kind: "question", files: edition(), scenarios, asked: { kind: "can", text, in: fn } })
      .answer;
  const mistake = async (text: string, fn?: string) => {
    const { refused } = await look(text, fn);
    assert.ok(refused, "it was taken");
    return [refused.at && text.slice(refused.at.start, refused.at.end), refused.why];
  };

  it("is one when some scenario's program can be asked it", async () => {
    for (const [text, fn] of [
      ["cpu_tlbstate.state == TLBSTATE_OK"],
      ["prev == next", "switch_mm"],
      ["mm != 0", "xen_drop_mm_ref"],
    ])
      assert.equal((await look(text, fn)).refused, undefined, text);
  });

  it("with a mistake, is told at the word that is wrong", async () => {
    const [word, why] = await mistake("cpu_tlbstate.stat == TLBSTATE_OK");
    assert.deepEqual([word, /isn't used/.test(why!)], ["stat", true]);
    assert.equal((await mistake("next == pref", "switch_mm"))[0], "pref");
    assert.deepEqual((await mistake("cpu_tlbstate.state =="))[0], "");
    assert.match((await mistake("cpu_tlbstate.state = TLBSTATE_OK"))[1]!, /To compare, write ==/);
  });

  it("about a function's variable, says in which function to ask", async () => {
    assert.deepEqual(await mistake("active_mm != old_mm"), [
      "active_mm",
      "active_mm is a variable of exec_mmap(): ask while that function runs.",
    ]);
  });

  it("that one scenario can't be asked doesn't keep it from its verdict", async () => {
    const asked = [
      { kind: "can" as const, text: "mm != 0", in: "xen_drop_mm_ref" },
      { kind: "can" as const, text: "cpu_tlbstate.state == TLBSTATE_LAZY" },
    ];
    const verdict = await new Workers(new Here()).run({ ...checkOf("switch-in"), asked }).answer;
    assert.deepEqual([verdict.outcome, verdict.asked.map((a) => a.standing)], ["holds", ["unknown", "never happens"]]);
    assert.match(verdict.asked[0].refused!, /no function xen_drop_mm_ref\(\)/);
  });
});

describe("what the source's own words amount to, looked at by a worker", () => {
  it("is told as the program says it, at its place", async () => {
    const files = edition({
      [mmuContext().path]: (text: string) =>
        text.replace("percpu_write(cpu_tlbstate.active_mm, next);", "percpu_wrte(cpu_tlbstate.active_mm, next);"),
    });
    const found = await new Workers(new Here()).run({ kind: "diagnose", files }).answer;
    const { text } = files.find((f) => f.path === mmuContext().path)!;
    assert.ok(
      found.some((d) => d.code === "not-modelled" && text.slice(d.start, d.end).startsWith("percpu_wrte")),
      JSON.stringify(found),
    );
    assert.ok(
      !(await new Workers(new Here()).run({ kind: "diagnose", files: edition() }).answer).some(
        (d) => d.uri === mmuContext().uri,
      ),
    );
  });
});

describe("the way to a line, asked of a worker", () => {
  const way = (line: number, condition?: string) =>
    new Workers(new Here()).run({
      kind: "reach",
      files: edition(),
      scenario: scenario("lazy-return"),
      uri: mmuContext().uri,
      line,
      condition,
      maxStates: 500_000,
    }).answer;

  it("is the shortest one; with a condition, the shortest on which it holds there", async () => {
    const plain = await way(60),
      asked = await way(60, "!cpumask_test_cpu(cpu, mm_cpumask(next))");
    assert.ok("moves" in plain && plain.moves && "moves" in asked && asked.moves);
    // Only a flush that found it lazy takes the bit away.
    assert.ok(asked.moves.length > plain.moves.length);
    assert.ok(asked.moves.some((m) => moveKind(m) === MoveKind.vector));
  });

  it("is none when the condition never holds there", async () => {
    assert.deepEqual(await way(60, "prev != next"), { line: 60, complete: true });
  });

  it("an expression with a mistake is told, not taken for one that never holds", async () => {
    assert.match(
      (await failed(way(60, "pref == next"))).message,
      /The condition pref == next can't be worked out on line 60: .*pref/,
    );
  });
});
