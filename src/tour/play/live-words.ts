/**
 * A step's words with their live values. `${…}` holds one of:
 * - `line`, the line that the words stand at; `line: ANCHOR`, `file: ANCHOR`, of another place;
 * - `cpu1: VALUE`, as CPU1 sees it, or `VALUE`, as the step's CPU does: a C expression with the scenario's names in it
 * (`mm_cpumask(A)`, `next->mm`), or one of tlb, CR3, task, mode, waits, interrupts, action, line, function, statement;
 * - `did`, the sentence of the last move.
 * A backslash before the dollar sign makes it plain text.
 */
import { isThere, placeOfFound, type Found } from "../anchor/anchor";
import type { StateContext } from "./state-context";
import { readAnchor, readExpression } from "../format/notation";
import { say } from "../say";
import { shownOf } from "./state-values";

export interface Rendered {
  /** Markdown. A value that there isn't is shown as a question mark. */
  markdown: string;
  /** What has no value, and why. */
  problems: string[];
}

/** Puts the values of the state into the text. */
export function render(text: string, x: StateContext): Rendered {
  const problems: string[] = [];
  let markdown = "",
    last = 0;
  for (const m of text.matchAll(/(?<!\\)\$\{([^{}]*)\}/g)) {
    markdown += text.slice(last, m.index);
    last = m.index + m[0].length;
    const value = liveValue(m[1], x);
    if ("error" in value) problems.push(value.error);
    const shown = "error" in value ? "?" : value.shown;
    markdown += "error" in value || value.plain || insideCode(markdown) ? shown : `\`${shown.replace(/`/g, "'")}\``;
  }
  return { markdown: (markdown + text.slice(last)).replaceAll("\\${", "${"), problems };
}

type Live = { shown: string; plain?: boolean } | { error: string };

function liveValue(inner: string, x: StateContext): Live {
  const text = inner.trim();
  if (text === "did") return { shown: x.trace.sentence(x.trace.cursor), plain: true };
  if (text === "line" && x.own) return lineOf(x.own);
  const place = /^(line|file)\s*:([\s\S]*)$/.exec(text);
  if (place) {
    const anchor = readAnchor(place[2]);
    if (!anchor) return { error: say.badAnchor(place[2].trim()) };
    const found = x.find(anchor);
    if ("lost" in found) return { error: found.lost };
    if (!isThere(found)) return { error: found.drift!.message };
    return place[1] === "line" ? lineOf(found) : { shown: (found.statement?.file ?? found.fn.item.file).path };
  }
  const { cpu = x.cpu, expr } = readExpression(text);
  const value = shownOf(x.machine, x.trace.state, cpu, expr);
  if ("error" in value) return { error: say.noValue(text, value.error) };
  return { shown: value.shown, plain: expr.toLowerCase() === "line" };
}

const lineOf = (found: Found): Live => ({ shown: String(placeOfFound(found).line), plain: true });

/** Does Markdown that ends here end inside a code span or block? */
function insideCode(before: string): boolean {
  const fences = before.match(/^\s*```/gm)?.length ?? 0;
  if (fences % 2 === 1) return true;
  const paragraph = before.slice(before.lastIndexOf("\n\n") + 1);
  return (paragraph.match(/`/g)?.length ?? 0) % 2 === 1;
}
