/** The name of the kernel whose files are simulated. */
import type { SourceFile } from "../kernel/source";

/** `Linux 2.6.37` from the tree's Makefile; without a tree's files it is the built-in edition. */
export function kernelName(files: readonly SourceFile[]): string {
  const makefile = files.find((f) => f.path === "Makefile");
  const field = (name: string) => (makefile === undefined ? "" : new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)`, "m").exec(makefile.text)?.[1] ?? "");
  const [version, patch, sub, extra] = ["VERSION", "PATCHLEVEL", "SUBLEVEL", "EXTRAVERSION"].map(field);
  if (version !== "") return `Linux ${[version, patch, sub].filter((n) => n !== "").join(".")}${extra}`;
  return files.some((f) => f.origin === "open" || f.origin === "tree") ? "kernel tree" : "built-in edition";
}
