// @ts-check
// The kernel trees of Debian's linux-source packages, for the tests that take trees from outside: fetched by apt into
// out/kernels, and only the files that hold the protocol unpacked.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "./vscode-web/paths.mjs";

const versions = ["6.1", "6.12"];
/** Folders and files of a tree; what is not there in a version is passed over. */
const wanted = [
  "Makefile",
  "kernel/sched/core.c",
  "kernel/sched/sched.h",
  "kernel/fork.c",
  "fs/exec.c",
  "mm/init-mm.c",
  "arch/x86/mm/tlb.c",
  "arch/x86/mm/init.c",
  "arch/x86/xen/mmu_pv.c",
  "arch/x86/include/asm/mmu_context.h",
  "arch/x86/include/asm/tlbflush.h",
  "arch/x86/include/asm/mmu.h",
  "arch/x86/include/asm/irq_vectors.h",
  "include/linux/sched.h",
  "include/linux/sched/mm.h",
  "include/linux/mmap_lock.h",
];

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 */
const run = (command, args, cwd) => spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });

/**
 * Folders of the trees that could be had. Where there is no apt, or it has no such package, that is said and passed
 * over.
 * @returns {string[]}
 */
export function debianKernels() {
  const dir = path.join(root, "out/kernel-trees");
  mkdirSync(dir, { recursive: true });
  return versions.flatMap((version) => {
    const tree = path.join(dir, `linux-source-${version}`);
    if (existsSync(path.join(tree, "Makefile"))) return [tree];
    const reason = fetchTree(dir, version);
    if (reason === undefined) return [tree];
    console.log(`linux-source-${version} is not tested: ${reason}`);
    return [];
  });
}

/**
 * @param {string} dir
 * @param {string} version
 * @returns {string | undefined} Why it could not be had.
 */
function fetchTree(dir, version) {
  const name = `linux-source-${version}`;
  if (run("apt-get", ["--version"]).error) return "there is no apt-get here.";
  const fetched = run("apt-get", ["download", name], dir);
  const deb = readdirSync(dir).find((f) => f.startsWith(`${name}_`) && f.endsWith(".deb"));
  if (!deb) return `apt-get can't download it (${(fetched.stderr || "no reason given").trim().split("\n").at(-1)}).`;
  try {
    const archive = `./usr/src/${name}.tar.xz`;
    const files = wanted.map((f) => `${name}/${f}`);
    const unpack = 'dpkg-deb --fsys-tarfile "$1" | tar -xO "$2" | tar -xJ "${@:3}"';
    run("bash", ["-c", unpack, "unpack", deb, archive, ...files], dir);
    return existsSync(path.join(dir, name, "Makefile"))
      ? undefined
      : "its package can't be unpacked with dpkg-deb, tar and xz.";
  } finally {
    rmSync(path.join(dir, deb), { force: true });
  }
}
