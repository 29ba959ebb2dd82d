// @ts-check
// npm run bench: builds, then prints figures. With --editor they are taken inside a real VS Code.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build, installPackages } from "./prepare.mjs";
import { root } from "./vscode-web/paths.mjs";

installPackages();
build("--bench");
if (process.argv.includes("--editor")) {
  const { inEditor } = await import("./test/editor.mjs");
  await inEditor(path.join(root, "out/bench/host-turns.js"), { TLBSCOPE_TREES: process.env.TLBSCOPE_TREES ?? "" });
  process.exit();
} else
  process.exitCode =
    spawnSync(process.execPath, ["out/bench/main.js", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" })
      .status ?? 1;
