/**
 * Settings of a session: configuration options, CPU features and static keys that the source asks for. A compiler or
 * the boot code would have decided them; here each has a default that a scenario can change.
 */

/**
 * Names as the source spells them (`CONFIG_DEBUG_VM`, `X86_FEATURE_PCID`, `switch_mm_cond_ibpb`), with their values.
 */
export type Settings = Readonly<Record<string, number>>;

/** A setting that the source asked for, for showing it. */
export interface Setting {
  name: string;
  value: number;
  kind: "option" | "feature" | "key";
  /** Who decided it, as a phrase: `the scenario`, `.config`, `arch/x86/Kconfig selects it`, `TLBscope's default`. */
  source: string;
}

/**
 * CPU features that processors of the last ten years have; all others are absent. Source:
 * arch/x86/include/asm/cpufeatures.h.
 */
export const features: Settings = {
  X86_FEATURE_PCID: 1,
  X86_FEATURE_PGE: 1,
  X86_FEATURE_INVPCID: 1,
  X86_FEATURE_XMM2: 1,
  X86_FEATURE_PSE: 1,
};

/** Is this CPU feature there? Anything that no entry names is absent: each only adds code to what is simulated. */
export function featureOf(name: string, settings: Settings, platform: "native" | "xen"): number {
  if (Object.hasOwn(settings, name)) return settings[name];
  if (name === "X86_FEATURE_XENPV") return +(platform === "xen");
  // Xen's paravirtual guests see no PCID (xen_init_capabilities() in arch/x86/xen/enlighten_pv.c).
  if (platform === "xen" && /^X86_FEATURE_(PCID|INVPCID)$/.test(name)) return 0;
  return Object.hasOwn(features, name) ? features[name] : 0;
}

/**
 * Do user mode and the kernel have page tables of their own, distinguished by PCIDs? Without PCIDs this isn't modelled,
 * nor under Xen, which does it itself.
 */
export const isolates = (settings: Settings, platform: "native" | "xen"): boolean =>
  platform === "native" && ["X86_FEATURE_PTI", "X86_FEATURE_PCID"].every((f) => featureOf(f, settings, platform) !== 0);

/** Options that a feature can't be there without. Source: arch/x86/Kconfig; the second name is that from 6.9 on. */
export const optionsOf = (settings: Settings): Settings => ({
  ...(settings.X86_FEATURE_PTI ? { CONFIG_PAGE_TABLE_ISOLATION: 1, CONFIG_MITIGATION_PAGE_TABLE_ISOLATION: 1 } : {}),
  ...(settings.X86_FEATURE_LAM ? { CONFIG_ADDRESS_MASKING: 1 } : {}),
  ...(settings.X86_FEATURE_INVLPGB ? { CONFIG_BROADCAST_TLB_FLUSH: 1 } : {}),
});
