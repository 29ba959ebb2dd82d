/**
 * The built-in edition's compact files: a file that is one function long, and yet shows it at line 2999.
 * See walkthroughs/edition/README.md.
 */

/** Stands near the top of each of the edition's files. */
export const EDITION_MARK = "TLBscope's own small edition";

/** First line of a compact file: the line that follows it is shown as line N. */
const header = /^\/\* tlbscope: line ([1-9][0-9]{0,5}) \*\/[ \t]*(\r?\n|$)/;

/**
 * Replaces the header line `tlbscope: line N` by a sentence on line 1 and blank lines up to N - 1, so that all the rest
 * stands on its lines. With N = 1 there is no room for the sentence and the header just goes.
 * Text without that header is returned as it is.
 */
export function expandEdition(text: string): string {
  const match = header.exec(text);
  if (!match) return text;
  const line = Number(match[1]);
  const end = match[2] || "\n";
  const body = text.slice(match[0].length);
  if (line === 1) return body;
  return (
    `/* ${EDITION_MARK} (MIT), not a kernel's file: it starts at line ${line}, so that its steps stand on the ` +
    "lines that the tour names. */" +
    end.repeat(line - 1) +
    body
  );
}
