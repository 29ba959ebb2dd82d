/** Reads a value that the reader typed for a cell. */
import type { CType } from "../../kernel/ctype";
import { formatMask, frameStates } from "../../machine/cells";
import type { Layout } from "../../machine/layout";
import { didYouMean } from "../../scenario/suggest";

/** The number that a text means for a cell of this type, or what could have been written instead. */
export function parseValue(l: Layout, type: CType, key: string | undefined, text: string): number | { error: string } {
  const t = text.trim();
  const number = parseNumber(t);
  const names = namesFor(l, type, key);
  const named = names.get(t);
  if (named !== undefined) return named;
  if (type.k === "int" && type.role === "mask") return parseMask(l, t);
  if (number !== undefined) return number;
  return {
    error: (
      `"${t}" is no value for this: write a number${names.size ? " or a name" : ""}. ` +
      `${names.size ? didYouMean(t, [...names.keys()], "") : ""}`
    ).trim(),
  };
}

function parseNumber(t: string): number | undefined {
  if (/^[-+]?0x[0-9a-f]+[ul]*$/i.test(t))
    return ((t.startsWith("-") ? -1 : 1) * parseInt(t.replace(/^[-+]/, ""), 16)) | 0;
  return /^[-+]?\d+[ul]*$/i.test(t) ? parseInt(t, 10) | 0 : undefined;
}

/** `CPU0, CPU2`, `0 2`, `all`, `none`, or the bits as a hexadecimal number. */
function parseMask(l: Layout, t: string): number | { error: string } {
  const all = 2 ** l.cpuCount - 1;
  if (/^(none|empty|∅|\{\s*\})$/i.test(t)) return 0;
  if (/^all$/i.test(t)) return all;
  if (/^0x[0-9a-f]+$/i.test(t)) return parseInt(t, 16) & all;
  let mask = 0;
  for (const word of t
    .replace(/[{}]/g, " ")
    .split(/[\s,]+/)
    .filter((w) => w !== "")) {
    const m = /^(?:cpu)?(\d+)$/i.exec(word);
    if (!m || Number(m[1]) >= l.cpuCount)
      return {
        error:
          `"${word}" is no CPU of this scenario. Write a set of CPUs like "${formatMask(all, l.cpuCount)}", or ` +
          "none.",
      };
    mask |= 1 << Number(m[1]);
  }
  return mask;
}

/** Every name that means a value for such a cell. */
function namesFor(l: Layout, type: CType, key: string | undefined): Map<string, number> {
  const names = new Map<string, number>();
  for (const [value, name] of (key && l.program.enumerators.get(key)) || []) names.set(name, value);
  if (key === "frame") frameStates().forEach((name, value) => names.set(name, value));
  if (type.k === "ptr") {
    names.set("NULL", 0);
    const kind = type.to.k === "struct" ? type.to.name : "";
    if (kind === "pgd") {
      l.mmNames.forEach((m, i) => names.set(m, l.pgds[i]).set(l.objectAt(l.pgds[i]), l.pgds[i]));
      names.set("swapper_pg_dir", l.swapper);
    }
    if (kind === "mm_struct") {
      l.mmNames.forEach((m, i) => names.set(m, l.mms[i]));
      names.set("init_mm", l.globals.get("init_mm")!);
    }
    if (kind === "task_struct") for (const [name, at] of l.tasks) names.set(name, at);
    if (kind === "vm_area_struct") l.mmNames.forEach((m, i) => names.set(`${m}'s vma`, l.vmas[i]));
  }
  if (type.k === "int") {
    if (type.role === "bool") names.set("true", 1).set("false", 0);
    if (type.role === "lock") names.set("free", 0).set("held", 1);
    if (type.role === "flags") names.set("interrupts on", 1).set("on", 1).set("interrupts off", 0).set("off", 0);
    if (type.role === "pte") {
      names.set("none", 0);
      l.frames.forEach((_, i) => names.set(`frame${i + 1}`, i + 1));
    }
  }
  return names;
}
