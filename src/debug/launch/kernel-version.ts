/** The name of the kernel whose files are simulated. */
import { t } from "@vscode/l10n";
import { EDITION_MARK } from "../../kernel/edition";
import type { SourceFile } from "../../kernel/syntax/source";
import { eraOf, releaseOf } from "../../kernel/tree/release";

/**
 * `Linux 2.6.37` from the tree's Makefile, else the releases that its code fits; without a tree's files it is the
 * built-in edition.
 */
export function kernelName(files: readonly SourceFile[]): string {
  const release = releaseOf(files);
  if (release !== undefined) return `Linux ${release}`;
  const own = files.filter((f) => f.origin === "open" || f.origin === "tree");
  // A working copy of the edition is a tree too; its files say what they are near their top.
  const theirs = own.filter((f) => !f.text.slice(0, 200).includes(EDITION_MARK));
  return theirs.length > 0 ? (eraOf(theirs) ?? t("kernel tree")) : t("built-in edition");
}
