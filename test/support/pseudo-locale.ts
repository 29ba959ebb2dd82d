/**
 * A language that nobody speaks: English with each letter replaced by a Greek or Cyrillic one. Whatever is still in
 * Latin letters
 * in a text was not translated, or is a name or a value of the machine.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { config } from "@vscode/l10n";
import { packageRoot } from "../../src/cli/node-host";

type Bundle = Record<string, string | { message: string; comment: string[] }>;

const letters = "абцдефгхижклмнопqрстуввщыз".replace("q", "ϙ");

/** What has to come through a translation as it is: live values, places of arguments, code, links, icons. */
const kept = /\$\{[^{}]*\}|\{\d+\}|`[^`]*`|\]\([^)]*\)|\$\([\w-]+\)/g;

export function pseudo(english: string): string {
  let out = "",
    last = 0;
  const foreign = (text: string) => text.replace(/[a-z]/gi, (c) => letters[c.toLowerCase().charCodeAt(0) - 97]);
  for (const m of english.matchAll(kept)) {
    out += foreign(english.slice(last, m.index)) + m[0];
    last = m.index + m[0].length;
  }
  return out + foreign(english.slice(last));
}

/** The whole bundle in that language, as a translator would give it. */
export function pseudoBundle(): Record<string, string> {
  const bundle = JSON.parse(readFileSync(path.join(packageRoot(), "l10n/bundle.l10n.json"), "utf8")) as Bundle;
  return Object.fromEntries(
    Object.entries(bundle).map(([key, said]) => [key, pseudo(typeof said === "string" ? said : said.message)]),
  );
}

/** Runs something with every word of the project in that language. */
export function inPseudoLocale<T>(run: (bundle: Record<string, string>) => T): T {
  const bundle = pseudoBundle();
  config({ contents: bundle });
  try {
    return run(bundle);
  } finally {
    config({ contents: {} });
  }
}

/** What of a Markdown text is in Latin letters, outside of code, links and icons: words of two letters and more. */
export function untranslated(markdown: string): string[] {
  return (
    markdown
      .replace(/```[\s\S]*?```/g, "")
      .replace(kept, "")
      .replace(/<[^>]*>/g, "")
      .match(/[A-Za-z][A-Za-z']+/g) ?? []
  );
}
