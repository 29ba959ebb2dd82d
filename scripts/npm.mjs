// @ts-check
// Runs npm, the same one that runs us where there is one.
import { spawnSync } from "node:child_process";

/**
 * Runs npm to its end, its output shown, and throws if it fails.
 * @param {string[]} args
 * @param {string} cwd
 */
export function npm(args, cwd) {
  const self = process.env.npm_execpath;
  const [command, first] = self?.endsWith(".js") ? [process.execPath, [self]] : ["npm", []];
  // Inside an npm script, npm says for which folder it runs; an install in another folder must not see that.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package_|lifecycle_|config_(local_)?prefix$)/i.test(name)),
  );
  const done = spawnSync(command, [...first, ...args], {
    cwd,
    env,
    stdio: ["ignore", "inherit", "inherit"],
    shell: command === "npm" && process.platform === "win32",
  });
  if (done.error)
    throw new Error(`npm could not be started (${done.error.message}). Install Node 20.9 or newer together with npm.`);
  if (done.status !== 0)
    throw new Error(
      `"npm ${args.join(" ")}" failed in ${cwd}; its own message is above. Check the network and the space on ` +
        "the disk, then run this again.",
    );
}
