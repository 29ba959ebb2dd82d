// @ts-check
// The licences of what is bundled from others: each of them asks that its text goes along.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The text of dist/NOTICES.txt. Throws where a package has no licence to be found: somebody has to look.
 * @param {Iterable<string>} inputs Paths of bundled or copied files, below the project's folder.
 */
export function notices(inputs) {
  const folders = new Set([...inputs].flatMap((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const text = readdirSync(folder)
      .filter((file) => /^licen[cs]e/i.test(file))
      .map((file) => readFileSync(path.join(folder, file), "utf8").trim())
      .join("\n\n");
    if (!license && !text) throw new Error(`${folder} says nothing of a licence.`);
    return `${name} ${version} (${license})\n\n${text}`;
  });
  const line = `\n\n${"-".repeat(80)}\n\n`;
  return `TLBscope's own licence is in LICENSE. It contains:${["", ...parts].join(line)}\n`;
}
