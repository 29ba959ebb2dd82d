import { readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../src/cli/node-host";

const { publisher, name } = JSON.parse(readFileSync(path.join(packageRoot(), "package.json"), "utf8")) as {
  publisher: string;
  name: string;
};

/** The extension's id as VS Code knows it: package.json says who publishes it. */
export const extensionId = `${publisher}.${name}`;
