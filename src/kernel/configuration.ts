/** The configuration options that the open files are read under. */
import { MAX_CPUS } from "./primitives/vocabulary";
import { optionsOf, type Settings } from "./settings";
import type { Config } from "./syntax/conditionals";

/** Options of an x86-64 kernel for several CPUs. */
const common: [string, number][] = [
  ["CONFIG_SMP", 1],
  ["CONFIG_X86", 1],
  ["CONFIG_X86_64", 1],
  ["CONFIG_64BIT", 1],
  ["CONFIG_MMU", 1],
  ["CONFIG_MODIFY_LDT_SYSCALL", 1],
  ["CONFIG_MMU_LAZY_TLB_REFCOUNT", 1],
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
