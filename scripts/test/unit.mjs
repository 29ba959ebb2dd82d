// @ts-check
import { mocha, runPart } from "./part.mjs";

/** One half of the tests: those of the checker, of the workers and of the command line. */
const half = "out/test/unit/{check,cli,jobs}/**/*.test.js";

/**
 * The unit tests, in plain Node: two halves that take about the same time, side by side.
 * @param {string | undefined} grep
 */
export function unit(grep) {
  const first = runPart("unit tests", grep, (run) => mocha(run, undefined, { timeout: 40_000, ignore: half }));
  const second = runPart(
    "unit tests of the checker, the workers and the command line",
    grep,
    (run) => mocha(run, half, { timeout: 60_000 }),
    first,
  );
  return Promise.all([first, second]);
}

/**
 * The tests that run on the kernel trees which TLBSCOPE_TREES names.
 * @param {import("./part.mjs").Run} run
 */
export async function trees(run) {
  await mocha(run, "out/test/trees/**/*.test.js", { timeout: 120_000 });
}
