/** The headers that a file includes, and where a kernel tree of x86 keeps them. */

/** As written between the brackets or quotes, in their order. */
export const includesOf = (text: string): string[] =>
  [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]/gm)].map((m) => m[1]);

/**
 * Paths at which a header may stand that the file at `from` includes by this name, all of them within the tree. Source:
 * LINUXINCLUDE in the kernel's Makefile and arch/x86/Makefile.
 */
export function headerPaths(name: string, from: string): string[] {
  // What a name of the kernel's never has could mean something else to a file system.
  if (!/^[\w.+-][\w./+-]*$/.test(name)) return [];
  const beside = from.includes("/") ? `${from.slice(0, from.lastIndexOf("/"))}/` : "";
  const asm = /^asm\/(.*)$/.exec(name)?.[1];
  return [
    beside + name,
    `include/${name}`,
    `include/uapi/${name}`,
    ...(asm === undefined
      ? []
      : [`arch/x86/include/${name}`, `arch/x86/include/uapi/${name}`, `include/asm-generic/${asm}`]),
  ].flatMap((path) => within(path) ?? []);
}

/** The path without `.` and `..`; undefined where it leads out of the tree. */
function within(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Does this text define the name: a macro, a function, a structure, a value of an enum? */
export function defines(text: string, name: string): boolean {
  if (name.startsWith("struct ")) return new RegExp(`\\b${name.replace(" ", "\\s+")}\\s*\\{`).test(text);
  return new RegExp(
    `^[ \\t]*#[ \\t]*define[ ` +
      `\\t]+${name}\\b|^(?:[\\w \\t*]*[ \\t*])?${name}\\s*\\([^;{}]*\\)\\s*\\{|^[ \\t]*${name}\\s*(?:=[^,;]*)?,?\\s*$`,
    "m",
  ).test(text);
}
