// Draws every sample state in every theme and width: PNG files in out/panel-gallery. For looking at, not a test.
//   node esbuild.mjs && node test/panel-gallery/render.mjs [theme [width [state]]]
// The browser is $CHROME, or a Chromium that is found on this machine.
import { build } from "esbuild";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const out = path.resolve("out/panel-gallery");
mkdirSync(out, { recursive: true });
await build({
  entryPoints: ["test/panel-gallery/shoot.ts"],
  outfile: path.join(out, "shoot.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
});
const { shoot } = await import(pathToFileURL(path.join(out, "shoot.mjs")).href);
await shoot(out, process.argv.slice(2));
