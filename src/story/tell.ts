/**
 * Points in words: what each step did, and why it matters. Phrases without their subject, which is the step's CPU. They
 * speak as a trace does (machine/view/narrate.ts).
 */
import { t } from "@vscode/l10n";
import type { Effect } from "../machine/effects";
import { W } from "../machine/layout";
import { MoveKind, moveKind, type Machine } from "../machine/machine";
import { cellName, showIn } from "../machine/view/locals";
import { effectPhrase, placeOf, textOf } from "../machine/view/narrate";
import type { SourcePlace } from "../machine/view/view";
import { stepAt, type Execution, type Step } from "./execution";
import { changesOwnBit, type Store } from "./flow";
import type { Decision, Part, Point } from "./points";
import type { Race } from "./races";

/** What a point says, in a phrase. */
export function tell(execution: Execution, point: Point): string {
  const teller = new Teller(execution.machine, stepAt(execution, point.step));
  const phrases = inOrder(point.parts).map((p) => teller.phrase(p));
  return [...new Set(phrases)].filter((p) => p !== "").join("; ");
}

/** Where the point's CPU is in its program; undefined between two actions. */
export function placeAt({ machine, steps }: Execution, point: Point): SourcePlace | undefined {
  return placeOf(machine, steps[point.step - 1].before[machine.layout.cpu[point.cpu] + W.pc]);
}

/**
 * Is the point's CPU in the kernel's code, not in the callers that stand for the rest of it
 * (walkthroughs/environment.c)?
 */
export function isInKernel({ machine, steps }: Execution, { step, cpu }: Point): boolean {
  const pc = steps[step - 1].before[machine.layout.cpu[cpu] + W.pc];
  return pc !== 0 && machine.program.places[machine.code.instrs[pc].src].file.origin !== "environment";
}

/** The text of the kernel's statement that the point is a step of; undefined for what isn't a step of the kernel's. */
export function statementOf(execution: Execution, point: Point): string | undefined {
  const { machine, steps } = execution;
  const [first] = steps[point.step - 1].ran;
  if (!first) return undefined;
  const { file, start, end } = machine.program.places[machine.code.instrs[first.pc].src];
  return !isInKernel(execution, point) ? undefined : file.text.slice(start, end).replace(/\s+/g, " ");
}

/** What gives something back comes last; the store that clears a page-table entry isn't told twice. */
function inOrder(parts: readonly Part[]): Part[] {
  const cleared = parts.flatMap((p) => (p.k === "cleared" ? [p.store] : []));
  const last = (p: Part) => +(p.k === "broken" || p.k === "freed");
  return parts.filter((p) => !(p.k === "stored" && cleared.includes(p.race.store))).sort((a, b) => last(a) - last(b));
}

const asking: ReadonlySet<Effect["k"]> = new Set(["sendCall", "sendVector", "hypervisorFlush", "broadcast"]);

class Teller {
  constructor(
    private readonly machine: Machine,
    private readonly step: Step,
  ) {}

  phrase(p: Part): string {
    switch (p.k) {
      case "broken": {
        const who = `CPU${this.step.cpu} `,
          why = p.violation.why.replace(/\.$/, "");
        return why.startsWith(who) ? why.slice(who.length) : why;
      }
      case "filled":
        return this.filled(p.race);
      case "cleared":
        return this.cleared(p.store);
      case "stored":
        return this.stored(p.race.store);
      case "wrote":
        return this.stored(p.store);
      case "freed":
        return this.phrases((e) => e.k === "free");
      case "loaded":
        return this.phrases((e) => e.k === "cr3");
      case "read":
        return this.read(p.race, p.decides);
      case "unchanged": {
        const what = this.value(p.read.cell, p.read.value);
        const isOwn = this.machine.layout.cells[p.read.cell]?.cpu === p.read.by.cpu;
        return this.decided(
          p.read.by.interrupt && isOwn ? t("still reads {0}", what) : t("reads {0}", what),
          p.decides,
        );
      }
      case "drained":
        return t("its store of {0} reaches memory", this.value(p.store.cell, p.store.value));
      case "sent":
        return this.sent(p.late);
      case "taken":
        return this.taken();
      case "returned":
        return p.kept
          ? t("returns from the interrupt, and its TLB still holds the translation")
          : t("returns from the interrupt, without the translation");
    }
  }

  /** What the trace says of some of the step's effects. */
  private phrases(of: (e: Effect) => boolean): string {
    const { machine, step } = this;
    return step.effects
      .filter(of)
      .map((e) => effectPhrase(e, machine, step.before, step.cpu))
      .join(", ");
  }

  private filled(race: Race | undefined): string {
    const fill = this.phrases((e) => e.k === "fill");
    const what = moveKind(this.step.move) === MoveKind.fill ? t("{0} speculatively", fill) : fill;
    if (!race) return what;
    const other = race.store.by.cpu;
    return race.waited
      ? t("{0}, as CPU{1}'s store that clears the entry still waits in its store buffer", what, other)
      : t("{0}, before CPU{1} clears the entry", what, other);
  }

  private read(race: Race, decides: Decision): string {
    const { read, store } = race;
    const what = t("reads {0}", this.value(read.cell, read.value));
    if (store.by.cpu === read.by.cpu) return what;
    return this.decided(this.because(what, race), decides);
  }

  private decided(what: string, decides: Decision): string {
    switch (decides.k) {
      case "passed by":
        return t("{0}: CPU{1} gets no flush", what, decides.cpu);
      case "kept":
        return t("{0}: it keeps the translation", what);
      case "way":
        return what;
    }
  }

  private sent(late: number | undefined): string {
    const what = this.phrases(({ k }) => asking.has(k));
    return late === undefined ? what : t("{0}; CPU{1} doesn't come to it in time", what, late);
  }

  /** `reads mm_cpumask(A) = CPU1`, and the store of the other CPU's that this hangs on. */
  private because(what: string, { k, waited, store }: Race): string {
    const other = store.by.cpu,
      value = this.show(store.cell, store.value),
      sets = (store.value & ~store.old) !== 0;
    if (waited) return t("{0}, as {1} still waits in CPU{2}'s store buffer", what, value, other);
    if (changesOwnBit(this.machine, store)) {
      if (k === "missed")
        return sets
          ? t("{0}, before CPU{1} sets its bit", what, other)
          : t("{0}, before CPU{1} clears its bit", what, other);
      return sets
        ? t("{0}, as CPU{1} has set its bit", what, other)
        : t("{0}, as CPU{1} has cleared its bit", what, other);
    }
    return k === "missed"
      ? t("{0}, before CPU{1} makes it {2}", what, other, value)
      : t("{0}, as CPU{1} has left it", what, other);
  }

  private cleared(store: Store): string {
    const entry = this.machine.layout.cellName(store.cell);
    if (store.visible > store.step) return this.stored(store);
    const locked = this.step.effects.some((e) => e.k === "write" && e.cell === store.cell && e.locked);
    return locked ? t("clears {0}, LOCKed", entry) : t("clears {0}", entry);
  }

  private stored(store: Store): string {
    const { layout: l } = this.machine;
    const what = this.phrases((e) => (e.k === "write" || e.k === "buffer") && e.cell === store.cell);
    if (store.visible > store.step) return t("{0}, where it waits", what);
    const m = l.mms.findIndex((at) => l.fieldAt(at, "mm_struct", "cpumask") === store.cell);
    const cr3 = this.step.after[l.cpu[store.by.cpu] + W.cr3];
    return m >= 0 && changesOwnBit(this.machine, store) && (store.value & ~store.old) === 0 && cr3 === l.pgds[m]
      ? t("{0}, while CR3 still points at {1}", what, l.objectAt(cr3))
      : what;
  }

  private taken(): string {
    const take = this.step.effects.find((e) => e.k === "take");
    if (take?.k !== "take") return "";
    const pc = this.step.before[this.machine.layout.cpu[this.step.cpu] + W.pc],
      handler = `${take.fn}()`;
    return pc === 0
      ? t("is interrupted: {0} runs", handler)
      : t("is interrupted before “{0}”: {1} runs", textOf(this.machine, pc), handler);
  }

  private value(cell: number, value: number): string {
    return `${cellName(this.machine, this.step.before, cell, this.step.cpu)} = ${this.show(cell, value)}`;
  }

  private show(cell: number, value: number): string {
    return showIn(this.machine, this.step.before, cell, value);
  }
}
