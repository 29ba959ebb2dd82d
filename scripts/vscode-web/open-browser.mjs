// @ts-check
// Opens an address with a token in the reader's browser, without showing the token to others.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { home } from "./paths.mjs";

/**
 * Does nothing where there is no desktop. Every user of a machine sees the arguments of every program, so the browser
 * is given a file that only its owner can read, and which leads to the address. It is deleted at the end of this
 * process.
 * @param {string} address
 */
export function openBrowser(address) {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  // Not in /tmp: a browser from a snap sees a /tmp of its own.
  const file = path.join(home, `open-${new URL(address).port}.html`);
  const target = address.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  rmSync(file, { force: true });
  process.on("exit", () => rmSync(file, { force: true }));
  writeFileSync(
    file,
    `<!DOCTYPE html><meta http-equiv="refresh" content="0; url=${target}"><title>TLBscope</title>\n`,
    {
      mode: 0o600,
      flag: "wx",
    },
  );
  spawnSync("xdg-open", [file], { stdio: "ignore" });
}
