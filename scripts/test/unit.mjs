// @ts-check
import { mocha, runPart } from "./part.mjs";

/** Tests that mostly wait: for the command line, the debug adapter, git and worker threads. */
const waiting = "out/test/unit/{cli,debug,extension,jobs,scripts}/**/*.test.js";

/**
 * The unit tests, in plain Node: those that work and those that wait, side by side. Neither needs more than a core.
 * @param {string | undefined} grep
 */
export function unit(grep) {
  const first = runPart("unit tests", grep, (run) => mocha(run, undefined, { timeout: 40_000, ignore: waiting }));
  const second = runPart(
    "unit tests of what runs in other processes",
    grep,
    (run) => mocha(run, waiting, { timeout: 60_000 }),
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
