/**
 * Which headers of a kernel tree define what its files use and no file that was read defines: the includes of the files
 * that use the names are followed, one step, and never out of the tree.
 */
import type { Missing } from "./program-problems";
import { defines, headerPaths, includesOf } from "./syntax/includes";

/** Headers that are looked at for one question; a file of the kernel includes fewer than a hundred. */
const MOST_HEADERS = 400;
/** Characters of a header that is looked at: the kernel's largest that matter have a tenth of that. */
const MOST_CHARACTERS = 2 ** 20;

interface Header {
  /** From the tree's root. */
  path: string;
  text: string;
}

interface Found {
  /** Headers of the tree that define some of the names, by their paths. */
  headers: Header[];
  /** Headers that the source includes and the tree doesn't have, as it names them, in its order. */
  absent: string[];
}

/**
 * `taken`: paths of the files that were read. `read` gives the text of the tree's file at a path, undefined where there
 * is none, or none that may be read.
 */
export async function headersOf(
  { names, users }: Missing,
  taken: ReadonlySet<string>,
  read: (path: string) => Promise<string | undefined>,
): Promise<Found> {
  const included = new Map<string, string[]>();
  for (const file of users)
    for (const name of includesOf(file.text))
      if (!included.has(name) && included.size < MOST_HEADERS) included.set(name, headerPaths(name, file.path));
  // What asm/x.h leaves to all architectures stands in linux/x.h, which whoever includes the one has from somewhere.
  const generic = [...included.keys()].flatMap((name): [string, string[]][] => {
    const of = name.replace(/^asm\//, "linux/");
    return included.has(of) ? [] : [[of, headerPaths(of, "")]];
  });
  const headers = new Map<string, string>(),
    absent = new Set<string>();
  await Promise.all(
    [...included, ...generic].map(async ([name, paths]) => {
      if (paths.some((p) => taken.has(p))) return;
      for (const path of paths) {
        const text = await read(path);
        if (text === undefined) continue;
        if (text.length <= MOST_CHARACTERS && names.some((n) => defines(text, n))) headers.set(path, text);
        return;
      }
      absent.add(name);
    }),
  );
  return {
    headers: [...headers].map(([path, text]) => ({ path, text })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    absent: [...included.keys()].filter((name) => absent.has(name)),
  };
}
