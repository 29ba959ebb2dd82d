/**
 * What statements of switch_mm() are for, as the checker tells it: what breaks without them, what is mended, what no
 * scenario comes to.
 */
import assert from "node:assert/strict";
import { baselineOf } from "../../../src/check/why/baseline";
import { answerText, why, type WhyAnswer } from "../../../src/check/why/why";
import { functionWithStatements, statementAt } from "../../../src/kernel/statements";
import { offsetOfLine } from "../../../src/kernel/syntax/source";
import { edition, parser } from "../../support/kernel";
import { files, scenario } from "../../support/machine";

function finish<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe("why is this line here?", () => {
  let ask: (line: number, fn?: string, path?: string) => WhyAnswer;
  before(() => {
    const input = { parser: parser(), files: edition({}), scenarios: ["lazy-return", "switch-away"].map(scenario) };
    const baseline = finish(baselineOf(input));
    ask = (line, fn = "switch_mm", path = files.mmuContext) => {
      const { item, list } = functionWithStatements(
        input.parser,
        input.files.find((f) => f.path === path)!,
        fn,
      )!;
      return finish(why(input, item, statementAt(list, item.file, offsetOfLine(item.file, line))!, list, baseline));
    };
  });

  it("line 60: without it a task runs on other page tables", () => {
    const { removed, removedMends } = ask(60);
    assert.deepEqual([removed?.property, removedMends], ["own-page-tables", []]);
  });

  it("line 40, where the bit's race begins: nothing needs it; without it switch-away keeps what it breaks", () => {
    const answer = ask(40);
    assert.equal(answer.removed, undefined);
    assert.deepEqual(
      answer.removedMends.map((m) => [m.scenario.id, m.property]),
      [["switch-away", "stale-translation"]],
    );
    assert.equal(
      answerText(answer),
      "Nothing in these scenarios needs it. Without it, switch-away (SC) keeps stale-translation, which it " +
        "breaks as the source stands.",
    );
  });

  it("line 3007 of context_switch(): without it no CPU comes to its first task, which is told as that", () => {
    assert.match(
      answerText(ask(3007, "context_switch", files.sched)),
      /^Without it, lazy-return \(SC\) fails before its first step, oops: CPU0 follows a null pointer/,
    );
  });

  it("line 56, a new LDT: no scenario has one, and the answer says so", () => {
    assert.equal(answerText(ask(56)), "No scenario comes here, so that none can tell.");
  });
});
