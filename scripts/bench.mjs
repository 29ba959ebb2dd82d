// @ts-check
// npm run bench: builds, then prints figures.
import { spawnSync } from "node:child_process";
import { build, installPackages } from "./prepare.mjs";
import { root } from "./vscode-web/paths.mjs";

installPackages();
build("--bench");
process.exitCode = spawnSync(process.execPath, ["out/bench/main.js", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" }).status ?? 1;
