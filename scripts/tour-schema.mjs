// Writes walkthroughs/schema/tour.schema.json from src/tour/schema.ts, where the form of a tour is said.
import * as esbuild from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";

const bundle = await esbuild.build({ entryPoints: ["src/tour/schema.ts"], bundle: true, write: false, format: "esm", platform: "node", logLevel: "warning" });
const { tourJsonSchema } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString("base64")}`);
mkdirSync("walkthroughs/schema", { recursive: true });
writeFileSync("walkthroughs/schema/tour.schema.json", JSON.stringify(tourJsonSchema(), null, 2) + "\n");
