/** A Chromium for looking at the panel: the one that the workbench tests use, or one of this machine. */
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { LaunchOptions } from "playwright-core";

const workbench = path.resolve("scripts/vscode-web.mjs");
const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** How to launch it, or undefined where there is none. */
export async function findChromium(): Promise<LaunchOptions | undefined> {
  // Not bundled: it knows where it stands by its own address.
  const { chromiumOptions } = (await import(pathToFileURL(workbench).href)) as {
    chromiumOptions(): LaunchOptions & { executablePath: string };
  };
  const ours = chromiumOptions();
  if (existsSync(ours.executablePath)) return ours;
  const found = usual.find((file) => existsSync(file));
  return found
    ? {
        executablePath: found,
        headless: true,
        args: [
          "--no-sandbox",
          "--disable-gpu",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-dev-shm-usage",
        ],
      }
    : undefined;
}
