// @ts-check
// Child processes and temporary folders that never outlive this process, whichever way it ends.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** @type {Set<number>} Process groups to kill on exit. */
const groups = new Set();
/** @type {Set<string>} Folders to delete on exit. */
const folders = new Set();

process.on("exit", () => {
  for (const pid of groups) killGroup(pid);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const [signal, code] of /** @type {[NodeJS.Signals, number][]} */ ([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
]))
  process.on(signal, () => process.exit(code));

/** @param {number} pid */
function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/**
 * Starts a program in a process group of its own, so that what it starts ends with it.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export function startGroup(command, args, options) {
  const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
  /** @type {Promise<number | null>} The exit code, or null if a signal ended it. */
  const ended = new Promise((resolve, reject) => child.on("exit", (code) => resolve(code)).on("error", reject));
  const pid = child.pid;
  if (pid !== undefined && process.platform !== "win32") groups.add(pid);
  return {
    child,
    ended,
    /** Ends the whole group and waits for it. */
    async stop() {
      if (pid === undefined) return;
      if (process.platform === "win32") child.kill();
      else killGroup(pid);
      groups.delete(pid);
      await ended;
    },
  };
}

/**
 * Makes a folder that is deleted when this process ends.
 * @param {string} name
 */
export function temporaryFolder(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  folders.add(folder);
  return folder;
}

/**
 * Keeps a temporary folder after all: what is in it explains a failure.
 * @param {string} folder
 */
export function keepFolder(folder) {
  folders.delete(folder);
}
