// What `npm test` tells the workbench tests about the VS Code that it started for them.
import { chromium, type Browser, type LaunchOptions, type Page } from "playwright-core";

export interface Surroundings {
  /** The server's address, without a path. */
  server: string;
  /** What an address has to carry as `tkn` to be let in. */
  token: string;
  /** A folder with the built-in edition's files, to be copied and not changed. */
  edition: string;
  /** Where the server keeps the user settings, and what they are in a window that asks for no others. */
  settingsFile: string;
  settings: Record<string, unknown>;
  chromium: LaunchOptions;
}

export function surroundings(): Surroundings {
  const given = process.env.TLBSCOPE_WORKBENCH;
  if (!given) throw new Error("These tests need a VS Code that is running. Run them with: npm test -- --workbench");
  return JSON.parse(given) as Surroundings;
}

let browser: Promise<Browser> | undefined;

/** Ends the browser, after the last window. */
export async function closeBrowser(): Promise<void> {
  const last = browser;
  browser = undefined;
  await (await last)?.close();
}

/** A page of its own, with nothing stored; all of them share one browser. */
export async function browserPage(): Promise<{ page: Page; close: () => Promise<void> }> {
  browser ??= chromium.launch(surroundings().chromium);
  const context = await (await browser).newContext({ viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(30_000);
  // Nothing but this machine is asked for anything: VS Code's own webview origin is answered by its service worker.
  await context.route(
    (url) => !/^(127\.0\.0\.1|.*\.vscode-resource\.vscode-cdn\.net)$/.test(url.hostname),
    (route) => route.abort(),
  );
  const page = await context.newPage();
  // VS Code asks before a page with unsaved text is left; a test that is over does not care.
  page.on("dialog", (dialog) => void dialog.accept());
  return { page, close: () => context.close() };
}
