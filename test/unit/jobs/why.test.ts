/** *Why is this line here?* by one worker, and divided between two. */
import assert from "node:assert/strict";
import type { JobProgress, StatementAnswer, WhyJob } from "../../../src/jobs/protocol";
import { runWhy } from "../../../src/jobs/shared-why";
import { Workers } from "../../../src/jobs/workers";
import { offsetOfLine } from "../../../src/kernel/syntax/source";
import { edition } from "../../support/kernel";
import { files, scenario } from "../../support/machine";
import { failed, mmuContext } from "./asking";
import { Here } from "./support";

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
