// @ts-check
// npm run test:kernels [-- --tree PATH …]: what TLBscope makes of whole kernel trees. Without a tree, those that
// TLBSCOPE_TREES names (folders, separated as in PATH); without that, the kernels that Debian packages.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { debianKernels } from "./debian-kernels.mjs";
import { build, installPackages } from "./prepare.mjs";
import { root } from "./vscode-web/paths.mjs";

const { values } = parseArgs({ options: { tree: { type: "string", multiple: true } } });
installPackages();
build("--kernels");
const named = values.tree ?? (process.env.TLBSCOPE_TREES ?? "").split(path.delimiter).filter(Boolean);
const trees = named.length ? named.map((tree) => path.resolve(tree)) : debianKernels();
process.exitCode =
  spawnSync(process.execPath, ["out/kernels/main.js", ...trees], { cwd: root, stdio: "inherit" }).status ?? 1;
