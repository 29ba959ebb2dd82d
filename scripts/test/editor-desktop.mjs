// @ts-check
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { notHere, root } from "../vscode-web.mjs";

/**
 * The desktop VS Code to test in: the one that VSCODE_EXE names, or a downloaded one. Undefined if code-server has to
 * do:
 * there is no display, TLBSCOPE_EDITOR says `web`, or nothing can be downloaded.
 */
export async function desktopProgram() {
  if (process.env.VSCODE_EXE) return process.env.VSCODE_EXE;
  if (process.env.TLBSCOPE_EDITOR === "web") return undefined;
  const display = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!display) {
    console.log("There is no display for desktop VS Code, so this runs in code-server.");
    return undefined;
  }
  try {
    return await downloadAndUnzipVSCode("stable");
  } catch (error) {
    if (notHere()) throw error;
    console.log(
      `Desktop VS Code cannot be downloaded (${error instanceof Error ? error.message : error}), so this runs in ` +
        "code-server.",
    );
    return undefined;
  }
}

/**
 * @param {string} program
 * @param {import("./editor.mjs").Suite} suite
 */
export async function runInDesktop(program, { suite, folder, env }) {
  await runTests({
    vscodeExecutablePath: program,
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    extensionTestsEnv: env,
    launchArgs: [
      folder,
      "--disable-extensions",
      "--disable-workspace-trust",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
}
