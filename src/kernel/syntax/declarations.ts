/** Variables as a file declares them at its top level: plain ones, per-CPU ones, and locks made by macros. */
import { readDeclarators, readTypeName, splitTop, type TypeRef } from "./declarators";
import { blank, type Macro } from "./conditionals";
import type { DeclItem } from "./items";

export interface Declaration {
  item: DeclItem;
  type: TypeRef;
  percpu: boolean;
  lock?: boolean;
  /** Not just `extern` or DECLARE_…. */
  defines: boolean;
}

/** What a declaration says of a name; undefined when it declares something else. */
export function readDeclaration(item: DeclItem, name: string): Declaration | undefined {
  const { text } = item;
  const perCpu = /\b(DEFINE|DECLARE)_PER_CPU\w*\s*\(\s*(.+?)\s*,\s*(\w+)\s*\)/s.exec(text);
  if (perCpu) {
    const [, how, type, declared] = perCpu;
    return declared === name
      ? {
          item,
          type: readDeclarators(`${type} ${name}`)[0]?.type ?? readTypeName(type),
          percpu: true,
          defines: how === "DEFINE",
        }
      : undefined;
  }
  const lock = /\bDEFINE_(?:RAW_)?(?:SPINLOCK|RWLOCK)\s*\(\s*(\w+)\s*\)/.exec(text);
  if (lock)
    return lock[1] === name
      ? { item, type: readTypeName("spinlock_t"), percpu: false, lock: true, defines: true }
      : undefined;
  const bitmap = /\bDECLARE_BITMAP\s*\(\s*(\w+)\s*,/.exec(text);
  if (bitmap)
    return bitmap[1] === name
      ? { item, type: readTypeName("cpumask_var_t"), percpu: false, defines: !/^\s*extern\b/.test(text) }
      : undefined;
  const head = splitTop(text, ",")
    .map((part) => part.split("=")[0])
    .join(",");
  // A prototype, or something built by a macro, unless it is a pointer to a function.
  if (
    /[({]/.test(head.replace(/__attribute__.*$/s, "")) &&
    !new RegExp(`\\(\\s*\\*+\\s*${name}\\s*(?:\\[[^\\]]*\\]\\s*)*\\)\\s*\\(`).test(head)
  )
    return undefined;
  const d = readDeclarators(head).find((x) => x.name === name);
  return d && { item, type: d.type, percpu: false, defines: !/^\s*extern\b/.test(text) };
}

/**
 * An initializer's text with the macros that stand for whole members (INIT_MM_CONTEXT) expanded; those that no open
 * file defines go, and `lost` is told of them.
 */
export function withMembers(
  text: string,
  macros: ReadonlyMap<string, Macro>,
  lost: (name: string, offset: number) => void,
): string {
  return text.replace(
    /([,{]\s*)([A-Z]\w*)\s*\(([^()]*)\)(\s*,)?/g,
    (all, before: string, name: string, args: string, comma: string | undefined, at: number) => {
      const macro = macros.get(name);
      if (!macro?.params) {
        lost(name, at + before.length);
        return before + blank(all.slice(before.length));
      }
      if (!macro.body.trim()) return before + blank(all.slice(before.length));
      if (!/^\s*\./.test(macro.body)) return all;
      const given = splitTop(args, ",").map((a) => a.trim());
      const body = macro.params.reduce(
        (t, p, i) => t.replace(new RegExp(`\\b${p}\\b`, "g"), () => given[i] ?? ""),
        macro.body.replace(/\\\s*\n/g, " "),
      );
      return `${before}${body.trim()}${comma ?? ""}`;
    },
  );
}
