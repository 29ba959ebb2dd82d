/**
 * Which release a kernel tree is of: by its Makefile, else by what its code has, as each name came or went with a
 * release.
 */
import type { SourceFile } from "../syntax/source";

/** The tree's own Makefile, from its root: it tells the release. */
export const MAKEFILE = "Makefile";

/** Releases in their order; a number stands for 2.6.x as 2.x. */
interface Marker {
  /** Paths that the name is looked for in; all of the protocol's files where none is given. */
  path?: string;
  name: RegExp;
  /** The release that brought it, or the last one that had it. */
  since?: Release;
  until?: Release;
}

type Release = [number, number, number?];

/** Sources: the trees themselves, and the releases that their commits went into. */
const markers: Marker[] = [
  { name: /\bsmp_invalidate_interrupt\b/, until: [3, 5] },
  { name: /\b(?:x86_read_percpu|read_pda)\b/, until: [2, 6, 29] },
  { name: /\bpercpu_read\s*\(/, since: [2, 6, 30], until: [3, 4] },
  { path: "kernel/sched.c", name: /\bcontext_switch\b/, until: [3, 2] },
  { path: "kernel/sched/core.c", name: /\bcontext_switch\b/, since: [3, 3] },
  { name: /\bflush_tlb_mm_range\b/, since: [3, 6] },
  { name: /\bTLBSTATE_LAZY\b/, until: [4, 12] },
  { name: /\bswitch_mm_irqs_off\b/, since: [4, 7] },
  { name: /\bloaded_mm\b/, since: [4, 13] },
  { name: /\binc_mm_tlb_gen\b/, since: [4, 14] },
  { name: /\btlb_is_not_lazy\b/, since: [4, 20] },
  { name: /\bmmap_lock\b/, since: [5, 8] },
  { name: /\bcpu_tlbstate_shared\b/, since: [5, 13] },
  { name: /\braw_spin_rq_lock\b/, since: [5, 14] },
  { name: /\bswitch_mm_cid\b/, since: [6, 3] },
  { name: /\bmmgrab_lazy_tlb\b/, since: [6, 4] },
  { name: /\bis_global_asid\b/, since: [6, 15] },
  { name: /\brseq_sched_switch_event\b/, since: [6, 19] },
];

const order = (a: Release, b: Release): number => a[0] - b[0] || (a[1] || 0) - (b[1] || 0) || (a[2] ?? 0) - (b[2] ?? 0);
const named = (r: Release): string => r.filter((n) => n !== undefined).join(".");

/** The first release whose protocol is modelled; the last that was looked at is 7.1. */
const FIRST: Release = [2, 6, 30];

/** `2.6.37`, with what the distributor put behind it; undefined where no file is the Makefile, or it doesn't say. */
export function releaseOf(files: readonly SourceFile[]): string | undefined {
  const fields = fieldsOf(files);
  if (!fields || fields[0] === "") return undefined;
  return fields.slice(0, 3).filter(Boolean).join(".") + fields[3];
}

function fieldsOf(files: readonly SourceFile[]): string[] | undefined {
  const text = files.find((f) => f.path === MAKEFILE)?.text;
  return text === undefined
    ? undefined
    : ["VERSION", "PATCHLEVEL", "SUBLEVEL", "EXTRAVERSION"].map(
        (name) => new RegExp(`^${name}[ \\t]*:?=[ \\t]*(\\S*)`, "m").exec(text)?.[1] ?? "",
      );
}

/** What a tree calls itself where it is older than what is modelled; undefined where it isn't, or nobody knows. */
export function tooOld(files: readonly SourceFile[]): string | undefined {
  const numbers = fieldsOf(files)?.slice(0, 3).map(Number);
  if (numbers && numbers[0] > 0) return order(numbers as Release, FIRST) < 0 ? `Linux ${releaseOf(files)}` : undefined;
  const { since, until } = bounds(files.filter((f) => f.origin === "open" || f.origin === "tree"));
  return until && !since && order(until, FIRST) < 0 ? `Linux ${named(until)} or earlier, by its code` : undefined;
}

/**
 * `Linux 5.14 or later, by its code`, `Linux 2.6.30 to 3.2, by its code`; undefined when no marker is there. A
 * backport makes a kernel look younger.
 */
export function eraOf(files: readonly SourceFile[]): string | undefined {
  const { since, until } = bounds(files);
  if (since && until) return `Linux ${named(since)} to ${named(until)}, by its code`;
  if (since) return `Linux ${named(since)} or later, by its code`;
  return until && `Linux ${named(until)} or earlier, by its code`;
}

function bounds(files: readonly SourceFile[]): { since?: Release; until?: Release } {
  let since: Release | undefined, until: Release | undefined;
  for (const m of markers) {
    if (!files.some((f) => (m.path === undefined || f.path === m.path) && m.name.test(f.text))) continue;
    if (m.since && (!since || order(m.since, since) > 0)) since = m.since;
    if (m.until && (!until || order(m.until, until) < 0)) until = m.until;
  }
  if (since && until && order(since, until) > 0) until = undefined;
  return { since, until };
}
