// @ts-check
// The tests of what is given to others: both packages are made as `npm run package` makes them, and used by somebody
// who has nothing else of the project. Where code-server can't be had, the extension isn't installed.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../children.mjs";
import { writeEdition } from "../edition.mjs";
import { makePackages } from "../package.mjs";
import { installVscodeWeb, notHere, quietSettings, startServer } from "../vscode-web.mjs";
import { mocha } from "./part.mjs";
import { surroundings } from "./surroundings.mjs";

/** @param {import("./part.mjs").Run} run */
export async function packages(run) {
  const folder = temporaryFolder("tlbscope-package");
  const { vsix, tgz } = makePackages(folder);
  const env = { TLBSCOPE_PACKAGES: JSON.stringify({ vsix, tgz, home: folder }) };
  const files = (/** @type {string} */ names) => `out/test/package/${names}.test.js`;
  if (notHere()) return void (await mocha(run, files("command-line"), { timeout: 60_000, env }));
  installVscodeWeb();
  const edition = path.join(folder, "edition");
  mkdirSync(edition);
  writeEdition(edition);
  const server = await startServer({ extension: { vsix }, offline: true, trusted: true, env: { HOME: folder } });
  try {
    await mocha(run, files("*"), {
      timeout: 120_000,
      env: { ...env, ...surroundings(server, edition, quietSettings) },
    });
  } finally {
    await server.stop();
  }
}
