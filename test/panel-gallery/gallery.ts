/**
 * Shows the built panel in a headless Chromium as VS Code would: the real page with its real policy, a theme's
 * variables, and states sent as messages.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { panelHtml } from "../../src/panel/webview-page";
import type { PanelState } from "../../src/panel/messages";
import { themes, webviewDefaults } from "./themes";

const origin = "http://panel.example";
const files: Record<string, [file: string, type: string]> = {
  "/panel.js": ["dist/panel.js", "text/javascript"],
  "/panel.css": ["media/panel.css", "text/css"],
  "/codicon.css": ["dist/codicon.css", "text/css"],
  "/codicon.ttf": ["dist/codicon.ttf", "font/ttf"],
};

export interface Shown {
  page: Page;
  /** What the page complained of: script errors, and whatever its policy refused. */
  complaints: string[];
  close(): Promise<void>;
}

/** A page with the panel, in this theme and width, as it is before any message. */
export async function openPanel(browser: Browser, theme: string, width: number): Promise<Shown> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    deviceScaleFactor: 2,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (e) => complaints.push(String(e)));
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  await page.route("**/*", (route) => {
    const { pathname, origin: asked } = new URL(route.request().url());
    if (asked !== origin) return route.abort();
    if (pathname === "/")
      return route.fulfill({
        contentType: "text/html",
        body: panelHtml({
          cspSource: origin,
          nonce: "gallery",
          script: "/panel.js",
          style: "/panel.css",
          codicons: "/codicon.css",
        }),
      });
    const known = files[pathname];
    return known
      ? route.fulfill({ contentType: known[1], body: readFileSync(path.resolve(known[0])) })
      : route.fulfill({ status: 204 });
  });
  await page.addInitScript(
    ({ vars, body, defaults }) => {
      const sent: unknown[] = [];
      let state: unknown;
      Object.assign(window, {
        sent,
        acquireVsCodeApi: () => ({
          postMessage: (m: unknown) => sent.push(m),
          getState: () => state,
          setState: (s: unknown) => (state = s),
        }),
      });
      document.addEventListener("DOMContentLoaded", () => {
        for (const [name, value] of Object.entries(vars))
          document.documentElement.style.setProperty(`--vscode-${name}`, value);
        document.body.className = body;
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(defaults);
        document.adoptedStyleSheets = [sheet];
      });
    },
    { ...themes[theme], defaults: webviewDefaults },
  );
  await page.goto(`${origin}/`);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return { page, complaints, close: () => context.close() };
}

/** Sends one state and gives the milliseconds until it was drawn (not yet painted). */
export function showState(page: Page, state: PanelState): Promise<number> {
  return page.evaluate((state) => {
    const begun = performance.now();
    window.dispatchEvent(new MessageEvent("message", { data: { type: "state", state } }));
    return performance.now() - begun;
  }, state);
}
