// Bundles everything that ships, and with --tests the test files too. `--watch` rebuilds on change, and `--into FOLDER`
// puts what ships into FOLDER/dist.
import * as esbuild from "esbuild";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { notices } from "./scripts/notices.mjs";

const given = process.argv.slice(2);
const args = new Set(given);
const dist = path.join(args.has("--into") ? given[given.indexOf("--into") + 1] : ".", "dist");
const minify = args.has("--minify");
const common = {
  bundle: true,
  sourcemap: minify ? false : "linked",
  minify,
  logLevel: "warning",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  // The CommonJS build of the parser: the ES module asks for import.meta.url, which a CommonJS bundle doesn't have.
  alias: { "web-tree-sitter": path.resolve("node_modules/web-tree-sitter/web-tree-sitter.cjs") },
};

/**
 * Our own files ask for Node where they know it to be. Libraries that were made for Node ask at once: they get it where
 * there is one, and in a browser the few names of it that they use.
 */
const nodeWhereItIs = {
  name: "node-where-it-is",
  setup(build) {
    const name = "node-where-it-is";
    const filter = new RegExp(`^(node:)?(${builtinModules.join("|")})$`);
    build.onResolve({ filter }, ({ path, importer, namespace }) =>
      namespace !== name && importer.includes("node_modules") ? { path, namespace: name } : { path, external: true },
    );
    const inBrowser = `{
      URL,
      EventEmitter: class {
        listeners = {};
        on(event, listener) { (this.listeners[event] ??= []).push(listener); return this; }
        removeAllListeners(event) { delete this.listeners[event]; return this; }
        emit(event, ...args) {
          const listeners = this.listeners[event] ?? [];
          for (const listener of listeners) listener.apply(this, args);
          return listeners.length > 0;
        }
      },
    }`;
    build.onLoad({ filter: /.*/, namespace: name }, ({ path }) => ({
      contents:
        `const inNode = Boolean(globalThis.process?.versions?.node);\n` +
        `module.exports = inNode ? require(${JSON.stringify(path)}) : ${inBrowser};`,
    }));
  },
};

/** Every bundle that ships: entry, output and the platform it runs on. */
const bundles = [
  {
    entryPoints: { tlbscope: "src/entry/main.ts" },
    outdir: dist,
    // The builds of packages that run in both: those for browsers, and of these the ones for workers.
    platform: "browser",
    conditions: ["worker", "module"],
    format: "cjs",
    external: ["vscode"],
    plugins: [nodeWhereItIs],
    define: { "process.env.NODE_ENV": '"production"' },
    inject: ["scripts/browser-shims.js"],
  },
  {
    entryPoints: { panel: "src/panel/view/main.tsx" },
    outdir: dist,
    platform: "browser",
    format: "iife",
    loader: { ".ttf": "file" },
  },
];

/** What Node is given to start; all code is in one file, of which each part is loaded when it is asked for. */
const starters = {
  "worker.js": 'require("./tlbscope.js").startWorker();\n',
  // What the bundle is written in, an older Node can't even read.
  "cli.js": `#!/usr/bin/env node
if (parseInt(process.versions.node, 10) < 20) {
  console.error("tlbscope: It needs Node 20 or newer; this is " + process.version + ".");
  process.exit(2);
}
require("./tlbscope.js").commandLine();
`,
};

/** Files that are shipped as they are, from their packages. */
const assets = [
  ["node_modules/web-tree-sitter/web-tree-sitter.wasm", "web-tree-sitter.wasm"],
  ["node_modules/tree-sitter-c/tree-sitter-c.wasm", "tree-sitter-c.wasm"],
  ["node_modules/@vscode/codicons/dist/codicon.css", "codicon.css"],
  ["node_modules/@vscode/codicons/dist/codicon.ttf", "codicon.ttf"],
];

function findTests(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const p = path.join(dir, e.name);
    return e.isDirectory() ? findTests(p) : /\.test\.tsx?$/.test(e.name) ? [p] : [];
  });
}

mkdirSync(dist, { recursive: true });
for (const [from, to] of assets) cpSync(from, path.join(dist, to));
for (const [file, text] of Object.entries(starters)) writeFileSync(path.join(dist, file), text, { mode: 0o755 });
// Where the extension comes over HTTP, folders can't be read.
const yaml = (folder) =>
  readdirSync(`walkthroughs/${folder}`)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
writeFileSync(
  path.join(dist, "shipped.json"),
  JSON.stringify({ scenarios: yaml("scenarios"), worlds: yaml("worlds"), tours: yaml("tours") }),
);
const builds = bundles.map((b) => ({ ...common, ...b, metafile: minify }));
if (args.has("--tests")) {
  rmSync("out/test", { recursive: true, force: true });
  const tests = {
    ...common,
    outbase: "test",
    outdir: "out/test",
    platform: "node",
    packages: "external",
    external: ["vscode"],
    sourcemap: "inline",
  };
  builds.push({
    ...tests,
    entryPoints: [...findTests("test/editor"), "test/editor/index.ts", "test/support/search-worker.ts"],
    format: "cjs",
  });
  // Test files that run in Node share one copy of the source, so that it is parsed and compiled, and the C grammar
  // loaded, once for all of them and not once for each file; those of the workbench share an open window. Only ES
  // modules can share code.
  builds.push({
    ...tests,
    entryPoints: [
      ...findTests("test/unit"),
      ...findTests("test/fuzz"),
      ...findTests("test/trees"),
      ...findTests("test/workbench"),
      ...findTests("test/package"),
      "test/support/fixed-seed.ts",
    ],
    format: "esm",
    splitting: true,
    chunkNames: "unit/shared/[name]-[hash]",
    define: { __dirname: JSON.stringify(path.resolve("out/test")) },
    banner: {
      js: `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`,
    },
  });
  for (const folder of ["out/test/unit", "out/test/trees", "out/test/workbench", "out/test/package"]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/package.json`, JSON.stringify({ type: "module" }));
  }
}
if (args.has("--kernels"))
  builds.push({
    ...common,
    entryPoints: ["test/kernels/main.ts"],
    outdir: "out/kernels",
    platform: "node",
    format: "cjs",
    packages: "external",
  });
if (args.has("--fuzz"))
  builds.push({
    ...common,
    entryPoints: ["test/fuzz/main.ts", "test/fuzz/child.ts"],
    outdir: "out/fuzz",
    platform: "node",
    format: "cjs",
    packages: "external",
  });
if (args.has("--bench"))
  builds.push({
    ...common,
    entryPoints: {
      main: "bench/main.ts",
      "search-worker": "test/support/search-worker.ts",
      "host-turns": "bench/host-turns.ts",
    },
    outdir: "out/bench",
    platform: "node",
    format: "cjs",
    packages: "external",
    external: ["vscode"],
  });
if (args.has("--watch")) for (const b of builds) await (await esbuild.context(b)).watch();
else {
  const built = await Promise.all(builds.map((b) => esbuild.build(b)));
  if (minify) {
    const inputs = built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
    writeFileSync(path.join(dist, "NOTICES.txt"), notices([...inputs, ...assets.map(([from]) => from)]));
  }
}
