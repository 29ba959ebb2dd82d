/** What a search has discovered: for each property a few distinct violations, the shortest first. */
import { W } from "../../machine/layout";
import type { Machine, Move, State } from "../../machine/machine";
import { placeOf } from "../../machine/view/narrate";

/** A violation as the search found it. The path to it is reconstructed when somebody asks for it (`paths.ts`). */
export interface Discovery {
  property: string;
  why: string;
  /** Number of the state in which the move was made; the start is 0. */
  from: number;
  /** The move that violates the property; none where the state itself does. */
  move: Move | undefined;
}

/** How many distinct violations of one property are kept. */
const KEPT = 4;

export class Discoveries {
  private readonly byProperty = new Map<string, Discovery[]>();
  private readonly signatures = new Set<string>();

  constructor(private readonly machine: Machine) {}

  has(property: string): boolean {
    return this.byProperty.has(property);
  }

  properties(): string[] {
    return [...this.byProperty.keys()];
  }

  of(property: string): readonly Discovery[] {
    return this.byProperty.get(property) ?? [];
  }

  /** Would another violation of this property be kept? */
  wants(property: string): boolean {
    return this.of(property).length < KEPT;
  }

  /**
   * Keeps a violation, unless one like it is known: with the same reason, and the CPUs at the same statements. `s` is
   * the state before the move.
   */
  add(m: Discovery, s: State): void {
    if (!this.wants(m.property)) return;
    const places = this.machine.scenario.cpus.map((_, c) => this.placeName(s, c));
    const signature = [m.property, m.why, ...places].join(" ");
    if (this.signatures.has(signature)) return;
    this.signatures.add(signature);
    const list = this.byProperty.get(m.property);
    if (list) list.push(m);
    else this.byProperty.set(m.property, [m]);
  }

  private placeName(s: State, c: number): string {
    const place = placeOf(this.machine, s[this.machine.layout.cpu[c] + W.pc]);
    return place ? `${place.fn}:${place.line}` : "-";
  }
}
