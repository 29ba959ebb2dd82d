/**
 * Members of structures within the macros by which distributions keep their kernels' binary interface: RHEL's
 * include/linux/rh_kabi.h, openEuler's include/linux/kabi.h, Android's include/linux/android_kabi.h.
 */
import { closingParen } from "../syntax/brackets";
import { blank } from "../syntax/conditionals";

/** What of a macro's arguments takes part, by the macro's name behind `KABI_`: a declaration, or a name. */
const kept: Record<string, "all" | "last" | "none"> = {
  FILL_HOLE: "all",
  EXTEND: "all",
  EXCLUDE: "all",
  BROKEN_INSERT: "all",
  BROKEN_INSERT_BLOCK: "all",
  USE: "last",
  REPLACE: "last",
  REPLACE_UNSAFE: "last",
  BROKEN_REPLACE: "last",
  FORCE_CHANGE: "none",
  RENAME: "last",
  RESERVE: "none",
  DEPRECATE: "none",
  DEPRECATE_FN: "none",
  BROKEN_REMOVE: "none",
};
const macro = new RegExp(String.raw`\b(?:[A-Z]+_)?KABI_(${Object.keys(kept).join("|")})\s*\(`, "g");

/** The text between a structure's braces, as long as before, with what these macros leave of their arguments. */
export function withKabiMembers(text: string): string {
  if (!text.includes("KABI_")) return text;
  let plain = "",
    from = 0;
  for (let m = macro.exec(text); m; m = macro.exec(text)) {
    const open = m.index + m[0].length;
    const close = closingParen(text, open - 1);
    if (close >= text.length) break;
    const list = text.slice(open, close);
    const what = kept[m[1]];
    const lastFrom = what === "all" ? 0 : what === "none" ? list.length : lastComma(list) + 1;
    // A name has its semicolon behind it; a declaration may have none.
    const end = m[1] === "RENAME" ? " " : ";";
    plain += text.slice(from, m.index) + blank(m[0]) + blank(list.slice(0, lastFrom)) + list.slice(lastFrom) + end;
    from = close + 1;
    macro.lastIndex = from;
  }
  macro.lastIndex = 0;
  return plain + text.slice(from);
}

/** The last comma outside all brackets; -1 where there is none. */
function lastComma(list: string): number {
  let depth = 0,
    last = -1;
  for (let i = 0; i < list.length; i++) {
    if ("([{".includes(list[i])) depth++;
    else if (")]}".includes(list[i])) depth--;
    else if (list[i] === "," && depth === 0) last = i;
  }
  return last;
}
