// Bundles everything that ships, and with --tests the test files too. `--watch` rebuilds on change.
import * as esbuild from "esbuild";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const args = new Set(process.argv.slice(2));
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

/** What the web-tree-sitter runtime asks of Node when there is one; a bundle for the browser must not resolve them. */
const nodeOnly = ["fs/promises", "module", "fs", "path", "net", "url", "events"];
const webStubs = {
  name: "no-node-in-web-bundle",
  setup(build) {
    const filter = new RegExp(`^(node:)?(${nodeOnly.join("|")})$`);
    build.onResolve({ filter }, (a) => ({ path: a.path, namespace: "node-stub" }));
    build.onLoad({ filter: /.*/, namespace: "node-stub" }, () => ({
      contents:
        "export default {}; export const URL = globalThis.URL; export class EventEmitter { on() { return this; } " +
        "emit() { return false; } }",
      loader: "js",
    }));
  },
};

/** Every bundle the extension is made of: entry, output and the platform it runs on. */
const bundles = [
  {
    entryPoints: { extension: "src/entry/desktop.ts" },
    outdir: "dist",
    platform: "node",
    format: "cjs",
    external: ["vscode"],
  },
  {
    entryPoints: { "web/extension": "src/entry/browser.ts" },
    outdir: "dist",
    platform: "browser",
    format: "cjs",
    external: ["vscode"],
    // Packages that have a build for pages and one for workers: there is no document here.
    conditions: ["worker", "module"],
    plugins: [webStubs],
    define: { "process.env.NODE_ENV": '"production"' },
    inject: ["scripts/web-shims.js"],
  },
  { entryPoints: { worker: "src/entry/worker-desktop.ts" }, outdir: "dist", platform: "node", format: "cjs" },
  {
    entryPoints: { "web/worker": "src/entry/worker-browser.ts" },
    outdir: "dist",
    platform: "browser",
    format: "iife",
    plugins: [webStubs],
    inject: ["scripts/web-shims.js"],
  },
  {
    entryPoints: { panel: "src/panel/view/main.tsx" },
    outdir: "dist",
    platform: "browser",
    format: "iife",
    loader: { ".ttf": "file" },
  },
  { entryPoints: { cli: "src/cli/main.ts" }, outdir: "dist", platform: "node", format: "cjs" },
  { entryPoints: { adapter: "src/cli/stdio-adapter.ts" }, outdir: "dist", platform: "node", format: "cjs" },
];

/** Files that are shipped as they are, from their packages. */
const assets = [
  ["node_modules/web-tree-sitter/web-tree-sitter.wasm", "dist/web-tree-sitter.wasm"],
  ["node_modules/tree-sitter-c/tree-sitter-c.wasm", "dist/tree-sitter-c.wasm"],
  ["node_modules/@vscode/codicons/dist/codicon.css", "dist/codicon.css"],
  ["node_modules/@vscode/codicons/dist/codicon.ttf", "dist/codicon.ttf"],
];

function findTests(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const p = path.join(dir, e.name);
    return e.isDirectory() ? findTests(p) : /\.test\.tsx?$/.test(e.name) ? [p] : [];
  });
}

const existing = bundles.filter((b) => Object.values(b.entryPoints).every((e) => existsSync(e)));
mkdirSync("dist", { recursive: true });
for (const [from, to] of assets) cpSync(from, to);
// Where the extension comes over HTTP, folders can't be read.
const yaml = (folder) =>
  readdirSync(`walkthroughs/${folder}`)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
writeFileSync("dist/shipped.json", JSON.stringify({ scenarios: yaml("scenarios"), worlds: yaml("worlds"), tours: yaml("tours") }));
const builds = existing.map((b) => ({ ...common, ...b }));
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
  for (const folder of ["out/test/unit", "out/test/trees", "out/test/workbench"]) {
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
else await Promise.all(builds.map((b) => esbuild.build(b)));
