// @ts-check
// Brings a checkout from "just cloned" to "built". Imports only Node's own modules: nothing else is there yet.
// Run by itself, it installs the packages and builds nothing.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "./npm.mjs";
import { root } from "./vscode-web/paths.mjs";

/** Installs the project's packages if they are missing or not those of the lock file. */
export function installPackages() {
  const missing = missingPackage();
  if (missing === undefined) return;
  console.log(`Installing the project's packages (${missing}) …`);
  // Of the packages' own scripts nothing is needed.
  npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], root);
}

/**
 * The first package that is not installed as the lock file says, or undefined. npm writes its own account of an
 * install last.
 */
function missingPackage() {
  const account = path.join(root, "node_modules/.package-lock.json");
  if (!existsSync(account)) return "there are none yet";
  const installed = packagesOf(account);
  for (const [where, entry] of Object.entries(packagesOf(path.join(root, "package-lock.json")))) {
    // Packages for other platforms are in the lock file and rightly not here.
    if (where !== "" && !entry.optional && installed[where]?.version !== entry.version)
      return `${where} should be ${entry.version}`;
  }
  return undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, { version: string, optional?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/**
 * Bundles what ships, and with "--tests" the tests.
 * @param {string[]} args
 */
export function build(...args) {
  const done = spawnSync(process.execPath, ["esbuild.mjs", ...args], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) throw new Error("The build failed; esbuild's own message is above.");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installPackages();
