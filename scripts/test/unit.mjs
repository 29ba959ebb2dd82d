// @ts-check
import { mocha } from "./part.mjs";

/**
 * The unit tests of each layer, in plain Node.
 * @param {import("./part.mjs").Run} run
 */
export async function unit(run) {
  await mocha(run, undefined, { timeout: 20_000 });
}
