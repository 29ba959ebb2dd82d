// @ts-check
// npm run watch [-- --tests]: bundles and checks types again whenever a file changes, until Ctrl-C. Reload the window
// of the extension under development to run what was built.
import path from "node:path";
import { startGroup } from "./children.mjs";
import { installPackages } from "./prepare.mjs";
import { root } from "./vscode-web/paths.mjs";

installPackages();
const start = (/** @type {string[]} */ ...args) => startGroup(process.execPath, args, { cwd: root, stdio: "inherit" });
const bundler = start("esbuild.mjs", "--watch", ...process.argv.slice(2));
const types = start(
  path.join("node_modules", "typescript", "bin", "tsc"),
  "--noEmit",
  "--watch",
  "--preserveWatchOutput",
);
// Neither ends by itself. If one does, its own message says why, and the other goes with it.
await Promise.race([bundler.ended, types.ended]);
process.exit(1);
