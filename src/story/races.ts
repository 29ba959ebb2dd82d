/** Races: a word that one CPU reads and another stores into, where the failure hangs on which comes first. */
import { same, type Flow, type Read, type Store } from "./flow";

/**
 * A read, and a store of another CPU's (or of what an interrupt came between) to the same word. It `saw` that store; or
 * it `missed` it, because the store came later or `waited` in its store buffer.
 */
export interface Race {
  k: "saw" | "missed";
  read: Read;
  store: Store;
  waited: boolean;
}

/**
 * The races that a read is part of: with a store that waited, the store that it saw, one that came later; what was over
 * long before comes last.
 */
export function racesOf(flow: Flow, read: Read): Race[] {
  const { from } = read;
  const races: Race[] = [];
  const missed = flow.storesTo
    .get(read.cell)
    ?.find((s) => !same(s.by, read.by) && s.visible > read.step && s.value !== read.value);
  const waited = missed !== undefined && missed.step < read.step;
  if (missed && waited) races.push({ k: "missed", read, store: missed, waited });
  if (from && !same(from.by, read.by) && !cameWithInterrupt(flow, read, from))
    races.push({ k: "saw", read, store: from, waited: false });
  if (missed && !waited && !isAnswer(flow, read, missed)) races.push({ k: "missed", read, store: missed, waited });
  return races.sort((a, b) => +isConcurrent(flow, b) - +isConcurrent(flow, a));
}

/** Was this stored before the interrupt was asked for whose handler reads it, by who asked for it? */
function cameWithInterrupt({ dependsOn, agents }: Flow, { by }: Read, store: Store): boolean {
  const asked = [...(dependsOn.get(by.interrupt) ?? [])].filter((s) => agents.get(s)?.cpu === store.by.cpu);
  return asked.some((s) => store.visible <= s);
}

/** Was this stored by the handler of an interrupt that was asked for after the read? Then it could come no sooner. */
function isAnswer({ dependsOn, agents }: Flow, read: Read, { by }: Store): boolean {
  return [...(dependsOn.get(by.interrupt) ?? [])].some((s) => s >= read.step && agents.get(s)?.cpu === read.by.cpu);
}

/** Did the two sides run at the same time: had neither's action (or handler) ended when the other's began? */
export function isConcurrent({ roots, ends }: Flow, { read, store, waited }: Race): boolean {
  const a = roots.get(read.step)!,
    b = roots.get(store.step)!;
  return waited || ((ends.get(a) ?? Infinity) > b && (ends.get(b) ?? Infinity) > a);
}

/**
 * The steps that a step depends on, itself first, nearest first. A step that `ends` says so of is among them; what it
 * depends on isn't.
 */
export function sliceOf(flow: Flow, step: number, ends: (step: number) => boolean = () => false): number[] {
  const seen = new Set([step]);
  for (const at of seen) if (!ends(at)) for (const on of flow.dependsOn.get(at) ?? []) seen.add(on);
  return [...seen];
}
