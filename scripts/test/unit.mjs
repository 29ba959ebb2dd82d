// @ts-check
import { mocha } from "./part.mjs";

/**
 * The unit tests of each layer, in plain Node.
 * @param {import("./part.mjs").Run} run
 */
export async function unit(run) {
  await mocha(run, undefined, { timeout: 20_000 });
}

/**
 * The tests that run on the kernel trees which TLBSCOPE_TREES names.
 * @param {import("./part.mjs").Run} run
 */
export async function trees(run) {
  await mocha(run, "out/test/trees/**/*.test.js", { timeout: 120_000 });
}
