// Writes walkthroughs/schema/*.schema.json from the source, where the forms of a scenario and of a tour are said.
import * as esbuild from "esbuild";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-schemas-"));
try {
  await esbuild.build({
    entryPoints: { scenario: "src/scenario/scenario-schema.ts", tour: "src/tour/format/tour-schema.ts" },
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    format: "cjs",
    platform: "node",
    logLevel: "warning",
  });
  const load = createRequire(`${folder}/`);
  const schemas = { scenario: load("./scenario.cjs").scenarioJsonSchema(), tour: load("./tour.cjs").tourJsonSchema() };
  mkdirSync("walkthroughs/schema", { recursive: true });
  for (const [name, schema] of Object.entries(schemas))
    writeFileSync(`walkthroughs/schema/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
