/** Lists in sentences, in the reader's language. */
import { t } from "@vscode/l10n";

/** `CPU0, CPU1 and CPU2`. */
export const joined = (list: readonly string[]): string => (list.length < 2 ? list.join("") : t({ message: "{0} and {1}", args: [list.slice(0, -1).join(", "), list.at(-1)!], comment: "joins a list" }));
