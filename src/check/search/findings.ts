/** What a search has found broken: for each property a few distinct failures, the shortest first. */
import { W } from "../../machine/layout";
import type { Machine, Move, State } from "../../machine/machine";
import { placeOf } from "../../machine/view/narrate";

/** A violation as it was met: the way to it is worked out when somebody asks. */
export interface Met {
  property: string;
  why: string;
  /** Number of the state in which the move was made; the start is 0. */
  from: number;
  /** The move that broke the promise; none where the state itself does. */
  move: Move | undefined;
}

/** Distinct failures that are kept for one property. */
const KEPT = 4;

export class Findings {
  private readonly met = new Map<string, Met[]>();
  private readonly signatures = new Set<string>();

  constructor(private readonly machine: Machine) {}

  has(property: string): boolean {
    return this.met.has(property);
  }

  properties(): string[] {
    return [...this.met.keys()];
  }

  of(property: string): readonly Met[] {
    return this.met.get(property) ?? [];
  }

  /** Can another failure of this property be of interest? */
  wants(property: string): boolean {
    return this.of(property).length < KEPT;
  }

  /**
   * Keeps a failure, unless one like it is known: with the same reason, and the CPUs at the same statements. `s` is
   * the state before the move.
   */
  add(m: Met, s: State): void {
    if (!this.wants(m.property)) return;
    const signature = `${m.property} ${m.why} ${this.machine.scenario.cpus.map((_, c) => this.placeName(s, c)).join(" ")}`;
    if (this.signatures.has(signature)) return;
    this.signatures.add(signature);
    const list = this.met.get(m.property);
    if (list) list.push(m);
    else this.met.set(m.property, [m]);
  }

  private placeName(s: State, c: number): string {
    const place = placeOf(this.machine, s[this.machine.layout.cpu[c] + W.pc]);
    return place ? `${place.fn}:${place.line}` : "-";
  }
}
