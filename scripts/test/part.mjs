// @ts-check
// One part of the tests: run it, read its counts, and count what never came to an end as a failure.
import { existsSync, readFileSync, rmSync, mkdirSync } from "node:fs";
import path from "node:path";
import { startGroup } from "../children.mjs";
import { root } from "../vscode-web.mjs";

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 *
 * @typedef {object} Run What a part is given.
 * @property {string} results The file that its mocha reporter writes.
 * @property {string | undefined} grep Only tests whose name matches.
 * @property {boolean} held Another part runs at the same time and writes to the terminal, so that what this one says
 * waits until that has ended.
 */

/** After this long a part is hung, whatever it is doing. */
const limit = 20 * 60_000;

/** The reporter that every part uses. */
export const reporter = path.join(root, "scripts/mocha-reporter.cjs");

/**
 * @param {string} name
 * @param {string | undefined} grep
 * @param {(run: Run) => Promise<void | string>} body Ends when the tests have, with what is still to be said of them;
 * throws if they could not be run.
 * @param {Promise<unknown>} [other] A part that runs at the same time and has the terminal until it ends.
 * @returns {Promise<Counts>}
 */
export async function runPart(name, grep, body, other) {
  const head = `\n── ${name} ──`;
  if (!other) console.log(head);
  const results = path.join(root, `out/results-${name.replaceAll(" ", "-")}.json`);
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  let said, broken;
  try {
    said = await Promise.race([body({ results, grep, held: other !== undefined }), hung(name)]);
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error);
  }
  if (other) {
    await other;
    console.log(head);
    if (said) console.log(said);
  }
  const counts = existsSync(results)
    ? JSON.parse(readFileSync(results, "utf8"))
    : { passed: 0, failed: 0, skipped: 0, ended: false };
  if (!counts.ended) {
    console.error(
      `The ${name} did not come to an ` +
        `end${broken ? `: ${broken}` : "; the last test named above is where it stopped."}`,
    );
    counts.failed++;
  } else if (broken && counts.failed === 0) {
    console.error(`The ${name} passed, but their run ended badly: ${broken}`);
    counts.failed++;
  }
  console.log(
    `${name}: ${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ""}`,
  );
  return counts;
}

/**
 * Runs mocha in a process of its own over bundled test files. Failing tests are for the counts to say, not an error of
 * the run.
 * @param {Run} run
 * @param {string | undefined} files Which files, if they are not those that .mocharc.json names.
 * @param {{ timeout: number, env?: NodeJS.ProcessEnv, ignore?: string }} options
 * @returns {Promise<string>} What it wrote, if that was held back.
 */
export async function mocha(run, files, options) {
  const args = [
    path.join(root, "node_modules/mocha/bin/mocha.js"),
    "--forbid-only",
    "--reporter",
    reporter,
    "--timeout",
    String(options.timeout),
    ...(run.grep ? ["--grep", run.grep] : []),
    ...(files === undefined ? [] : ["--no-config", files]),
    ...(options.ignore === undefined ? [] : ["--ignore", options.ignore]),
    ...(run.held && process.stdout.isTTY ? ["--color"] : []),
  ];
  const part = startGroup(process.execPath, args, {
    cwd: root,
    stdio: run.held ? ["ignore", "pipe", "pipe"] : "inherit",
    env: { ...process.env, ...options.env, TLBSCOPE_RESULTS: run.results },
  });
  let said = "";
  for (const stream of [part.child.stdout, part.child.stderr])
    stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => (said += text));
  const code = await part.ended;
  await part.stop();
  if (code === null) throw new Error(`mocha was killed by a signal\n${said}`);
  return said;
}

/**
 * @param {string} name
 * @returns {Promise<never>}
 */
function hung(name) {
  return new Promise((_resolve, reject) => {
    setTimeout(
      () => reject(new Error(`the ${name} were still running after ${limit / 60_000} minutes`)),
      limit,
    ).unref();
  });
}
