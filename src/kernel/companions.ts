/**
 * Files of a kernel tree that belong to the protocol, by the paths they have had. Files elsewhere take part once they
 * are open.
 */

/** Paths from the tree's root, each read when it exists. Source: the trees of 2.6.30 to 3.1 and their renames since. */
export const companionPaths: readonly string[] = [
  "kernel/sched.c",
  "kernel/sched/core.c",
  "kernel/sched/sched.h",
  "arch/x86/include/asm/mmu_context.h",
  "arch/x86/include/asm/tlbflush.h",
  "arch/x86/include/asm/tlb.h",
  "arch/x86/mm/tlb.c",
  "arch/x86/include/asm/mmu.h",
  "arch/x86/include/asm/tlbbatch.h",
  "arch/x86/mm/init.c",
  "mm/init-mm.c",
  "arch/x86/include/asm/irq_vectors.h",
  "arch/x86/xen/mmu.c",
  "arch/x86/xen/mmu_pv.c",
  "fs/exec.c",
  "include/linux/sched.h",
  "include/linux/sched/mm.h",
  "include/linux/mmap_lock.h",
  "kernel/fork.c",
  "mm/rmap.c",
];

/** Those that every tree has, from 2.6.30 to today. */
const everywhere: readonly string[] = [
  "arch/x86/include/asm/mmu_context.h",
  "arch/x86/include/asm/tlbflush.h",
  "arch/x86/mm/tlb.c",
  "fs/exec.c",
  "include/linux/sched.h",
  "kernel/fork.c",
];

/** Files of the protocol that every kernel tree has, and that are not among these. */
export const missingCompanions = (paths: readonly string[]): string[] => everywhere.filter((p) => !paths.includes(p));

/** The built-in edition's files, under its own folder, and the environment beside it. */
export const editionPaths: readonly string[] = [
  "kernel/sched.c",
  "arch/x86/include/asm/mmu_context.h",
  "arch/x86/include/asm/tlbflush.h",
  "arch/x86/mm/tlb.c",
  "arch/x86/xen/mmu.c",
  "fs/exec.c",
  "include/linux/sched.h",
  "kernel/fork.c",
];

/**
 * The root of the tree that a path belongs to: what stands before a companion's path, or undefined. `path` uses
 * forward slashes.
 */
export function treeRootOf(path: string): string | undefined {
  for (const companion of companionPaths) {
    if (path === companion) return "";
    if (path.endsWith("/" + companion)) return path.slice(0, -companion.length - 1);
  }
  // Any other file of a kernel tree: its top folders have these names.
  const m = /^(.*?)\/(?:arch\/x86|kernel|mm|fs|include\/(?:linux|asm-generic))\/[^/]/.exec(path);
  return m?.[1];
}
