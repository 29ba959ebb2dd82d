/** The script of the searching worker in a browser. */

/** Where the file stands that holds it, below the extension's folder. */
export const BUNDLE = "dist/tlbscope.js";

/** Of the bundle's text, a script that a Web Worker runs: it isn't a module there, so that it is given one. */
export const workerScript = (bundle: string): string =>
  `"use strict"; const module = { exports: {} }, exports = module.exports;\n${bundle}\nmodule.exports.startWorker();\n`;
