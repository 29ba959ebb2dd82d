/**
 * How names and values are shortened so that a card stays readable at 300 px. The whole name is always in the tooltip
 * and the label.
 */
import type { SourcePlace, ValueView } from "../../../machine/view/view";

/**
 * `cpu_tlbstate.active_mm` → `active_mm`, `cpu_tlbstate.ctxs[0].tlb_gen` → `ctxs[0].tlb_gen`, `current->mm` → `task
 * mm`, as long as no other value of the card would then have the same name.
 */
export function shortName(name: string, among: readonly Pick<ValueView, "name">[]): string {
  const last = (n: string) =>
    /\w+\[\d+\](?:\.\w+)*$/.exec(n)?.[0] ??
    (n.startsWith("current->")
      ? `task ${n.slice("current->".length)}`
      : n.slice(Math.max(n.lastIndexOf("."), n.lastIndexOf(">")) + 1));
  const short = last(name);
  return among.filter((v) => last(v.name) === short).length > 1 ? name : short;
}

/** `before` without the enumerator prefix that it shares with `value`: TLBSTATE_LAZY before TLBSTATE_OK → `LAZY`. */
export function withoutSharedPrefix(before: string, value: string): string {
  const end = before.lastIndexOf("_") + 1;
  return end > 0 && end < before.length && /^[A-Z0-9_]+$/.test(before) && value.startsWith(before.slice(0, end))
    ? before.slice(end)
    : before;
}

/** The file's name alone: `mmu_context.h`. */
export function fileName(place: Pick<SourcePlace, "file">): string {
  const last = place.file.split("/").pop() ?? place.file;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** Class names in one string, without the ones that don't hold. */
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
