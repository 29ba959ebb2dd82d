// @ts-check
// How Playwright starts a headless Chromium here.
import { existsSync } from "node:fs";
import path from "node:path";
import { chromiumDir } from "./paths.mjs";

const always = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Launch options for playwright-core: the browser that $CHROME names, else the one installed beside code-server.
 * @returns {{ executablePath: string, headless: true, args: string[], env: Record<string, string> }}
 */
export function chromiumOptions() {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const own = process.env.CHROME;
  if (own) {
    if (!existsSync(own))
      throw new Error(
        `CHROME names ${own}, which does not exist. Set it to a Chromium's program, or unset it to use the one ` +
          "from npm.",
      );
    return { executablePath: own, headless: true, args: ["--headless=new", ...always], env };
  }
  return {
    executablePath: path.join(chromiumDir, "chromium"),
    headless: true,
    args: always,
    env: { ...env, LD_LIBRARY_PATH: path.join(chromiumDir, "lib"), FONTCONFIG_PATH: chromiumDir },
  };
}

/**
 * Nothing but this machine is asked for anything: VS Code's own webview origin is answered by its service worker.
 * @param {import("playwright-core").BrowserContext} context
 */
export async function loopbackOnly(context) {
  await context.route(
    (url) => !/^(127\.0\.0\.1|localhost|.*\.vscode-resource\.vscode-cdn\.net)$/.test(url.hostname),
    (route) => route.abort(),
  );
}
