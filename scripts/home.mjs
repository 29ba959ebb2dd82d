// @ts-check
// node scripts/home.mjs [https://github.com/OWNER/NAME [FOLDER]] [--publisher ID]: says where the project's public home
// is, and who publishes the extension. Every address of the home is written again: package.json's fields, the README's
// badge, and links in all other texts. ID is the publisher's at VS Code's marketplace, and its namespace at Open VSX.
// Without an address, prints the present one. FOLDER is the checkout; this one unless said otherwise.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { placeholder } from "./placeholder.mjs";
import { root } from "./vscode-web/paths.mjs";

/** Between these comments the README shows the badge; nothing while there is no home. */
const badge = /(<!-- badge -->)[\s\S]*?(<!-- \/badge -->)/;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { publisher: { type: "string" } } });
const [given, folder = root] = positionals;
const file = (/** @type {string} */ name) => path.join(folder, name);
const read = (/** @type {string} */ name) => readFileSync(file(name), "utf8");

/** @type {string} */
const before = JSON.parse(read("package.json")).repository.url.replace(/\.git$/, "");
if (given === undefined) console.log(before === placeholder ? "There is no public home yet." : before);
else if (!/^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]*\w$/.test(given) || given.endsWith(".git")) {
  console.error(`"${given}" is no address of a repository. Write it as https://github.com/OWNER/NAME, without ".git".`);
  process.exitCode = 2;
} else {
  for (const name of texts()) {
    const text = read(name);
    const moved = published(name, text.replaceAll(before, given).replace(badge, badgeOf(given)));
    if (moved !== text) {
      writeFileSync(file(name), moved);
      console.log(name);
    }
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function published(name, text) {
  const { publisher } = values;
  if (publisher === undefined || name !== "package.json") return text;
  return text.replace(/("publisher": )"[^"]*"/, (_, key) => key + JSON.stringify(publisher));
}

/**
 * The state of the workflow, which GitHub draws.
 * @param {string} home
 */
function badgeOf(home) {
  const ci = `${home}/actions/workflows/ci.yml`;
  return home.startsWith("https://github.com/") && home !== placeholder
    ? `$1\n[![CI](${ci}/badge.svg)](${ci})\n$2`
    : "$1$2";
}

/** The files that may name the home: package.json, the texts beside it, and all below .github. */
function texts() {
  const top = readdirSync(folder).filter((name) => name === "package.json" || name.endsWith(".md"));
  const github = existsSync(file(".github"))
    ? readdirSync(file(".github"), { recursive: true, encoding: "utf8" }).filter((name) => /\.(md|yml)$/.test(name))
    : [];
  return [...top, ...github.map((name) => path.join(".github", name))];
}
