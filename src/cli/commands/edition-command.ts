/** `tlbscope edition DIR`: the built-in edition as files, to read, to change, and to check as a tree. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { editionPaths } from "../../kernel/companions";
import { expandEdition } from "../../kernel/edition";
import { packageRoot } from "../node-host";

/** Writes the files below `dir`, which is made where there is none; files of the same name are replaced. */
export function writeEdition(dir: string): number {
  const from = path.join(packageRoot(), "walkthroughs", "edition");
  for (const p of editionPaths) {
    const to = path.join(dir, p);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, expandEdition(readFileSync(path.join(from, p), "utf8")));
  }
  cpSync(path.join(from, "README.md"), path.join(dir, "README.md"));
  console.log(`The built-in edition is in ${dir}.`);
  return 0;
}
