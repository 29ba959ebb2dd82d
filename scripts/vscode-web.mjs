// @ts-check
// A real VS Code without a desktop: install it, serve it, and look at it with a headless browser.
export { installVscodeWeb, notHere } from "./vscode-web/install.mjs";
export { startServer } from "./vscode-web/server.mjs";
export { openBrowser } from "./vscode-web/open-browser.mjs";
export { chromiumOptions, loopbackOnly } from "./vscode-web/browser.mjs";
export { quietSettings } from "./vscode-web/settings.mjs";
export { root } from "./vscode-web/paths.mjs";
