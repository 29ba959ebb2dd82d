// @ts-check
// Writes l10n/bundle.l10n.json: every word that a translator needs, in the order in which a reader of the code comes
// by them: what the code hands to `t`, then the texts of the tours and scenarios. With --check [FILE…] it writes
// nothing, and says what is amiss, also in the translations: those beside it, bundle.l10n.LANGUAGE.json, and the files
// that are named.
//
// Why not @vscode/l10n-dev (0.0.35): it passes over `import { t } from "@vscode/l10n"` and over strings in several
// pieces ("a " + "b"), and says nothing of either; nor does it know tours, scenarios, or a translation's live values.
import * as esbuild from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parse } from "yaml";

/** @typedef {Record<string, string | { message: string, comment: string[] }>} Bundle */

const folder = "l10n";
const name = "bundle.l10n.json";

const bundle = /** @type {Bundle} */ ({});
/** @type {string[]} */
const amiss = [];
for (const file of sources("src")) spoken(file);
const { readTour, wordsOf, liveValuesOf } = await tours();
for (const file of files("walkthroughs/tours", ".tour.yaml")) {
  const { tour } = readTour(readFileSync(file, "utf8"));
  if (!tour) amiss.push(`${file} has mistakes: see "tlbscope tour check".`);
  // A number as an answer is the same in every language.
  else for (const text of wordsOf(tour).filter((/** @type {string} */ t) => /\p{L}/u.test(t))) bundle[text] = text;
}
for (const file of files("walkthroughs/scenarios", ".yaml")) {
  const about = parse(readFileSync(file, "utf8")).about.trim();
  bundle[about] = about;
}

const text = JSON.stringify(bundle, null, 2) + "\n";
const [check, ...named] = process.argv.slice(2);
if (check === "--check") {
  if (readFileSync(path.join(folder, name), "utf8") !== text)
    amiss.push(
      `${folder}/${name} isn't what the code and the tours say. Run node scripts/words.mjs and commit what it writes.`,
    );
  for (const file of [...files(folder, ".json").filter((f) => path.basename(f) !== name), ...named]) translation(file);
} else writeFileSync(path.join(folder, name), text);
for (const line of amiss) console.error(line);
process.exitCode = amiss.length === 0 ? 0 : 1;

/**
 * Every .ts and .tsx file below a folder, in order.
 * @param {string} folder
 * @returns {string[]}
 */
function sources(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((f) => /\.tsx?$/.test(f))
    .map((f) => path.join(folder, f))
    .sort();
}

/**
 * @param {string} folder
 * @param {string} ending
 */
function files(folder, ending) {
  return readdirSync(folder)
    .filter((f) => f.endsWith(ending))
    .sort()
    .map((f) => path.join(folder, f));
}

/**
 * Takes in what a file hands to `t` or `l10n.t`: plain strings, or { message, comment }, as VS Code's own tools read
 * them.
 * @param {string} file
 */
function spoken(file) {
  const text = readFileSync(file, "utf8");
  if (!text.includes("l10n")) return;
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.ES2022,
    true,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const own = /import \{ t \} from "@vscode\/l10n"/.test(text);
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isCallExpression(node) && speaks(node.expression, own)) take(node.arguments[0], source);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/**
 * @param {ts.Expression} callee
 * @param {boolean} own
 */
function speaks(callee, own) {
  return (
    (own && ts.isIdentifier(callee) && callee.text === "t") ||
    (ts.isPropertyAccessExpression(callee) && /(^|\.)l10n\.t$/.test(callee.getText()))
  );
}

/**
 * @param {ts.Expression | undefined} said
 * @param {ts.SourceFile} source
 */
function take(said, source) {
  const text = said && plainText(said);
  const message = said && literal(said, "message"),
    comment = said && literal(said, "comment");
  if (text !== undefined) bundle[text] = text;
  else if (message !== undefined && comment !== undefined) {
    bundle[`${message}/${comment}`] = { message, comment: [comment] };
  } else {
    const { line } = source.getLineAndCharacterOfPosition(said?.getStart() ?? 0);
    amiss.push(
      `${source.fileName}:${line + 1}: t() needs a plain string, or { message, comment } of plain strings: a ` +
        "translator can't see what is put together.",
    );
  }
}

/**
 * The text of a plain string, also of one that stands in several pieces because it is long; undefined for all else.
 * @param {ts.Expression} said
 * @returns {string | undefined}
 */
function plainText(said) {
  if (ts.isStringLiteralLike(said)) return said.text;
  if (!ts.isBinaryExpression(said) || said.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const left = plainText(said.left),
    right = plainText(said.right);
  return left === undefined || right === undefined ? undefined : left + right;
}

/**
 * @param {ts.Expression} object
 * @param {string} key
 */
function literal(object, key) {
  const found = ts.isObjectLiteralExpression(object) && object.properties.find((p) => p.name?.getText() === key);
  return found && ts.isPropertyAssignment(found) ? plainText(found.initializer) : undefined;
}

/**
 * A translation has nothing that isn't said any more, and every value that the English text has.
 * @param {string} file
 */
function translation(file) {
  const values = (/** @type {string} */ t) =>
    [...liveValuesOf(t), ...(t.replace(/\$\{[^{}]*\}/g, "").match(/\{\d+\}/g) ?? [])].sort().join(" ");
  for (const [key, said] of Object.entries(/** @type {Bundle} */ (JSON.parse(readFileSync(file, "utf8"))))) {
    const english = bundle[key];
    if (english === undefined) amiss.push(`${file}: nothing says this any more: ${JSON.stringify(key)}.`);
    else if (values(messageOf(said)) !== values(messageOf(english)))
      amiss.push(
        `${file}: the translation must have the values ${values(messageOf(english)) || "(none)"}, and no others: ` +
          `${JSON.stringify(key)}.`,
      );
  }
}

/** @param {Bundle[string]} said */
function messageOf(said) {
  return typeof said === "string" ? said : said.message;
}

/** What reads tours is TypeScript. */
async function tours() {
  const contents =
    `export { readTour } from "./src/tour/format/read-tour"; export { liveValuesOf, wordsOf } from ` +
    `"./src/tour/format/translate";`;
  const built = await esbuild.build({
    stdin: { contents, resolveDir: ".", loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    logLevel: "warning",
  });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].contents).toString("base64")}`);
}
