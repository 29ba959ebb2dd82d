/**
 * Takes the words in the reader's language from the page, before anything asks for one: the webview's entry imports
 * this first.
 */
import { config } from "@vscode/l10n";

const given = document.getElementById("words")?.textContent;
if (given) config({ contents: given });
