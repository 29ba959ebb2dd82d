/**
 * From what an execution broke back to why: for a translation that outlived its page, how it came into the TLB, and why
 * no flush took it out; for everything else, the races and interrupts among what it depends on.
 */
import { FrameState, frameOf, W } from "../machine/layout";
import type { Violation } from "../machine/effects";
import { moveKind, MoveKind, type Machine } from "../machine/machine";
import { stepAt, type Execution, type Step } from "./execution";
import { isSet, type Flow, type Read } from "./flow";
import { askedBy, Flushes } from "./flushes";
import { Points, WEIGHT, type Decision } from "./points";
import { flowOf } from "./record";
import { isConcurrent, raceOf, sliceOf, type Race } from "./races";

/** An entry of a CPU's TLB (or paging-structure cache) that should have gone. */
interface Translation {
  cell: number;
  cpu: number;
  mm: number;
  page: number;
}

/** The points of the story of `violation`, which the execution's last step brought about. */
export function causesOf(execution: Execution, violation: Violation): Points {
  return new Causes(execution, violation).find();
}

class Causes {
  private readonly points = new Points();
  private readonly flow: Flow;
  private readonly flushes: Flushes;
  private readonly machine: Machine;
  private readonly last: Step;

  constructor(
    private readonly execution: Execution,
    private readonly violation: Violation,
  ) {
    this.machine = execution.machine;
    this.flow = flowOf(execution);
    this.flushes = new Flushes(execution.machine);
    this.last = execution.steps.at(-1)!;
  }

  find(): Points {
    const { last, violation } = this;
    this.points.add(at(last), { k: "broken", violation }, WEIGHT.broken);
    const translation = violation.cell === undefined ? undefined : translationAt(this.machine, violation.cell);
    if (translation) this.translation(translation);
    else this.slice(last.index);
    return this.points;
  }

  private translation(entry: Translation): void {
    const { last, flow } = this;
    const filled = lastOf(this.execution.steps, (s) => fills(s, entry.cell))?.index ?? 0;
    const freed = this.freeing(entry) ?? last;
    const pte = this.machine.layout.pgds[entry.mm] + entry.page;
    const cleared = flow.storesTo
      .get(pte)
      ?.filter((s) => s.step < freed.index && s.value === 0)
      .at(-1);
    if (freed !== last) this.points.add(at(freed), { k: "freed" }, WEIGHT.broken - 1, last.index);
    if (filled > 0) this.filling(entry, filled, last.index);
    if (cleared) {
      this.points.add(
        { step: cleared.step, cpu: cleared.by.cpu },
        { k: "cleared", store: cleared },
        WEIGHT.race,
        freed.index,
      );
      this.passedBy(entry, cleared.step, freed);
    }
    this.kept(entry, filled, freed);
  }

  /** The step that gave back what the entry leads to. */
  private freeing({ cell }: Translation): Step | undefined {
    const frame = this.machine.layout.frames[frameOf(this.last.before[cell] || this.last.after[cell]) - 1];
    if (frame === undefined) return undefined;
    return lastOf(
      this.execution.steps,
      (s) => s.before[frame] !== s.after[frame] && s.after[frame] === FrameState.freed,
    );
  }

  private filling(entry: Translation, step: number, leadsTo: number): void {
    const { flow, execution } = this;
    const pte = this.machine.layout.pgds[entry.mm] + entry.page;
    const read = flow.reads.get(step)?.find((r) => r.cell === pte);
    const race = read && raceOf(flow, read);
    this.points.add({ step, cpu: entry.cpu }, { k: "filled", race }, WEIGHT.race + 1, leadsTo);
    if (race) this.racing(race, step);
    const cr3 = this.machine.layout.cpu[entry.cpu] + W.cr3;
    const loaded = lastOf(execution.steps.slice(0, step - 1), (s) => s.before[cr3] !== s.after[cr3]);
    if (loaded) this.points.add(at(loaded), { k: "loaded" }, WEIGHT.context, step);
  }

  /** Why no flush reached the entry's CPU between the clearing of the page-table entry and the freeing. */
  private passedBy(entry: Translation, from: number, freed: Step): void {
    const steps = this.between(from, freed.index, freed.cpu);
    for (const step of steps) this.broadcast(entry, step, freed);
    if (freed.cpu === entry.cpu) return;
    const asking = steps.filter((s) => ((askedBy(s) ?? 0) >> entry.cpu) & 1).at(-1);
    if (asking) this.interrupted(entry, asking);
    // What was read before it can't be why no other came.
    const since = asking?.index ?? 0;
    const deciding = steps.filter(
      (s) => s.index > since && (askedBy(s) !== undefined || this.flushes.decidesAgainst(s, "others")),
    );
    const decides: Decision = { k: "passed by", cpu: entry.cpu };
    const isLeftOut = ({ cell, value }: Read) => isSet(this.machine.layout, cell) && !((value >> entry.cpu) & 1);
    const raced = deciding.filter((s) =>
      this.decision(
        s.index,
        decides,
        ({ read, store }) =>
          read.step > since &&
          store.by.cpu === entry.cpu &&
          (isLeftOut(read) || !isSet(this.machine.layout, read.cell)),
        freed.index,
      ),
    );
    if (raced.length > 0) return;
    for (const s of deciding)
      for (const read of this.readsBehind(s.index))
        if (read.step > since && (isLeftOut(read) || this.machine.layout.cells[read.cell]?.cpu === entry.cpu))
          this.points.add(of(read), { k: "unchanged", read, decides }, WEIGHT.race, freed.index);
  }

  /** A flush that was broadcast, and hasn't been carried out by the time of the freeing. */
  private broadcast(entry: Translation, step: Step, freed: Step): void {
    for (const e of step.effects)
      if (e.k === "broadcast" && this.machine.broadcasts.isPending(freed.before, entry.cpu, step.cpu, e.slot))
        this.points.add(at(step), { k: "sent", late: entry.cpu }, WEIGHT.race, freed.index);
  }

  /** An interrupt that asked the entry's CPU to flush, and what became of it. */
  private interrupted(entry: Translation, sent: Step): void {
    const { execution, flow, last } = this;
    const taken = execution.steps.slice(sent.index).find((s) => s.cpu === entry.cpu && isTaking(s));
    const part = taken ? ({ k: "sent" } as const) : ({ k: "sent", late: entry.cpu } as const);
    this.points.add(at(sent), part, WEIGHT.race, taken?.index ?? last.index);
    if (!taken) return;
    this.points.add(at(taken), { k: "taken" }, WEIGHT.race, last.index);
    const end = flow.ends.get(taken.index);
    if (end === undefined) return;
    const kept = stepAt(execution, end).after[entry.cell] !== 0;
    this.points.add({ step: end, cpu: entry.cpu }, { k: "returned", kept }, WEIGHT.context, last.index);
  }

  /** Why the entry's CPU didn't drop it, though it went on after it was filled. */
  private kept(entry: Translation, filled: number, freed: Step): void {
    const { last } = this,
      decides: Decision = { k: "kept" };
    const deciding = this.between(filled, last.index, entry.cpu).filter((s) => this.flushes.decidesAgainst(s, "own"));
    const raced = [...deciding, ...(last.cpu === entry.cpu ? [last] : [])].filter((s) =>
      this.decision(s.index, decides, ({ store }) => store.step > filled || store.visible > filled, last.index),
    );
    if (raced.length > 0 || freed.cpu !== entry.cpu) return;
    // It is this CPU's own flush that didn't come: the last decision tells why.
    const own = deciding.filter((s) => s.index < freed.index).at(-1);
    for (const step of own ? [own.index, ...(this.flow.dependsOn.get(own.index) ?? [])] : [])
      for (const read of this.flow.reads.get(step) ?? [])
        this.points.add(of(read), { k: "unchanged", read, decides }, WEIGHT.context, freed.index);
  }

  private between(from: number, to: number, cpu: number): Step[] {
    return this.execution.steps.slice(from, to - 1).filter((s) => s.cpu === cpu && s.ran.length > 0);
  }

  /** The races that a decision hangs on, those that count; false where there is none. */
  private decision(step: number, decides: Decision, counts: (race: Race) => boolean, leadsTo: number): boolean {
    let any = false;
    for (const read of this.readsBehind(step)) {
      const race = raceOf(this.flow, read);
      if (!race || !counts(race)) continue;
      any = true;
      this.points.add(of(read), { k: "read", race, decides }, this.weight(race), leadsTo);
      this.racing(race, read.step);
    }
    return any;
  }

  /** What was read for a decision, in the same action or handler. */
  private readsBehind(step: number): Read[] {
    const { flow } = this;
    const root = flow.roots.get(step);
    return sliceOf(flow, step, (s) => flow.roots.get(s) !== root).flatMap((on) => flow.reads.get(on) ?? []);
  }

  private weight(race: Race): number {
    return isConcurrent(this.flow, race) ? WEIGHT.race : WEIGHT.past;
  }

  private racing(race: Race, leadsTo: number): void {
    const { store } = race;
    this.points.add({ step: store.step, cpu: store.by.cpu }, { k: "stored", race }, this.weight(race), leadsTo);
    if (race.waited && store.visible < Infinity)
      this.points.add({ step: store.visible, cpu: store.by.cpu }, { k: "drained", store }, WEIGHT.context, leadsTo);
  }

  /** Everything that a step depends on, the nearest first: races, interrupts, and what is read of others. */
  private slice(from: number): void {
    const { flow } = this;
    for (const on of sliceOf(flow, from)) {
      const step = stepAt(this.execution, on);
      for (const read of flow.reads.get(on) ?? []) this.told(read, from);
      if (isTaking(step)) this.points.add(at(step), { k: "taken" }, WEIGHT.interrupt, from);
      const asked = askedBy(step);
      if (asked) this.points.add(at(step), { k: "sent" }, WEIGHT.interrupt, from);
    }
  }

  private told(read: Read, from: number): void {
    const { layout: l } = this.machine;
    const race = raceOf(this.flow, read);
    if (race) {
      this.points.add(of(read), { k: "read", race, decides: { k: "way" } }, this.weight(race), from);
      this.racing(race, read.step);
    }
    const owner = l.cells[read.cell]?.cpu;
    if (!race && owner !== undefined && (owner !== read.by.cpu || (read.by.interrupt && !read.from)))
      this.points.add(of(read), { k: "unchanged", read, decides: { k: "way" } }, WEIGHT.context, from);
  }
}

const lastOf = (steps: readonly Step[], is: (s: Step) => boolean): Step | undefined => steps.filter(is).at(-1);

const fills = (s: Step, cell: number): boolean => s.effects.some((e) => e.k === "fill" && e.cell === cell);

const of = ({ step, by }: Read) => ({ step, cpu: by.cpu });

const at = (s: Step) => ({ step: s.index, cpu: s.cpu });

const isTaking = (s: Step): boolean => moveKind(s.move) === MoveKind.vector || moveKind(s.move) === MoveKind.call;

function translationAt({ layout: l }: Machine, cell: number): Translation | undefined {
  for (let cpu = 0; cpu < l.cpuCount; cpu++)
    for (const pcid of l.pcids)
      for (let mm = 0; mm < l.mms.length; mm++) {
        const first = l.tlbCell(cpu, pcid, mm, 0);
        if (cell >= first && cell < first + l.slots) return { cell, cpu, mm, page: cell - first };
      }
  return undefined;
}
