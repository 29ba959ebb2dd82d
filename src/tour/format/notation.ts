/** The short ways of writing places and expressions in a tour's text. */
import type { Anchor } from "./tour";

/**
 * Reads `switch_mm`, `switch_mm: load_cr3(next->pgd)` or `switch_mm: load_cr3(next->pgd) #2`; undefined when it is
 * none of them.
 */
export function readAnchor(text: string): Anchor | undefined {
  const m = /^\s*([A-Za-z_]\w*)\s*(?::([\s\S]*))?$/.exec(text);
  if (!m) return undefined;
  const [, fn, rest = ""] = m;
  const numbered = /^([\s\S]*?)#\s*([1-9]\d{0,4})\s*$/.exec(rest);
  const stmt = (numbered ? numbered[1] : rest).trim();
  return { fn: [fn], stmt: stmt === "" ? [] : [stmt], nth: numbered ? Number(numbered[2]) : 1 };
}

/** The short form of a place: the first of its names. */
export function anchorText(a: Anchor): string {
  return `${a.fn[0]}${a.stmt.length ? `: ${a.stmt[0].replace(/\s+/g, " ")}` : ""}${a.nth > 1 ? ` #${a.nth}` : ""}`;
}

/** Splits `cpu1: next->mm` into the CPU and the expression. */
export function readExpression(text: string): { cpu?: number; expr: string } {
  const m = /^\s*cpu\s*(\d{1,2})\s*:([\s\S]*)$/i.exec(text);
  return m ? { cpu: Number(m[1]), expr: m[2].trim() } : { expr: text.trim() };
}

/** Splits `A:page0`. */
export function readPage(text: string): { mm: string; page: string } {
  const at = text.indexOf(":");
  return { mm: text.slice(0, at), page: text.slice(at + 1) };
}
