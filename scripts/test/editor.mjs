// @ts-check
// The suite inside the extension host of a real VS Code: desktop VS Code where it can be had, else code-server.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../children.mjs";
import { writeEdition } from "../edition.mjs";
import { root } from "../vscode-web.mjs";
import { desktopProgram, runInDesktop } from "./editor-desktop.mjs";
import { runInServer } from "./editor-server.mjs";

/**
 * What both kinds of VS Code are asked to run. @typedef {{ suite: string, folder: string, env: Record<string, string>
 * }} Suite
 */

/** @param {import("./part.mjs").Run} run */
export async function editor(run) {
  await inEditor(path.join(root, "out/test/editor/index.js"), {
    TLBSCOPE_RESULTS: run.results,
    ...(run.grep ? { TLBSCOPE_GREP: run.grep } : {}),
  });
}

/**
 * Runs a file's run() inside the extension host, with a copy of the built-in edition open.
 * @param {string} suite
 * @param {Record<string, string>} env
 */
export async function inEditor(suite, env) {
  const folder = path.join(temporaryFolder("tlbscope-editor"), "edition");
  mkdirSync(folder);
  writeEdition(folder);
  const desktop = await desktopProgram();
  if (desktop) await runInDesktop(desktop, { suite, folder, env });
  else await runInServer({ suite, folder, env });
}
