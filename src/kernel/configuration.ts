/** The configuration options that the open files are read under. */
import { t } from "@vscode/l10n";
import { MAX_CPUS } from "./primitives/vocabulary";
import { optionsOf, type Settings } from "./settings";
import type { Config } from "./syntax/conditionals";
import type { SourceFile } from "./syntax/source";
import { treeOptions, type TreeOption } from "./tree/tree-options";

/** Options of an x86-64 kernel for several CPUs. */
const common: [string, number][] = [
  ["CONFIG_SMP", 1],
  ["CONFIG_X86", 1],
  ["CONFIG_X86_64", 1],
  ["CONFIG_64BIT", 1],
  ["CONFIG_MMU", 1],
  ["CONFIG_PGTABLE_LEVELS", 4],
  ["CONFIG_MODIFY_LDT_SYSCALL", 1],
  ["CONFIG_MMU_LAZY_TLB_REFCOUNT", 1],
  ["CONFIG_ARCH_WANT_BATCHED_UNMAP_TLB_FLUSH", 1], // arch/x86/Kconfig selects it, from 4.3 on
  ["__KERNEL__", 1],
  ["NR_CPUS", MAX_CPUS],
  ["CONFIG_NR_CPUS", MAX_CPUS],
];
const configs: Record<"native" | "xen", Config> = {
  native: new Map(common),
  xen: new Map([
    ...common,
    ["CONFIG_PARAVIRT", 1],
    ["CONFIG_XEN", 1],
    ["CONFIG_PARAVIRT_XXL", 1],
    ["CONFIG_XEN_PV", 1],
  ]),
};

/** Configurations that a session has changed, by what it changes. */
const changed = new Map<string, Config>();

/** The configuration that files are read under on a platform; the same object for the same settings. */
export function configOf(platform: "native" | "xen", settings: Settings = {}): Config {
  const options = Object.entries({ ...optionsOf(settings), ...settings })
    .filter(([name]) => name.startsWith("CONFIG_"))
    .sort();
  if (options.length === 0) return configs[platform];
  const key = JSON.stringify([platform, options]);
  let config = changed.get(key);
  if (!config) {
    // An option that is off isn't defined, as in the kernel.
    config = new Map(
      [...new Map([...configs[platform], ...options])].filter(
        ([name, value]) => !(name.startsWith("CONFIG_") && value === 0),
      ),
    );
    changed.set(key, config);
  }
  return config;
}

/** Options that the model decides, whatever a tree says: its processor, and what the scenario's platform is made of. */
const ofModel: ReadonlySet<string> = new Set([
  "CONFIG_SMP",
  "CONFIG_X86",
  "CONFIG_X86_32",
  "CONFIG_X86_64",
  "CONFIG_64BIT",
  "CONFIG_MMU",
  "CONFIG_NR_CPUS",
  "CONFIG_PARAVIRT",
  "CONFIG_PARAVIRT_XXL",
  "CONFIG_XEN",
  "CONFIG_XEN_PV",
  // A lock of the machine is held or not: it remembers no owner.
  "CONFIG_DEBUG_SPINLOCK",
]);

const asked = new WeakMap<SourceFile, readonly string[]>();

/** The options that a piece of source asks for, each once. */
export const optionsNamedIn = (text: string): string[] => [...new Set(text.match(/\bCONFIG_\w+/g))];

/** The options that a file asks for. */
function optionsAskedBy(file: SourceFile): readonly string[] {
  let names = asked.get(file);
  if (!names) asked.set(file, (names = optionsNamedIn(file.text)));
  return names;
}

/**
 * Options that a tree's Kconfig may ask for, and that kernels are built with though they are off unless chosen. Source:
 * arch/x86/configs/x86_64_defconfig of 5.10 and later, and what distributions ship.
 */
const usual: [string, number][] = [["CONFIG_PARAVIRT", 1]];

/** What the files of a program are read under. */
export interface Configuration {
  config: Config;
  /** Options that the tree decided. */
  ofTree: ReadonlyMap<string, TreeOption>;
  /** Who decided a setting, as a phrase. */
  sourceOf(name: string): string;
}

/** The configuration of these files: the session's settings go before what the tree says, and that before ours. */
export function configurationOf(
  files: readonly SourceFile[],
  platform: "native" | "xen",
  settings: Settings,
): Configuration {
  const decided = Object.entries({ ...optionsOf(settings), ...settings });
  const option = treeOptions(files, new Map([...usual, ...configs[platform], ...decided]));
  const names = new Set(files.filter((f) => f.origin !== "build").flatMap(optionsAskedBy));
  const found = new Map(
    [...names].flatMap((name): [string, TreeOption][] => {
      const value = ofModel.has(name) || Object.hasOwn(settings, name) ? undefined : option(name);
      return value ? [[name, value]] : [];
    }),
  );
  const values = Object.fromEntries([...found].map(([name, { value }]) => [name, value]));
  return {
    config: configOf(platform, { ...values, ...settings }),
    ofTree: found,
    sourceOf: (name) =>
      Object.hasOwn(settings, name) ? t("the scenario") : (found.get(name)?.source ?? t("TLBscope's default")),
  };
}
