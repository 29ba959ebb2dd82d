/**
 * The Markdown that tours are written in, as HTML: CommonMark and GitHub's tables.
 * Tours come from files that anyone may have written, so raw HTML is shown as text, pictures aren't loaded, and a link
 * whose protocol could run something is only its words.
 */
import { micromark } from "micromark";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";

/** Text as HTML, in an element or in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]!);

/** A page needs nothing from elsewhere: `![…](…)` is a link behind an exclamation mark. */
const noPictures = { disable: { null: ["labelStartImage"] } };

/** What makes a block of a line by how it begins or ends, by micromark's names. */
const oneLine = {
  disable: {
    null: [
      "blockQuote",
      "codeFenced",
      "codeIndented",
      "definition",
      "headingAtx",
      "htmlFlow",
      "list",
      "setextUnderline",
      "thematicBreak",
    ],
  },
};

/** Words within a line. */
export function inlineHtml(text: string): string {
  const html = micromark(text.replace(/\s+/g, " ").trim(), { extensions: [noPictures, oneLine] });
  return withoutDeadLinks(html.replace(/^<p>|<\/p>$/g, ""));
}

/** A text of several paragraphs. Headings become `h4` and below, for they stand within a step. */
export function proseHtml(markdown: string): string {
  const html = micromark(markdown, { extensions: [noPictures, gfmTable()], htmlExtensions: [gfmTableHtml()] });
  // No other tags than micromark's own are in it: those of the text are escaped.
  return withoutDeadLinks(html).replace(
    /(<\/?h)([1-6])>/g,
    (_, tag, level) => `${tag}${Math.min(6, Number(level) + 3)}>`,
  );
}

/** micromark gives a link that isn't safe to follow an empty address; that would be the page itself. */
const withoutDeadLinks = (html: string): string => html.replace(/<a href=""[^>]*>(.*?)<\/a>/gs, "$1");
