// @ts-check
// npm run fuzz [-- --minutes N] [--cases N] [--seed S] [--only KIND] [--tree PATH]: builds, then looks for inputs that
// the product can't take. test/fuzz/main.ts has the rest.
import { spawnSync } from "node:child_process";
import { build, installPackages } from "./prepare.mjs";
import { root } from "./vscode-web/paths.mjs";

installPackages();
build("--fuzz");
process.exitCode =
  spawnSync(process.execPath, ["out/fuzz/main.js", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" }).status ??
  1;
