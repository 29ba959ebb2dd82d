/** The name of the kernel whose files are simulated. */
import { t } from "@vscode/l10n";
import { EDITION_MARK } from "../../kernel/edition";
import type { SourceFile } from "../../kernel/syntax/source";
import { eraOf } from "./kernel-era";

/**
 * `Linux 2.6.37` from the tree's Makefile, else the releases that its code fits; without a tree's files it is the
 * built-in edition.
 */
export function kernelName(files: readonly SourceFile[]): string {
  const makefile = files.find((f) => f.path === "Makefile");
  const field = (name: string) =>
    makefile === undefined ? "" : (new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)`, "m").exec(makefile.text)?.[1] ?? "");
  const [version, patch, sub, extra] = ["VERSION", "PATCHLEVEL", "SUBLEVEL", "EXTRAVERSION"].map(field);
  if (version !== "") return `Linux ${[version, patch, sub].filter((n) => n !== "").join(".")}${extra}`;
  const own = files.filter((f) => f.origin === "open" || f.origin === "tree");
  // A working copy of the edition is a tree too; its files say what they are near their top.
  const theirs = own.filter((f) => !f.text.slice(0, 200).includes(EDITION_MARK));
  return theirs.length > 0 ? (eraOf(theirs) ?? t("kernel tree")) : t("built-in edition");
}
