/**
 * The reader's language. VS Code loads l10n/bundle.l10n.<language>.json for its display language: this extension's own
 * code asks for a translation with `vscode.l10n.t`; code that also runs elsewhere (tours, exports, the panel) with `t`
 * of @vscode/l10n, which is given the same bundle here; and the texts of tours and scenarios are looked up whole.
 */
import { config } from "@vscode/l10n";
import * as vscode from "vscode";

/** Before anything is said. */
export function speakTheReadersLanguage(): void {
  config({ contents: vscode.l10n.bundle ?? {} });
}

/** A text of a tour or a scenario, which the bundle has as a whole. */
export const inReadersLanguage = (english: string): string => vscode.l10n.bundle?.[english] ?? english;

/** For the panel's page: the language that the words are in, and the words. */
export function panelLanguage(): { language?: string; words?: Record<string, string> } {
  const words = vscode.l10n.bundle;
  return words ? { language: vscode.env.language, words } : {};
}
