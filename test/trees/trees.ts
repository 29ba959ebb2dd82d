/**
 * The kernel trees that the tests here run on. They come from outside, by TLBSCOPE_TREES (folders, separated as in
 * PATH) or `npm test -- --tree PATH`; nothing of their text is printed or kept.
 */
import path from "node:path";

/** Top folders of kernel trees; empty if none was named. */
export const trees: readonly string[] = (process.env.TLBSCOPE_TREES ?? "").split(path.delimiter).filter(Boolean);
