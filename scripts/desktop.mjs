// @ts-check
// Opens the desktop VS Code that is on the PATH, as a window apart from the reader's own.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startGroup, temporaryFolder } from "./children.mjs";
import { root } from "./vscode-web/paths.mjs";
import { quietSettings } from "./vscode-web/settings.mjs";

// On Windows "code" is a batch file, which only a shell can start.
const shell = process.platform === "win32";

/**
 * Opens the folder with the extension in development and waits until the window is closed. Returns false if there is
 * no VS Code to open.
 * @param {{ folder: string, file?: string, line?: number }} open
 */
export async function openDesktop(open) {
  const version = spawnSync("code", ["--version"], { encoding: "utf8", shell });
  if (version.error || version.status !== 0) {
    const code = version.error && /** @type {NodeJS.ErrnoException} */ (version.error).code;
    if (!shell && code !== "ENOENT")
      console.warn(`Desktop VS Code does not run here:\n${version.error?.message ?? version.stderr}`);
    return false;
  }
  // With user data of its own it leaves the reader's settings and windows alone.
  const data = temporaryFolder("tlbscope-code");
  mkdirSync(path.join(data, "User"));
  writeFileSync(path.join(data, "User/settings.json"), JSON.stringify(quietSettings, null, 2));
  const args = [
    "--new-window",
    "--wait",
    "--user-data-dir",
    data,
    "--extensions-dir",
    path.join(data, "extensions"),
    `--extensionDevelopmentPath=${root}`,
    open.folder,
  ];
  if (open.file !== undefined) args.push("--goto", open.line === undefined ? open.file : `${open.file}:${open.line}`);
  console.log(`Opening VS Code ${version.stdout.split("\n")[0]} with TLBscope. It ends when its window is closed.`);
  const code = await startGroup("code", shell ? args.map((arg) => `"${arg}"`) : args, { stdio: "inherit", shell })
    .ended;
  if (code !== 0)
    throw new Error(
      `"code" ended with ${code === null ? "a signal" : `code ${code}`}; its own message is above. npm start -- ` +
        "--web uses code-server instead.",
    );
  return true;
}
