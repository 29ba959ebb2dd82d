// @ts-check
// Starts code-server behind a gate on loopback, with settings and folders of its own, so that nothing of the user's is
// read or changed.
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startGroup, temporaryFolder } from "../children.mjs";
import { startGate } from "./gate.mjs";
import { root, serverEntry, serverNode } from "./paths.mjs";
import { quietSettings } from "./settings.mjs";

/**
 * @typedef {object} ServerOptions
 * @property {number} [port] A free one by default.
 * @property {Record<string, unknown>} [settings] User settings, over the quiet ones.
 * @property {"installed" | "payload" | { vsix: string }} extension `installed`: linked into the extensions folder, as
 * if installed. `vsix`: installed from this package.
 * `payload`: named in the page's address as an extension under development, which runs its tests; VS Code then hides
 * toasts and skips dialogs.
 * @property {boolean} [trusted] Every folder counts as trusted, and nobody is asked: for folders of our own.
 * @property {boolean} [offline] No extension gallery, and the server's own home folders.
 * @property {NodeJS.ProcessEnv} [env] More variables, seen by the extension host.
 *
 * @typedef {Awaited<ReturnType<typeof startServer>>} Server
 */

/** @param {ServerOptions} options */
export async function startServer(options) {
  const folder = temporaryFolder("tlbscope-server");
  const data = path.join(folder, "data");
  const extensions = path.join(folder, "extensions");
  const settingsFile = path.join(data, "User/settings.json");
  const config = path.join(folder, "config.yaml");
  const logFile = path.join(folder, "server.log");
  // The folder is closed to other users, and so is the socket in it.
  const socket = path.join(folder, "http.sock");
  mkdirSync(path.dirname(settingsFile), { recursive: true });
  mkdirSync(extensions);
  writeFileSync(config, "");
  writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...options.settings }, null, 2));
  if (options.extension === "installed") symlinkSync(root, path.join(extensions, extensionFolder()));

  const args = [
    "--auth",
    "none",
    "--socket",
    socket,
    "--socket-mode",
    "600",
    "--config",
    config,
    "--user-data-dir",
    data,
    "--extensions-dir",
    extensions,
  ];
  args.push(
    "--disable-telemetry",
    "--disable-update-check",
    // Its proxy would show what other local servers send as pages of this origin.
    "--disable-proxy",
    "--disable-getting-started-override",
    "--ignore-last-opened",
  );
  if (options.trusted) args.push("--disable-workspace-trust");
  // A built VS Code ignores the test payload without this driver.
  if (options.extension === "payload") args.push("--vscode-option", "enable-smoke-test-driver");
  // Without a reader who might come back, a closed window's extension host need not wait for hours.
  if (options.offline) args.push("--reconnection-grace-time", "5");
  const env = { ...environment(options.offline ? folder : undefined), ...options.env };
  if (typeof options.extension === "object") installExtension(options.extension.vsix, args, env);
  const gate = await startGate({ socket, port: options.port });
  const log = openSync(logFile, "w");
  const server = startGroup(serverNode, [serverEntry, ...args], {
    env,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  await up(socket, server.child, logFile);

  const remote = (/** @type {string} */ file) => `vscode-remote://127.0.0.1:${gate.port}${file}`;
  return {
    port: gate.port,
    /** What an address has to carry as `tkn` to be let in. */
    token: gate.token,
    folder,
    settingsFile,
    logFile,
    async stop() {
      await gate.close();
      await server.stop();
    },
    ended: server.ended,
    /** The URI by which the page names a file of this machine. */
    remote,
    /**
     * The address that opens a folder, with a file at a line in front if one is named.
     * @param {{ folder: string, file?: string, line?: number, payload?: [string, string][] }} open
     */
    address(open) {
      const payload = [...(open.payload ?? [])];
      if (open.file !== undefined)
        payload.push(["openFile", remote(open.file) + (open.line === undefined ? "" : `:${open.line}`)]);
      if (open.line !== undefined) payload.push(["gotoLineMode", "true"]);
      return gate.address({ folder: open.folder, payload: JSON.stringify(payload) });
    },
  };
}

/**
 * Installs an extension as "Install from VSIX…" does.
 * @param {string} vsix
 * @param {string[]} args The server's.
 * @param {NodeJS.ProcessEnv} env
 */
function installExtension(vsix, args, env) {
  const done = spawnSync(serverNode, [serverEntry, ...args, "--install-extension", vsix], { env, encoding: "utf8" });
  if (done.status !== 0 || !done.stdout.includes("was successfully installed"))
    throw new Error(`${vsix} could not be installed:\n${done.stdout}${done.stderr}`);
}

/** An installed extension's folder is named publisher.name-version. */
function extensionFolder() {
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  return `${publisher}.${name}-${version}`;
}

/**
 * The server's environment: ours without what VS Code's own terminal or npm put there, which would change how it
 * behaves.
 * @param {string | undefined} ownHome
 */
function environment(ownHome) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VSCODE_|npm_|PASSWORD$|HASHED_PASSWORD$|PORT$|NODE_OPTIONS$)/.test(name),
    ),
  );
  if (ownHome === undefined) return env;
  const gallery = JSON.stringify({ serviceUrl: "" });
  return {
    ...env,
    EXTENSIONS_GALLERY: gallery,
    TMPDIR: ownHome,
    XDG_RUNTIME_DIR: ownHome,
    XDG_CONFIG_HOME: ownHome,
    XDG_DATA_HOME: ownHome,
    XDG_CACHE_HOME: ownHome,
  };
}

/**
 * Whether something speaks HTTP there.
 * @param {string} socket
 * @returns {Promise<boolean>}
 */
function answers(socket) {
  return new Promise((resolve) => {
    http
      .get({ socketPath: socket, path: "/healthz" }, (response) => resolve(Boolean(response.resume())))
      .on("error", () => resolve(false));
  });
}

/**
 * @param {string} socket
 * @param {import("node:child_process").ChildProcess} child
 * @param {string} logFile
 */
async function up(socket, child, logFile) {
  for (let tries = 0; !(await answers(socket)); tries++) {
    if (child.exitCode !== null || tries > 600) {
      throw new Error(
        "code-server " +
          `${child.exitCode === null ? "did not answer within a minute" : `ended with code ${child.exitCode}`}. ` +
          `Its log says:\n${readFileSync(logFile, "utf8")}`,
      );
    }
    await wait(100);
  }
}
