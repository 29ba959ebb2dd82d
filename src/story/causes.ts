/**
 * From what an execution broke back to why: all that it depends on, and of that the races and interrupts; where there
 * are none, the nearest reads.
 */
import type { Violation } from "../machine/effects";
import type { Layout } from "../machine/layout";
import { stepAt, type Execution } from "./execution";
import { at, Findings, isTaking, lastOf, of } from "./findings";
import type { Read } from "./flow";
import { askedBy } from "./flushes";
import { coursesOf, differ } from "./otherwise";
import { WEIGHT, type Points } from "./points";
import { racesOf, sliceOf, type Race } from "./races";
import { flowOf } from "./record";
import { OutlivedTranslation, translationAt } from "./translations";

/** The points of the story of `violation`, which the execution's last step brought about. */
export function causesOf(execution: Execution, violation: Violation): Points {
  const flow = flowOf(execution);
  const entry = violation.cell === undefined ? undefined : translationAt(execution.machine, violation.cell);
  return entry
    ? new OutlivedTranslation(execution, flow, violation).find(entry)
    : new Dependences(execution, flow, violation).find();
}

/** Reads that are told where a failure came about without a race. */
const MOST_HISTORY = 3;

class Dependences extends Findings {
  /** Everything that the last step depends on, the nearest first. */
  find(): Points {
    const { flow, execution, last, violation } = this;
    const { index } = last;
    const slice = sliceOf(flow, index);
    const loaded = lastOf(execution.steps, (s) => s !== last && s.before[violation.cell!] !== s.after[violation.cell!]);
    if (loaded?.effects.some((e) => e.k === "cr3"))
      this.points.add(at(loaded), { k: "loaded" }, WEIGHT.interrupt, index);
    let raced = false;
    for (const on of slice) {
      const step = stepAt(execution, on);
      for (const read of flow.reads.get(on) ?? []) raced = this.told(read, index) || raced;
      if (isTaking(step)) this.points.add(at(step), { k: "taken" }, WEIGHT.interrupt, index);
      if (askedBy(step)) this.points.add(at(step), { k: "sent" }, WEIGHT.interrupt, index);
    }
    if (!raced) this.history(slice);
    return this.points;
  }

  /** Tells of a read if it has to be; true if it is one side of a race. */
  private told(read: Read, from: number): boolean {
    const { layout: l } = this.machine;
    const race = racesOf(this.flow, read).find((r) => this.decides(r));
    if (race) {
      this.points.add(of(read), { k: "read", race, decides: { k: "way" } }, this.weight(race), from);
      this.racing(race, read.step);
      return true;
    }
    const owner = l.cells[read.cell]?.cpu;
    if (owner !== undefined && !isSaved(l, read) && (owner !== read.by.cpu || (read.by.interrupt && !read.from)))
      this.points.add(of(read), { k: "unchanged", read, decides: { k: "way" } }, WEIGHT.context, from);
    return false;
  }

  /** Would the reading CPU have done anything else, or not have broken this, with the other value? */
  private decides(race: Race): boolean {
    const { real, otherwise } = coursesOf(this.execution, race);
    const breaks = this.violation.property;
    return differ(real, otherwise) || (real.broken.has(breaks) && !otherwise.broken.has(breaks));
  }

  /** Where nothing raced: the nearest reads behind it, and the stores that they found. */
  private history(slice: readonly number[]): void {
    const { layout: l } = this.machine;
    let told = 0;
    for (const on of slice)
      for (const read of this.flow.reads.get(on) ?? []) {
        if (!l.cells[read.cell] || isSaved(l, read) || ++told > MOST_HISTORY) continue;
        this.points.add(of(read), { k: "unchanged", read, decides: { k: "way" } }, WEIGHT.past, slice[0]);
        const { from } = read;
        if (from)
          this.points.add({ step: from.step, cpu: from.by.cpu }, { k: "wrote", store: from }, WEIGHT.past, read.step);
      }
  }
}

/** Is this a register that the interrupt itself has saved? */
const isSaved = (l: Layout, { cell }: Read): boolean => l.cells[cell]?.key?.startsWith("pt_regs.") ?? false;
