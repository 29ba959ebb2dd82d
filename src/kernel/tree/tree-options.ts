/** What a kernel tree says of its configuration options: its `.config`, what a build has left, or its Kconfig. */
import { t } from "@vscode/l10n";
import type { SourceFile } from "../syntax/source";
import { readKconfig, type Kconfig } from "./kconfig";
import { KconfigValues } from "./kconfig-values";
import { MAKEFILE } from "./release";

/** An option's value and where it is from: `arch/x86/Kconfig selects it`, `.config`. */
export interface TreeOption {
  value: number;
  source: string;
}

/** Configurations that a build leaves in its tree, the best first. */
const configured: readonly string[] = [".config", "include/generated/autoconf.h"];

/** Where the options that the protocol's files ask for are declared and selected. */
const kconfigs: readonly string[] = [
  "arch/x86/Kconfig",
  "arch/x86/Kconfig.cpu",
  "arch/x86/xen/Kconfig",
  "arch/Kconfig",
  "mm/Kconfig",
  "init/Kconfig",
  "security/Kconfig",
  "kernel/Kconfig.preempt",
];

/** Paths of the files that say how a tree is built, each read where it exists; their origin is `build`. */
export const buildPaths: readonly string[] = [...configured, ...kconfigs, MAKEFILE];

/** A longer one is left out: the longest of a kernel's has some 300,000 characters. */
const LENGTH_LIMIT = 2_000_000;

const kept = new WeakMap<SourceFile, { files: readonly SourceFile[]; kconfig: Kconfig }>();

/**
 * Answers for options, by their names with CONFIG_. `given` are those that are decided whatever the tree says.
 * Undefined for an option that the tree's files don't know.
 */
export function treeOptions(
  files: readonly SourceFile[],
  given: ReadonlyMap<string, number>,
): (name: string) => TreeOption | undefined {
  const build = files.filter((f) => f.origin === "build" && f.text.length <= LENGTH_LIMIT);
  for (const path of configured) {
    const file = build.find((f) => f.path === path);
    const options = file && optionsIn(file.text);
    // One for another machine than the model's says nothing about it.
    if (options?.get("CONFIG_X86_64") !== 1 || options.get("CONFIG_SMP") !== 1) continue;
    return (name) => ({ value: options.get(name) ?? 0, source: path });
  }
  const values = new KconfigValues(
    kconfigOf(build.filter((f) => kconfigs.includes(f.path))),
    new Map(
      [...given].map(([name, value]) => [name.replace(/^CONFIG_/, ""), value === 1 ? "y" : value ? `${value}` : "n"]),
    ),
  );
  return (name) => fromKconfig(values, name.replace(/^CONFIG_/, ""));
}

function fromKconfig(values: KconfigValues, name: string): TreeOption | undefined {
  if (!values.declares(name)) return undefined;
  const { value, by } = values.of(name);
  const number = value === "y" || value === "m" ? 1 : Number(value);
  const source =
    by?.kind === "select"
      ? by.condition === ""
        ? t("{0} selects it", by.path)
        : t("{0} selects it if {1}", by.path, by.condition.replace(/^\(([^()]*)\)$/, "$1"))
      : by
        ? t("the default of {0}", by.path)
        : t("off in Kconfig unless it is chosen");
  return { value: Number.isInteger(number) ? number : 0, source };
}

/** The options of a `.config` or an autoconf.h that are on or are numbers. */
function optionsIn(text: string): Map<string, number> {
  const options = new Map<string, number>();
  for (const [, name, value] of text.matchAll(/^(?:#define )?(CONFIG_\w+)[= ](\S+)[ \t\r]*$/gm)) {
    const number = value === "y" || value === "m" ? 1 : Number(value);
    if (Number.isInteger(number)) options.set(name, number);
  }
  return options;
}

/** Read once for the same files. */
function kconfigOf(files: readonly SourceFile[]): Kconfig {
  if (files.length === 0) return readKconfig([]);
  const before = kept.get(files[0]);
  if (before && before.files.length === files.length && before.files.every((f, i) => f === files[i]))
    return before.kconfig;
  const kconfig = readKconfig(files);
  kept.set(files[0], { files, kconfig });
  return kconfig;
}
