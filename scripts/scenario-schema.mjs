// Writes walkthroughs/schema/scenario.schema.json from src/scenario/schema.ts, where the form of a scenario is said.
import * as esbuild from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";

const bundle = await esbuild.build({ entryPoints: ["src/scenario/schema.ts"], bundle: true, write: false, format: "esm", platform: "node", logLevel: "warning" });
const { scenarioJsonSchema } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString("base64")}`);
mkdirSync("walkthroughs/schema", { recursive: true });
writeFileSync("walkthroughs/schema/scenario.schema.json", JSON.stringify(scenarioJsonSchema(), null, 2) + "\n");
