/** Lists and lengths in sentences, in the reader's language. */
import { t } from "@vscode/l10n";

/** `CPU0, CPU1 and CPU2`. */
export const joined = (list: readonly string[]): string =>
  list.length < 2
    ? list.join("")
    : t({ message: "{0} and {1}", args: [list.slice(0, -1).join(", "), list.at(-1)!], comment: "joins a list" });

/**
 * Where an execution of `n` steps ends: `34 steps`. A violation before the first step is one of the boot code.
 */
export const stepsText = (n: number): string => (n > 0 ? t("{0} steps", n) : t("before the first step"));
