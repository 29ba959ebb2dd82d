/** Which settings there are: a name that nothing asks for is a mistake, not a setting without effect. */
import { configOf } from "./configuration";
import type { Program } from "./ir";
import { FLUSH_SETTING } from "./promise";
import { features, optionsOf } from "./settings";

/**
 * Names that some kernel asks for, or this model. A scenario is run on many kernels, and means something where they ask
 * for it.
 */
const known: ReadonlySet<string> = new Set([
  FLUSH_SETTING,
  "time_passes",
  "global_asids",
  ...Object.keys(features),
  "X86_FEATURE_XENPV",
  "X86_FEATURE_INVPCID_SINGLE",
  ...["X86_FEATURE_PTI", "X86_FEATURE_LAM", "X86_FEATURE_INVLPGB"].flatMap((feature) => [
    feature,
    ...Object.keys(optionsOf({ [feature]: 1 })),
  ]),
  ...[...configOf("native").keys(), ...configOf("xen").keys()].filter((name) => name.startsWith("CONFIG_")),
  "CONFIG_ARCH_WANT_IRQS_OFF_ACTIVATE_MM",
  "CONFIG_DEBUG_VM",
  "CONFIG_MMU_LAZY_TLB_SHOOTDOWN",
  "CONFIG_PROVE_LOCKING",
  "CONFIG_VMAP_STACK",
  "switch_mm_always_ibpb",
  "switch_mm_cond_ibpb",
  "switch_mm_cond_l1d_flush",
]);

/** The known settings, and those that this program asked for when it was read. */
export const settingNames = (program: Program): string[] => [
  ...new Set([...program.settings.map((s) => s.name), ...known]),
];

/** The first of these names that is no setting, neither a known one nor one that the program's source has. */
export const unknownSetting = (program: Program, names: readonly string[]): string | undefined =>
  names.find(
    (name) => !known.has(name) && !program.settings.some((s) => s.name === name) && !isInSource(program, name),
  );

/**
 * Does the source ask for it anywhere? Conditions of the preprocessor ask for options without leaving a trace in the
 * program, and what stands under a condition that is off isn't lowered.
 */
function isInSource({ files }: Program, name: string): boolean {
  if (!/^[A-Za-z_]\w*$/.test(name)) return false;
  const asks = /^(CONFIG_|X86_FEATURE_|X86_BUG_)/.test(name)
    ? new RegExp(`\\b${name}\\b`)
    : new RegExp(`\\b(static_\\w+|D\\w+_STATIC_KEY\\w*|tlbscope_setting)\\s*\\(\\s*&?\\s*${name}\\b`);
  return files.some((f) => f.text.includes(name) && asks.test(f.text));
}
