// @ts-check
// What the tests that drive a workbench are told of where it runs, in an environment variable.
import { chromiumOptions } from "../vscode-web.mjs";

/**
 * The type of what is told is Surroundings in test/workbench/surroundings.ts.
 * @param {Awaited<ReturnType<typeof import("../vscode-web.mjs").startServer>>} server
 * @param {string} edition The folder with the built-in edition.
 * @param {Record<string, unknown>} settings The user settings of a window that asks for no others.
 */
export const surroundings = ({ port, token, settingsFile }, edition, settings) => ({
  TLBSCOPE_WORKBENCH: JSON.stringify({
    server: `http://127.0.0.1:${port}`,
    token,
    edition,
    settingsFile,
    settings,
    chromium: chromiumOptions(),
  }),
});
