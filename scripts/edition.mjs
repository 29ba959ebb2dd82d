// @ts-check
// A working copy of the built-in edition of the kernel's files, to open, step and edit.
import { spawnSync } from "node:child_process";
import { root } from "./vscode-web/paths.mjs";

/**
 * The file a reader starts in, by the kernel's age (the scheduler moved in 3.3), and the edition's line:
 * context_switch, where the mail's story begins.
 */
export const firstFiles = ["kernel/sched.c", "kernel/sched/core.c"];
export const firstLine = 3015;

/**
 * Writes the edition's files into a folder.
 * @param {string} folder
 */
export function writeEdition(folder) {
  const done = spawnSync(process.execPath, ["dist/cli.js", "edition", folder], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (done.status !== 0) throw new Error(`"node dist/cli.js edition ${folder}" failed; its own message is above.`);
}
