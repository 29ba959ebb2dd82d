// Mocha's spec output, and the counts written to the file that TLBSCOPE_RESULTS names, so that a part that dies
// half-way
// still says how far it came.
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

const { EVENT_RUN_BEGIN, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Mocha.Runner.constants;

module.exports = class Counting extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0, ended: false };
    const count = (event, change) =>
      runner.on(event, () => {
        change();
        if (process.env.TLBSCOPE_RESULTS) writeFileSync(process.env.TLBSCOPE_RESULTS, JSON.stringify(counts));
      });
    count(EVENT_RUN_BEGIN, () => {});
    count(EVENT_TEST_PASS, () => counts.passed++);
    count(EVENT_TEST_FAIL, () => counts.failed++);
    count(EVENT_TEST_PENDING, () => counts.skipped++);
    count(EVENT_RUN_END, () => (counts.ended = true));
  }
};
