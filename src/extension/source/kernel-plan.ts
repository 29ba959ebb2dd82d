/**
 * What *Get a kernel tree* fetches: a sparse clone of one tag, with the folders that TLBscope reads and a reader wants
 * beside them.
 */

/**
 * Tags whose protocol is told apart in the tours; those before the two fixes of 2011 first, then those with them, then
 * today's.
 */
export const kernelTags: { tag: string; has: "races" | "fixes" | "generations" }[] = [
  { tag: "v2.6.37", has: "races" },
  { tag: "v2.6.32", has: "races" },
  { tag: "v3.0", has: "fixes" },
  { tag: "v3.1", has: "fixes" },
  { tag: "v6.1", has: "generations" },
];

/** As gitignore writes them. */
export const kernelFolders = [
  "/Makefile",
  "/kernel/",
  "/mm/",
  "/arch/x86/",
  "/arch/Kconfig",
  "/init/Kconfig",
  "/security/Kconfig",
  "/include/linux/",
  "/fs/exec.c",
];

/**
 * Megabytes, measured on 2.6.32, 2.6.37 and 3.0: 2,500 to 2,800 files and all of the tag's folder lists are 7 to 8 MB
 * compressed, and 30 MB on disk with git's own copy. A whole clone is more than a hundred times that.
 */
export const size = { network: 8, disk: 30 };

export const treeName = (tag: string): string => `linux-${tag.replace(/^v/, "")}`;

/** A tag as git allows it; everything else could be taken for an option. */
export const isTag = (text: string): boolean => /^[A-Za-z0-9][\w.-]*$/.test(text) && !text.includes("..");

/** An address that git can clone from; everything else could be taken for an option, or for a command to run. */
export const isRepository = (text: string): boolean => /^(https?|ssh|git|file):\/\/[^\s]+$/.test(text);

/**
 * git's arguments, one call after the other; between them `sparseFile` is written. The clone takes only the commit and
 * its folder lists (a partial clone: git 2.19 and newer); the checkout then asks for the files of the chosen folders,
 * all at once.
 */
export function cloneArguments(url: string, tag: string, folder: string): [string[], string[]] {
  return [
    [
      "clone",
      "--no-checkout",
      "--depth",
      "1",
      "--filter=blob:none",
      "--branch",
      tag,
      "--config",
      "core.sparseCheckout=true",
      "--config",
      "advice.detachedHead=false",
      "--",
      url,
      folder,
    ],
    ["-C", folder, "checkout", tag],
  ];
}

/** Where git looks for the folders to check out, in the clone, and what stands there. */
export const sparseFile = { path: [".git", "info", "sparse-checkout"], text: `${kernelFolders.join("\n")}\n` };

/**
 * What git has written in the clone when each call is done: VS Code gives the exit code 0 also after Ctrl+C.
 */
export const writtenBy = [
  [".git", "HEAD"],
  [".git", "index"],
];

/** Exit codes of a program that was told to stop: its terminal was closed, or a shell says that a signal ended it. */
export const wasStopped = (code: number | undefined): boolean =>
  code === undefined || code === 129 || code === 130 || code === 143;
