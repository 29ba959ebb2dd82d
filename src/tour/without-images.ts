/** Words without images: one would be loaded from wherever its address says, as soon as the words are shown. */

/**
 * Markdown in which what would be an image is a link, which nothing follows but the reader's click. A tour of a folder
 * is anybody's text. What stands in code stays as it is.
 */
export const withoutImages = (markdown: string): string =>
  markdown.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|!\[/g, (found) => (found === "![" ? "\\![" : found));
