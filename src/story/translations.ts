/**
 * Why a translation outlived its page: how it came into the TLB, and why no flush took it out between the clearing of
 * its page-table entry and the freeing.
 */
import type { Violation } from "../machine/effects";
import { FrameState, frameOf, W } from "../machine/layout";
import type { Machine } from "../machine/machine";
import { stepAt, type Execution, type Step } from "./execution";
import { at, Findings, isTaking, lastOf, of } from "./findings";
import { isSet, type Flow, type Read } from "./flow";
import { askedBy, Flushes } from "./flushes";
import { coursesOf, type Course } from "./otherwise";
import { WEIGHT, type Decision, type Points } from "./points";
import { racesOf, sliceOf, type Race } from "./races";

/** An entry of a CPU's TLB (or paging-structure cache) that should have gone. */
export interface Translation {
  cell: number;
  cpu: number;
  mm: number;
  page: number;
}

/** The entry of a TLB that a word of the state is, if it is one. */
export function translationAt({ layout: l }: Machine, cell: number): Translation | undefined {
  for (let cpu = 0; cpu < l.cpuCount; cpu++)
    for (const pcid of l.pcids)
      for (let mm = 0; mm < l.mms.length; mm++) {
        const first = l.tlbCell(cpu, pcid, mm, 0);
        if (cell >= first && cell < first + l.slots) return { cell, cpu, mm, page: cell - first };
      }
  return undefined;
}

export class OutlivedTranslation extends Findings {
  private readonly flushes: Flushes;

  constructor(execution: Execution, flow: Flow, violation: Violation) {
    super(execution, flow, violation);
    this.flushes = new Flushes(execution.machine);
  }

  find(entry: Translation): Points {
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
    return this.points;
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
    const [race] = read ? racesOf(flow, read) : [];
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
        entry,
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
    const { last, flow } = this,
      decides: Decision = { k: "kept" };
    const deciding = this.between(filled, last.index, entry.cpu).filter((s) => this.flushes.decidesAgainst(s, "own"));
    const raced = [...deciding, ...(last.cpu === entry.cpu ? [last] : [])].filter((s) =>
      this.decision(s.index, entry, decides, ({ store }) => store.step > filled || store.visible > filled, last.index),
    );
    if (raced.length > 0) return;
    // Where it was to flush by itself, or was asked to, the last decision tells why it didn't.
    const own = deciding.filter(
      (s) => s.index < freed.index && (freed.cpu === entry.cpu || flow.agents.get(s.index)!.interrupt > 0),
    );
    for (const step of own.slice(-1).flatMap((s) => [s.index, ...(flow.dependsOn.get(s.index) ?? [])]))
      for (const read of flow.reads.get(step) ?? [])
        this.points.add(of(read), { k: "unchanged", read, decides }, WEIGHT.context, freed.index);
  }

  private between(from: number, to: number, cpu: number): Step[] {
    return this.execution.steps.slice(from, to - 1).filter((s) => s.cpu === cpu && s.ran.length > 0);
  }

  /** The races that a decision hangs on, those that count: with the other value it would flush. False if none does. */
  private decision(
    step: number,
    entry: Translation,
    decides: Decision,
    counts: (race: Race) => boolean,
    leadsTo: number,
  ): boolean {
    let any = false;
    for (const read of this.readsBehind(step)) {
      const race = racesOf(this.flow, read).find((r) => counts(r) && this.flushesOtherwise(r, entry, decides));
      if (!race) continue;
      any = true;
      this.points.add(of(read), { k: "read", race, decides }, this.weight(race), leadsTo);
      this.racing(race, read.step);
    }
    return any;
  }

  private flushesOtherwise(race: Race, { cell, cpu }: Translation, decides: Decision): boolean {
    const { real, otherwise } = coursesOf(this.execution, race);
    const asks = ({ asked }: Course) => ((asked >> cpu) & 1) === 1;
    return decides.k === "passed by"
      ? !asks(real) && asks(otherwise)
      : !real.dropped.has(cell) && otherwise.dropped.has(cell);
  }

  /** What was read for a decision, in the same action or handler. */
  private readsBehind(step: number): Read[] {
    const { flow } = this;
    const root = flow.roots.get(step);
    return sliceOf(flow, step, (s) => flow.roots.get(s) !== root).flatMap((on) => flow.reads.get(on) ?? []);
  }
}

const fills = (s: Step, cell: number): boolean => s.effects.some((e) => e.k === "fill" && e.cell === cell);
