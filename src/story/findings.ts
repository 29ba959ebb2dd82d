/** What the searches for causes share: an execution, the points that were found, and how races are added to them. */
import type { Violation } from "../machine/effects";
import { moveKind, MoveKind, type Machine } from "../machine/machine";
import type { Execution, Step } from "./execution";
import type { Flow, Read } from "./flow";
import { Points, WEIGHT } from "./points";
import { isConcurrent, type Race } from "./races";

export class Findings {
  readonly points = new Points();
  protected readonly machine: Machine;
  protected readonly last: Step;

  constructor(
    protected readonly execution: Execution,
    protected readonly flow: Flow,
    protected readonly violation: Violation,
  ) {
    this.machine = execution.machine;
    this.last = execution.steps.at(-1)!;
    this.points.add(at(this.last), { k: "broken", violation }, WEIGHT.broken);
  }

  protected weight(race: Race): number {
    return isConcurrent(this.flow, race) ? WEIGHT.race : WEIGHT.past;
  }

  /** The store of a race, which a point at the step `leadsTo` hangs on. */
  protected racing(race: Race, leadsTo: number, weight = this.weight(race)): void {
    const { store } = race;
    this.points.add({ step: store.step, cpu: store.by.cpu }, { k: "stored", race }, weight, leadsTo);
    if (race.waited && store.visible < Infinity)
      this.points.add({ step: store.visible, cpu: store.by.cpu }, { k: "drained", store }, WEIGHT.context, leadsTo);
  }
}

/** The last of these steps of which it is so. */
export const lastOf = (steps: readonly Step[], is: (s: Step) => boolean): Step | undefined => steps.filter(is).at(-1);

/** The step of a read, for a point. */
export const of = ({ step, by }: Read) => ({ step, cpu: by.cpu });

/** A step, for a point. */
export const at = (s: Step) => ({ step: s.index, cpu: s.cpu });

/** Does a CPU take an interrupt by this step? */
export const isTaking = (s: Step): boolean =>
  moveKind(s.move) === MoveKind.vector || moveKind(s.move) === MoveKind.call;
