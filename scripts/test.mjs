// @ts-check
// npm test [-- --unit] [--editor] [--workbench] [--package] [--grep X] [--tree PATH …]
// Runs all tests, or only the parts that are named, and ends with one line: N passed, N failed. Where kernel trees are
// named, the tests on them run, too.
import path from "node:path";
import { parseArgs } from "node:util";
import { build, installPackages } from "./prepare.mjs";
import { notHere } from "./vscode-web.mjs";

/** @typedef {import("./test/part.mjs").Counts} Counts */

process.exit(await main().catch(notRun));

async function main() {
  const { values } = parseArgs({
    options: {
      unit: { type: "boolean" },
      editor: { type: "boolean" },
      workbench: { type: "boolean" },
      package: { type: "boolean" },
      grep: { type: "string" },
      tree: { type: "string", multiple: true },
    },
  });
  // Kernel trees for the tests that take them from outside.
  if (values.tree) process.env.TLBSCOPE_TREES = values.tree.map((tree) => path.resolve(tree)).join(path.delimiter);
  const all = !values.unit && !values.editor && !values.workbench && !values.package;
  installPackages();
  build("--tests");
  // Only now is there something to import: these need the project's packages.
  const { runPart } = await import("./test/part.mjs");
  /** @type {Counts[]} */
  const counts = [];
  if (all || values.unit) counts.push(...(await (await import("./test/unit.mjs")).unit(values.grep)));
  if (process.env.TLBSCOPE_TREES)
    counts.push(await runPart("tests on kernel trees", values.grep, (await import("./test/unit.mjs")).trees));
  if (all || values.editor)
    counts.push(await runPart("editor tests", values.grep, (await import("./test/editor.mjs")).editor));
  if (values.workbench || (all && !notHere()))
    counts.push(await runPart("workbench tests", values.grep, (await import("./test/workbench.mjs")).workbench));
  else if (all) console.log(`\nThe workbench tests were not run. ${notHere()}`);
  if (all || values.package)
    counts.push(await runPart("package tests", values.grep, (await import("./test/package.mjs")).packages));
  const total = (/** @type {"passed" | "failed"} */ key) => counts.reduce((sum, part) => sum + part[key], 0);
  return close(total("passed"), total("failed"));
}

/** @param {unknown} error */
function notRun(error) {
  console.error(error instanceof Error ? error.message : error);
  return close(0, 1);
}

/**
 * @param {number} passed
 * @param {number} failed
 */
function close(passed, failed) {
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
