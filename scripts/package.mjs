// @ts-check
// npm run package [-- --out FOLDER]: from a checkout to what is given to others. NAME-VERSION.vsix is the extension,
// for VS Code's marketplace and Open VSX, the command line in it; NAME-VERSION.tgz the command line alone, for npm.
//
// Both are packed from a copy of the checkout, below out/, so that a window that runs the build in dist/ is left alone.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readmeWithoutHome } from "./package-readme.mjs";
import { build, installPackages } from "./prepare.mjs";
import { npm } from "./npm.mjs";
import { placeholder } from "./placeholder.mjs";
import { root } from "./vscode-web/paths.mjs";

/** Bytes that the extension may take. */
const most = 1_200_000;

const require = createRequire(import.meta.url);

const copy = path.join(root, "out/package");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: "string", default: root } } });
  try {
    for (const file of Object.values(makePackages(path.resolve(process.env.INIT_CWD ?? root, values.out))))
      console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(2)} MB`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * Makes both packages in a folder, and gives their paths. Throws where one can't be made, vsce warns of something, or
 * the extension takes more than 1.2 MB.
 * @param {string} out
 */
export function makePackages(out) {
  installPackages();
  copyCheckout();
  build("--minify", "--into", copy);
  /** @type {{ name: string, version: string, repository: { url: string } }} */
  const { name, version, repository } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  if (repository.url.startsWith(placeholder)) {
    console.log(
      "There is no public home yet (node scripts/home.mjs says one), so that the packed README has no pictures and " +
        "no links into the project.",
    );
    const readme = path.join(copy, "README.md");
    writeFileSync(readme, readmeWithoutHome(readFileSync(readme, "utf8")));
  }
  mkdirSync(out, { recursive: true });
  const vsix = path.join(out, `${name}-${version}.vsix`);
  const tgz = path.join(out, `${name}-${version}.tgz`);
  packExtension(vsix);
  npm(["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", out], copy);
  return { vsix, tgz };
}

/** What isn't part of the project, or comes of it, stays behind. What is packed of the rest, the ignore files say. */
function copyCheckout() {
  rmSync(copy, { recursive: true, force: true });
  const notCopied = new Set(["node_modules", "dist", "out", ".git", ".vscode-test", ".vscode-test-web", ".tlbscope"]);
  for (const name of readdirSync(root))
    if (!notCopied.has(name) && !/\.(vsix|tgz)$/.test(name))
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
}

/** @param {string} vsix */
function packExtension(vsix) {
  const vsce = require.resolve("@vscode/vsce/vsce");
  const done = spawnSync(process.execPath, [vsce, "package", "--no-dependencies", "--out", vsix], {
    cwd: copy,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = done.stdout + done.stderr;
  if (done.status !== 0 || /WARN/.test(said)) throw new Error(`vsce doesn't take the extension as it is:\n${said}`);
  const { size } = statSync(vsix);
  if (size > most)
    throw new Error(
      `${vsix} takes ${size} bytes, and may take ${most}. What takes them: unzip -lv ${vsix}; of the code in it, ` +
        "esbuild's analyzeMetafile() tells.",
    );
}
