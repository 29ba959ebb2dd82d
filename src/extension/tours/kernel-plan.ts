/** What *Get a kernel tree* fetches: a sparse clone of one tag, with the folders that TLBscope reads and a reader wants beside them. */

export const kernelUrl = "https://github.com/torvalds/linux.git";

/** Tags whose protocol is told apart in the tours; the first one is the mail's. */
export const kernelTags = ["v2.6.37", "v2.6.32", "v3.0", "v3.1"];

/** As gitignore writes them. */
export const kernelFolders = ["/Makefile", "/kernel/", "/mm/", "/arch/x86/", "/include/linux/", "/fs/exec.c"];

/** Compressed, over the network; a whole clone is more than a hundred times that. */
export const aboutMegabytes = 10;

export const treeName = (tag: string): string => `linux-${tag.replace(/^v/, "")}`;

/** A tag as git allows it; everything else could be taken for an option. */
export const isTag = (text: string): boolean => /^[A-Za-z0-9][\w.-]*$/.test(text) && !text.includes("..");

/** git's arguments, one call after the other; between them `sparseFile` is written. */
export function cloneArguments(url: string, tag: string, folder: string): [string[], string[]] {
  return [
    ["clone", "--no-checkout", "--depth", "1", "--filter=blob:none", "--branch", tag, "--config", "core.sparseCheckout=true", url, folder],
    ["-C", folder, "checkout", tag],
  ];
}

/** Where git looks for the folders to check out, in the clone, and what stands there. */
export const sparseFile = { path: [".git", "info", "sparse-checkout"], text: `${kernelFolders.join("\n")}\n` };
