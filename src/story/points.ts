/** The points of a story: steps of an execution, each with why it is told and what it leads to. */
import type { Violation } from "../machine/effects";
import type { Read, Store } from "./flow";
import type { Race } from "./races";

/** Why a step is told. */
export type Part =
  /** What broke, by this step. */
  | { k: "broken"; violation: Violation }
  /** The TLB entry that it is about came into its TLB; from a page-table entry that `race` changes too late. */
  | { k: "filled"; race?: Race }
  /** The page-table entry that it came through was cleared. */
  | { k: "cleared"; store: Store }
  /** What it leads to was given back. */
  | { k: "freed" }
  /** The CR3 through which it was filled was loaded. */
  | { k: "loaded" }
  /** A read that a decision hangs on, and a store of another CPU's that it saw or missed. */
  | { k: "read"; race: Race; decides: Decision }
  /** A read that decides, of a word that nobody else wrote to meanwhile. */
  | { k: "unchanged"; read: Read; decides: Decision }
  /** The store of such a race. */
  | { k: "stored"; race: Race }
  /** The store of what a CPU reads itself. */
  | { k: "wrote"; store: Store }
  /** A store that waited reaches memory. */
  | { k: "drained"; store: Store }
  /** A flush or a call was asked for: `late` is a CPU that didn't come to it in time. */
  | { k: "sent"; late?: number }
  /** An interrupt was taken, and its handler was over; `kept` where it left the entry that it is about. */
  | { k: "taken" }
  | { k: "returned"; kept: boolean };

/** What hangs on a read: whether a flush reaches a CPU, whether it flushes itself, or just where the program goes. */
export type Decision = { k: "passed by"; cpu: number } | { k: "kept" } | { k: "way" };

export interface Point {
  /** Counted from 1, as the entries of a trace. */
  step: number;
  cpu: number;
  parts: Part[];
  /** The steps of the points that hang on this one; none for what broke. */
  leadsTo: Set<number>;
  /** What is told first where there is no room for all. */
  weight: number;
}

/**
 * Weights: what a story needs most is told where there is no room for all. What is `past` was over when the other side
 * began: it is told only where nothing came at the same time.
 */
export const WEIGHT = { broken: 100, race: 60, interrupt: 50, context: 20, past: 10 } as const;

/** Points by their steps. */
export class Points {
  private readonly points = new Map<number, Point>();

  /** Adds a reason to tell of a step; `leadsTo` is the step that depends on it. */
  add(at: { step: number; cpu: number }, part: Part, weight: number, leadsTo?: number): void {
    let point = this.points.get(at.step);
    if (!point) {
      point = { step: at.step, cpu: at.cpu, parts: [], leadsTo: new Set(), weight };
      this.points.set(at.step, point);
    }
    point.weight = Math.max(point.weight, weight);
    if (leadsTo !== undefined && leadsTo !== at.step) point.leadsTo.add(leadsTo);
    if (!point.parts.some((p) => isSame(p, part))) point.parts.push(part);
  }

  /** The `most` weightiest, in the order of their steps. */
  heaviest(most: number): Point[] {
    const all = [...this.points.values()];
    const raced = all.some((p) => p.weight >= WEIGHT.race && !p.parts.some((part) => part.k === "broken"));
    const kept = all
      .filter((p) => !raced || p.weight > WEIGHT.past)
      .sort((a, b) => b.weight - a.weight || b.step - a.step)
      .slice(0, most);
    // Those that hang on it may be left out: then what broke does.
    const steps = new Set(kept.map((p) => p.step)),
      broken = Math.max(...steps);
    for (const p of kept) {
      for (const to of p.leadsTo) if (!steps.has(to)) p.leadsTo.delete(to);
      if (p.leadsTo.size === 0 && p.step !== broken) p.leadsTo.add(broken);
    }
    return kept.sort((a, b) => a.step - b.step);
  }
}

function isSame(a: Part, b: Part): boolean {
  if (a.k === "read" && b.k === "read") return a.race.read.cell === b.race.read.cell;
  if (a.k === "stored" && b.k === "stored") return a.race.store === b.race.store;
  if (a.k === "wrote" && b.k === "wrote") return a.store === b.store;
  if (a.k === "unchanged" && b.k === "unchanged") return a.read.cell === b.read.cell;
  return a.k === b.k;
}
